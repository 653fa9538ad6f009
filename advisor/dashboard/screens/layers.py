"""The layers of one run: a map of what was recorded of each in time, and the curves of one of them."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen

from advisor.charts import Glyphs, Row, Span
from advisor.charts.heat import Heat, heat_axis, heat_legend
from advisor.charts.rows import row_cells
from advisor.dashboard.screens import _keys
from advisor.dashboard.view import layers as view
from advisor.dashboard.view.keys import changed
from advisor.dashboard.view.look import Look, zoomed
from advisor.dashboard.widgets.charts import Charts
from advisor.dashboard.widgets.foot import Foot
from advisor.dashboard.widgets.heat_map import HeatMap
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.widgets.rows import Rows
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.findings import Finding
from advisor.run import Run
from advisor.text import number, printable

KEYS = [
    Binding("tab", "statistic(1)", "Statistic", priority=True),
    Binding("shift+tab", "statistic(-1)", "Statistic before", show=False, priority=True),
    Binding("left", "moment(-1)", "Recording before", show=False, key_display="←"),
    Binding("right", "moment(1)", "Next recording", show=False, key_display="→"),
    Binding("enter", "curve", "Its curve", key_display="enter"),
]


class LayersScreen(Screen[None]):
    """Owns which statistic, which layer and which moment are looked at."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        *KEYS,
        *(binding for binding in _keys.LOOKS if binding.key not in ("left", "right")),
        Binding("question_mark", "explain", "Help", key_display="?"),
        Binding("escape,l,backspace", "close", "Back", key_display="esc"),
        Binding("q", "app.quit", "Quit", show=False),
    ]
    AUTO_FOCUS = "#map"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-normal"), (36, "-tall")]  # noqa: RUF012

    statistic: reactive[str] = reactive("", init=False)
    moment: reactive[float | None] = reactive(None, init=False)
    look: reactive[Look] = reactive(Look(), init=False)

    def __init__(self, run: Run, finding: Finding | None, glyphs: Glyphs) -> None:
        super().__init__()
        self._run, self._finding, self._glyphs = run, finding, glyphs

    def compose(self) -> ComposeResult:
        """The legend, the map, its axis, and below it the curves of the layer under the cursor."""
        yield Rows(id="legend")
        yield HeatMap(id="map")
        yield Rows(id="axis")
        yield Charts(id="charts")
        yield Foot(("up", "tab", "enter", "question_mark", "escape"))

    def on_mount(self) -> None:
        """Start with what the finding speaks of."""
        self.query_one(HeatMap).glyphs = self.query_one(Charts).glyphs = self._glyphs
        self.statistic = view.spoken_of(self._finding, self._run)
        found = self.query_one(HeatMap).heat
        self.query_one(HeatMap).cursor = min(found.marked, default=0) if found else 0

    def take(self, run: Run) -> None:
        """The run has grown; another one, or one that was begun anew and tells nothing of its layers yet, is not shown."""
        known = view.statistics(run)
        if (run.path, run.name) != (self._run.path, self._run.name) or not known:
            return
        self._run = run
        if self.statistic in known:
            self.show()
        else:
            self.statistic = known[0]

    def watch_statistic(self) -> None:
        """Look at another number."""
        self.show()

    def watch_moment(self) -> None:
        """Look at another recording."""
        self.show()

    def watch_look(self) -> None:
        """Draw the curves in another way."""
        self.show()

    @on(Listing.Moved)
    def show(self) -> None:
        """Draw the map, and the curves of the layer under the cursor."""
        found = replace(view.heat(self._run, self.statistic, self._finding), cursor=self.moment)
        listed = self.query_one(HeatMap)
        listed.heat = found
        listed.border_title = self._title(found)
        self.query_one("#legend", Rows).text = partial(self._legend, found)
        mark = None if self.has_class("-short") else view.mark_of(found, self._run, self._finding)
        self.query_one("#axis", Rows).text = lambda width: heat_axis(found, width - 1, self._glyphs, mark)
        names = view.names(self._run, self.statistic)
        charts = self.query_one(Charts)
        charts.scene = view.layer_scene(self._run, names[min(listed.cursor, len(names) - 1)], replace(self.look, cursor=self.moment))
        charts.chosen, charts.is_single = self.look.chosen, self.look.is_single
        charts.border_title = Content(printable(names[min(listed.cursor, len(names) - 1)]))

    def _title(self, found: Heat) -> Content:
        words = f"{view.called(self.statistic)} of {len(found.names)} layers, {self._run.name}"
        at = self.query_one(HeatMap).cursor
        if self.moment is not None and at < len(found.names):
            value = view.value_at(found, at, self.moment)
            words = f"{found.names[at]} at {found.axis} {number(self.moment)}: {'not recorded' if value is None else number(value)}"
        return Content(printable(words))

    def _legend(self, found: Heat, width: int) -> list[Row]:
        """The statistics to choose from, and what the levels mean."""
        choice = view.choice(view.statistics(self._run), self.statistic, width)
        legend = heat_legend(found, width, self._glyphs)
        marked = f"   ! {self._finding.rule}" if self._finding and found.marked else ""
        said = (Span(f"{marked}   right: the last value", "faint"),)
        return [choice, (*legend, *said) if row_cells((*legend, *said)) <= width else legend]

    def action_statistic(self, by: int) -> None:
        """Another number."""
        known = view.statistics(self._run)
        self.statistic = known[(known.index(self.statistic) + by) % len(known)]

    def action_moment(self, by: int) -> None:
        """Another recording."""
        if found := self.query_one(HeatMap).heat:
            self.moment = view.recording_moved(found, self.moment, by)

    def action_curve(self) -> None:
        """Show the curves of the layer under the cursor alone, or the map again."""
        self.toggle_class("-curve")

    def action_look(self, name: str) -> None:
        """Look at the curves in another way."""
        self.look = changed(name, self.look, self.query_one(Charts).scene)

    def on_charts_zoomed(self, event: Charts.Zoomed) -> None:
        """The wheel zooms about the mouse."""
        self.look = zoomed(self.look, self.query_one(Charts).scene.whole, event.factor, event.place)

    def on_heat_map_pointed(self, event: HeatMap.Pointed) -> None:
        """A click on the map looks at the recording there."""
        if found := self.query_one(HeatMap).heat:
            self.moment = view.recording_moved(found, event.place, 0)

    def on_charts_pointed(self, event: Charts.Pointed) -> None:
        """A click looks at a moment."""
        self.moment = event.place

    def action_explain(self) -> None:
        """The page of the rule that judges by what is shown."""
        rule = self._finding.rule if self._finding else view.JUDGED_BY.get(self.statistic, "vanishing-gradient")
        self.app.call_later(self.app.run_action, f"page('{rule}')")

    def action_close(self) -> None:
        """Back to the curves, or to the map where only a curve was shown."""
        if self.has_class("-curve"):
            self.remove_class("-curve")
        else:
            self.dismiss()
