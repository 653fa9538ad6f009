"""The runs of the first screen: found by a thread, filtered, sorted, marked."""

from dataclasses import replace
from itertools import count
from typing import ClassVar

from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input

from advisor.dashboard.poller import Broken, Polled, Poller
from advisor.dashboard.view.shelf import Shelf, family, mistake, next_sort, on_shelf, pin_toggled, toggled
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.following import Follower, Key, State, Watched
from advisor.text import printable

WAITING = "waiting for the first values"
PANES = ("runs", "findings", "story")


class Runs(Screen[None]):
    """Owns which runs there are, and which of them are shown and set apart."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES
    runs: reactive[tuple[Watched, ...]] = reactive((), init=False)
    shelf: reactive[Shelf] = reactive(Shelf(), init=False)

    def __init__(self, follower: Follower) -> None:
        super().__init__()
        self.follower = follower
        self.hues: dict[Key, int] = {}
        self._places: dict[str, int] = {}
        self._poller = Poller(follower, self.post_message)
        self._is_opening = True  # until all is read, or somebody has chosen a run

    def show_run(self) -> None:
        """Show the run under the cursor, as it is now."""
        raise NotImplementedError

    def look_at_another_run(self) -> None:
        """Show a run that was not under the cursor before."""
        raise NotImplementedError

    def begin(self) -> None:
        """Show what is known already, and keep looking."""
        self.query_one(RunList).heading = WAITING
        self.runs = self.follower.runs
        self._poller.start()

    def _go_to_first(self) -> None:
        """What is being recorded now, else the worst run."""
        listed = self.query_one(RunList)
        cursor = next((i for i, run in enumerate(listed.runs) if run.state in (State.RUNNING, State.GROWING)), 0)
        listed.cursor = cursor
        self.look_at_another_run()

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
        """Runs keep the colour that they were first seen with."""
        self._give_hues(runs)
        self.watch_shelf()
        if runs and self._is_opening:
            self._go_to_first()
            self._is_opening = self.follower.is_behind

    def _give_hues(self, runs: tuple[Watched, ...]) -> None:
        """By place, whichever is read first, so that a run looks alike whenever the same folder is opened."""
        for place in self.follower.places:
            self._places.setdefault(place, len(self._places))
        taken, kept = set(self.hues.values()), set(self._places.values())
        for run in (run for run in runs if run.key not in self.hues):
            own = self._places.get(run.key[0])
            hue = own if own is not None and own not in taken else next(i for i in count() if i not in taken | kept)
            self.hues[run.key] = hue
            taken.add(hue)

    def watch_shelf(self) -> None:
        """Give the list its runs; the other panes follow its cursor."""
        listed = self.query_one(RunList)
        listed.hues, listed.selected, listed.pinned = dict(self.hues), self.shelf.selected, self.shelf.pinned
        listed.runs = on_shelf(self.runs, self.shelf)
        listed.heading = self._heading(len(listed.runs))
        self.query_one("#filter").set_class(bool(mistake(self.shelf)) or not listed.runs, "-wrong")
        self.show_run()

    def _heading(self, count: int) -> str:
        if not self.runs:
            return WAITING
        some = f"{count} of {len(self.runs)}" if count < len(self.runs) else f"{count}"
        asked = f" · /{self.shelf.filter}" if self.shelf.filter else ""
        some += ", reading more" if self._is_opening and self.follower.is_behind else ""
        order = "by name" if self.shelf.sort == "name" else f"{self.shelf.sort} first"
        return printable(f"runs {some} · {order}{asked}")

    @property
    def chosen(self) -> Watched | None:
        """The run under the cursor."""
        listed = self.query_one(RunList)
        return listed.runs[listed.cursor] if listed.runs else None

    def action_select(self) -> None:
        """Mark the run under the cursor, or no longer, and go on to the next."""
        if run := self.chosen:
            self.shelf = toggled(self.shelf, run.key)
            self.query_one(RunList).action_move(1)

    def action_pin(self) -> None:
        """Keep the run under the cursor on top."""
        if run := self.chosen:
            self.shelf = pin_toggled(self.shelf, run.key)

    def action_attempts(self) -> None:
        """Mark a run with all that was fixed from it; once more takes the marks off."""
        if run := self.chosen:
            wanted = family(self.runs, run)
            self.shelf = replace(self.shelf, selected=frozenset() if self.shelf.selected == wanted else wanted)

    def action_sort(self) -> None:
        """Another order."""
        self.shelf = next_sort(self.shelf)

    def action_filter(self) -> None:
        """Type which runs to show."""
        self.add_class("-filtering")
        self.show_pane("runs")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter works while it is typed."""
        self.shelf = replace(self.shelf, filter=event.value)

    def on_input_submitted(self) -> None:
        """Keep the filter, and go back to the runs."""
        if wrong := mistake(self.shelf):
            self.notify(wrong, severity="error", markup=False)
            return
        self.remove_class("-filtering")
        self.query_one(RunList).focus()
        self.look_at_another_run()

    def show_pane(self, pane: str) -> None:
        """On small screens, show this pane and what belongs to it."""
        for other in PANES:
            self.set_class(other == pane, f"-on-{other}")

    def forget_filter(self) -> None:
        """All runs again."""
        self.query_one(Input).value = ""
        self.remove_class("-filtering")
        self.query_one(RunList).focus()
