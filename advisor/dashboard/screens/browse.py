"""The first screen: runs, the curves of one of them, its findings and what they say."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import DescendantFocus
from textual.markup import escape
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from advisor.charts import Glyphs
from advisor.dashboard.figures import plot_of
from advisor.dashboard.poller import Broken, Polled, Poller
from advisor.dashboard.screens.help import Help
from advisor.dashboard.widgets.chart import Chart
from advisor.dashboard.widgets.finding_list import FindingList
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.widgets.story import Story
from advisor.dashboard.wording import progress, text_of
from advisor.following import Follower, State, Watched
from advisor.outcome import Report
from advisor.text import printable

WAITING = "waiting for the first values"
PANES = ("runs", "findings", "story")


class Browse(Screen[None]):
    """Owns which run and which finding are looked at; the panes show them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", "Quit"),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("tab", "pane(1)", "Pane", priority=True),
        Binding("shift+tab", "pane(-1)", "Pane back", show=False, priority=True),
        Binding("y", "log_axis", "Log"),
    ]
    AUTO_FOCUS = "#runs"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-medium"), (120, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-normal"), (36, "-tall")]  # noqa: RUF012

    runs: reactive[tuple[Watched, ...]] = reactive((), init=False)

    def __init__(self, follower: Follower, glyphs: Glyphs) -> None:
        super().__init__()
        self._follower, self._glyphs = follower, glyphs
        self._poller = Poller(follower, self.post_message)

    def compose(self) -> ComposeResult:
        """Runs, beside or above them the chart, below it the findings with their text."""
        with Container(id="body"):
            yield RunList(id="runs")
            with Container(id="run"):
                yield Chart(id="chart")
                with Container(id="said"):
                    yield FindingList(id="findings")
                    yield Story(id="story")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show what is known already, and keep looking."""
        self.add_class("-on-runs")
        for chart in self.query(Chart):
            chart.glyphs = self._glyphs
        self.query_one(RunList).glyphs = self._glyphs
        self.query_one(RunList).border_title = WAITING
        self.runs = self._follower.runs
        self._start_with_newest()
        self._poller.start()

    def _start_with_newest(self) -> None:
        """What is being recorded now, or was last."""
        newest = max(self.runs, key=lambda run: (run.state is State.RUNNING, run.written), default=None)
        if newest is not None:
            self.query_one(RunList).cursor = self.runs.index(newest)
            self.show_run()

    def on_unmount(self) -> None:
        """Look no more."""
        self._poller.end()

    def on_polled(self, news: Polled) -> None:
        """Take what the poller saw."""
        self.runs = news.runs

    def on_broken(self, news: Broken) -> None:
        """A mistake in the poller is one of the dashboard."""
        raise news.error

    def watch_runs(self, runs: tuple[Watched, ...]) -> None:
        """Give the list its runs; the other panes follow its cursor."""
        listing = self.query_one(RunList)
        listing.runs = runs
        listing.border_title = f"runs {len(runs)}" if runs else WAITING
        self.show_run()

    @property
    def chosen(self) -> Watched | None:
        """The run under the cursor."""
        return self.runs[self.query_one(RunList).cursor] if self.runs else None

    @on(Listing.Moved, "#runs")
    def look_at_another_run(self) -> None:
        """Another run is looked at from its first finding on."""
        self.query_one(FindingList).findings = ()
        self.look_at_another_finding()

    @on(Listing.Moved, "#findings")
    def look_at_another_finding(self) -> None:
        """Another finding is read from its first line on."""
        self.show_run()
        self.query_one(Story).scroll_to(y=0, animate=False)

    def show_run(self) -> None:
        """Show the chosen run and its chosen finding in all panes."""
        run = self.chosen
        if run is None:
            return
        findings = self.query_one(FindingList)
        findings.findings = run.outcome.findings if isinstance(run.outcome, Report) else ()
        findings.border_title = f"findings {findings.count}"
        self.query_one(Chart).plot = plot_of(run.outcome, findings.cursor)
        self.query_one(Chart).border_title = _title(run)
        self.query_one(Story).text = text_of(run.outcome, findings.cursor)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """On small screens, show the pane that has the focus."""
        if event.widget.id in PANES:
            self._show_pane(event.widget.id)

    def action_pane(self, by: int) -> None:
        """Move the focus to the next pane, which may have to appear first."""
        now = next((i for i, pane in enumerate(PANES) if self.has_class(f"-on-{pane}")), 0)
        pane = PANES[(now + by) % len(PANES)]
        self._show_pane(pane)
        self.call_after_refresh(self.query_one(f"#{pane}").focus)

    def _show_pane(self, pane: str) -> None:
        for other in PANES:
            self.set_class(other == pane, f"-on-{other}")

    def action_log_axis(self) -> None:
        """Change between a linear and a logarithmic axis."""
        self.query_one(Chart).toggle_log()

    def action_help(self) -> None:
        """Say what the keys do."""
        self.app.push_screen(Help())


def _title(run: Watched) -> str:
    """Its name and how far it is; harmless as markup, too."""
    return escape(printable(" ".join(filter(None, (run.label, run.state, progress(run.outcome))))))
