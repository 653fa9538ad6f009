"""The charts of the first screen: which curves, and how they are looked at."""

from dataclasses import replace

from textual.content import Content
from textual.reactive import reactive

from advisor.dashboard.screens._runs import Runs
from advisor.dashboard.view.keys import changed
from advisor.dashboard.view.look import Look, cursor_moved, zoomed
from advisor.dashboard.view.scene import Subject, scene
from advisor.dashboard.view.shelf import drawn
from advisor.dashboard.widgets.charts import TOO_FEW, Charts
from advisor.dashboard.widgets.finding_list import FindingList
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.wording import progress
from advisor.following import Watched
from advisor.outcome import Report
from advisor.text import printable

NO_MATCH = "no run is like the filter; esc shows all of them"
AWAITED = "curves appear here with the first values"


class Curves(Runs):
    """Owns the way in which all charts are looked at."""

    look: reactive[Look] = reactive(Look(), init=False)

    def watch_look(self) -> None:
        """Draw in another way."""
        self.show_charts()
        if not self.look.is_single and self.focused is None:
            self.query_one(RunList).focus()

    def show_charts(self) -> None:
        """Draw what is marked, pinned or under the cursor."""
        charts, run = self.query_one(Charts), self.chosen
        subjects = [self._subject(one) for one in drawn(self.runs, self.shelf, run)]
        charts.scene = scene(subjects, self.look)
        charts.empty = TOO_FEW if run else NO_MATCH if self.runs else AWAITED
        charts.chosen, charts.is_single = self.look.chosen, self.look.is_single
        charts.border_title = _title(run, len(subjects), self.look) if run else ""
        self.set_class(self.look.is_single, "-single")

    def _subject(self, run: Watched) -> Subject:
        assert isinstance(run.outcome, Report)  # noqa: S101 - others are not drawn
        entry = self.query_one(FindingList).chosen
        is_looked_at = self.chosen is not None and run.key == self.chosen.key
        nth = (entry.index if entry and entry.index is not None else -1) if is_looked_at else None
        return Subject(run.outcome, self.hues[run.key], run.label, nth)

    def action_look(self, name: str) -> None:
        """Look in another way, by the name of what is to be changed."""
        self.look = changed(name, self.look, self.query_one(Charts).scene)

    def on_charts_pointed(self, event: Charts.Pointed) -> None:
        """A click puts the cursor there; a double one shows the chart alone."""
        found = self.query_one(Charts).scene
        look = cursor_moved(replace(self.look, chosen=event.chart, cursor=event.place), found.whole, found.places, 0)
        self.look = replace(look, is_single=look.is_single ^ event.is_double)

    def on_charts_zoomed(self, event: Charts.Zoomed) -> None:
        """The wheel zooms about the mouse."""
        self.look = zoomed(self.look, self.query_one(Charts).scene.whole, event.factor, event.place)

    def on_charts_dragged(self, event: Charts.Dragged) -> None:
        """What was marked is what is shown."""
        if event.end > event.start:
            end = self.query_one(Charts).scene.whole[1]
            self.look = replace(self.look, window=(event.start, event.end), is_tail=event.end >= end)

    def action_back(self) -> None:
        """Out of the filter, of the single chart, of the marks: one at a time."""
        if self.has_class("-filtering") or self.shelf.filter:
            self.forget_filter()
        elif self.look.is_single:
            self.look = replace(self.look, is_single=False)
        else:
            self.shelf = replace(self.shelf, selected=frozenset(), pinned=None)


def _title(run: Watched, count: int, look: Look) -> Content:
    """Its name and how far it is, and the way back from what is no more than a part; taken as it is, not as markup."""
    others = f"and {count - 1} more" if count > 1 else ""
    back = (
        f"{key}: {whole}"
        for key, whole, is_part in (("0", "all of the axis", look.window), ("esc", "all charts", look.is_single))
        if is_part
    )
    return Content(printable(" · ".join(filter(None, (run.label, run.state, progress(run.outcome), others, *back)))))
