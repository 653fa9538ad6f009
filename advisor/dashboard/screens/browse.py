"""The first screen: runs, the curves of one or several of them, its findings and what they say."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import DescendantFocus

from advisor.dashboard.screens import _keys
from advisor.dashboard.screens._more import More
from advisor.dashboard.screens._runs import PANES
from advisor.dashboard.screens.layers import LayersScreen
from advisor.dashboard.view.entries import entries, first_skipped
from advisor.dashboard.view.look import reset, revealing
from advisor.dashboard.view.scene import panel_of, span_of
from advisor.dashboard.widgets.charts import Charts
from advisor.dashboard.widgets.filter_input import FilterInput
from advisor.dashboard.widgets.finding_list import FindingList
from advisor.dashboard.widgets.foot import Foot
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.widgets.rows import Rows
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.widgets.story import Story
from advisor.dashboard.wording import text_of, verdict
from advisor.outcome import Report


class Browse(More):
    """Owns which run and which finding are looked at; the panes show it."""

    BINDINGS: ClassVar[list[BindingType]] = [*_keys.EVERY]
    AUTO_FOCUS = "#runs"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-medium"), (140, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-normal"), (36, "-tall")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """Runs, beside or above them the charts, below them the findings with their text."""
        yield Rows(id="trial")
        with Container(id="body"):
            with Container(id="shelf"):
                yield FilterInput(id="filter", placeholder="deep*  !relu  lr<0.01  vanishing | dead", compact=True)
                yield RunList(id="runs")
            with Container(id="run"):
                yield Charts(id="charts")
                with Container(id="said"):
                    yield FindingList(id="findings")
                    yield Story(id="story")
        yield Foot(_keys.FOOT)

    def on_mount(self) -> None:
        """Show what is known already, and keep looking."""
        self.add_class("-on-runs")
        self.use_glyphs(self.glyphs)
        self.begin()

    def on_key(self) -> None:
        """Whoever presses a key has seen the run that is shown: no other one takes its place while the rest is read."""
        self._is_opening = False

    @on(Listing.Moved, "#runs")
    def choose_run(self) -> None:
        """Somebody has chosen a run: from now on it is theirs to say which is shown."""
        self._is_opening = False  # the mouse presses no key
        self.look_at_another_run()

    def look_at_another_run(self) -> None:
        """Another run is looked at from its first finding on, all of it where it stands alone."""
        self.query_one(FindingList).entries = ()
        if not self.shelf.selected and self.shelf.pinned is None:
            self.look = reset(self.look)
        self.look_at_another_finding()

    @on(Listing.Moved, "#findings")
    def look_at_another_finding(self) -> None:
        """The charts move to the place of a finding, which is read from its first line on."""
        self.show_run()
        entry, run = self.query_one(FindingList).chosen, self.chosen
        if run and entry and entry.finding and isinstance(run.outcome, Report):
            found = self.query_one(Charts).scene
            look = replace(self.look, chosen=panel_of(found, run.outcome.run, entry.finding))
            span = span_of(found, run.outcome.run, entry.finding)
            self.look = revealing(look, found.whole, span) if span else look
        self.query_one(Story).scroll_to(y=0, animate=False)

    def show_run(self) -> None:
        """Show the chosen run and its chosen finding in all panes."""
        run, listed = self.chosen, self.query_one(FindingList)
        if run is None:
            listed.entries, listed.border_title, self.query_one(Story).text = (), "findings", None
            self.show_charts()
            return
        listed.verdict = verdict(run.outcome)
        listed.entries = entries(run.outcome)
        found = len(run.outcome.findings) if isinstance(run.outcome, Report) else 0
        listed.border_title = f"findings {found}"
        self.query_one(Story).text = text_of(run.outcome, listed.chosen)
        self.show_charts()
        if isinstance(self.app.screen, LayersScreen) and isinstance(run.outcome, Report):
            self.app.screen.take(run.outcome.run)

    def action_finding(self, by: int) -> None:
        """The next finding, from wherever the focus is."""
        self.query_one(FindingList).action_move(by)

    def action_skipped(self) -> None:
        """Go to the rules that were skipped."""
        listed = self.query_one(FindingList)
        if (first := first_skipped(listed.entries)) is not None:
            self.action_pane_named("findings")
            listed.action_move(first - listed.cursor)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """On small screens, show the pane that has the focus."""
        if event.widget.id in PANES:
            self.show_pane(event.widget.id)

    def action_pane(self, by: int) -> None:
        """Move the focus to the next pane, which may have to appear first."""
        now = next((i for i, pane in enumerate(PANES) if self.has_class(f"-on-{pane}")), 0)
        self.action_pane_named(PANES[(now + by) % len(PANES)])

    def action_pane_named(self, pane: str) -> None:
        """Move the focus to a pane."""
        self.show_pane(pane)
        self.call_after_refresh(self.query_one(f"#{pane}").focus)
