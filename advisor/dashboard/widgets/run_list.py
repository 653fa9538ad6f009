"""The runs, one line each: marker, name, state, what is wrong, last values, sparkline."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from textual.reactive import reactive

from advisor.charts import BRAILLE, Glyphs, Row, Span, sparkline
from advisor.charts.rows import CURVES
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.wording import last_values, main_curve, verdict
from advisor.following import Key, State, Watched
from advisor.text import cells, cut

WIDEST_VERDICT = 24
VALUES_WIDTH = 15
SPARKLINE_WIDTH = 12
NAME_LEAST = 16
GOING_ON = (State.RUNNING, State.GROWING)


class RunList(Listing):
    """Each run in the colour and with the marker that it is drawn with; + stands behind those selected, # behind the pinned one."""

    hues: reactive[Mapping[Key, int]] = reactive(MappingProxyType({}))
    selected: reactive[frozenset[Key]] = reactive(frozenset())
    pinned: reactive[Key | None] = reactive(None)
    runs: reactive[Sequence[Watched]] = reactive(())
    glyphs: reactive[Glyphs] = reactive(BRAILLE)

    def __init__(self, *, id: str) -> None:  # noqa: A002 - as textual names it
        super().__init__(id=id)
        self._verdict_width = 0
        self._state_width = 0  # none where no log tells how far it is

    @property
    def count(self) -> int:
        """How many runs there are."""
        return len(self.runs)

    def watch_runs(self, before: Sequence[Watched], after: Sequence[Watched]) -> None:
        """Keep the cursor on the run that it was on, wherever it is now."""
        if before and self.cursor < len(before):
            key = before[self.cursor].key
            self.cursor = next((i for i, run in enumerate(after) if run.key == key), self.cursor)
        self._state_width = max((len(run.state) for run in after), default=0)
        self._verdict_width = min(max((cells(verdict(run.outcome).text) for run in after), default=0), WIDEST_VERDICT)
        self.updated()

    def line(self, index: int, width: int) -> Row:
        """A run in `width` cells; what does not fit is left out, least important first."""
        run = self.runs[index]
        colour = self.hues.get(run.key, 0) % CURVES
        parts = _fitting(self._parts(run, f"curve{colour + 1}"), width - NAME_LEAST - 2)
        room = max(width - 2 - sum(cells(span.text) for span in parts), 0)
        name = shortened(run.label, room)
        flag = "#" if run.key == self.pinned else "+" if run.key in self.selected else " "
        return (Span(f"{self.glyphs.markers[colour]}{flag}", f"curve{colour + 1}"), Span(name + " " * (room - cells(name))), *parts)

    def _parts(self, run: Watched, style: str) -> tuple[Span, ...]:
        """What stands right of the name, in columns of fixed width, most important first."""
        said = verdict(run.outcome)
        curve = main_curve(run.outcome)
        spark = "" if curve is None else sparkline(curve, SPARKLINE_WIDTH, self.glyphs)
        return (
            Span(f" {cut(said.text, self._verdict_width):<{self._verdict_width}}", said.style),
            Span(f" {run.state:<{self._state_width}}" if self._state_width else "", "" if run.state in GOING_ON else "faint"),
            Span(f" {spark:<{SPARKLINE_WIDTH}}", style),
            Span(f" {last_values(run.outcome):<{VALUES_WIDTH}}"),
        )


def shortened(name: str, width: int) -> str:
    """A name in `width` cells with its start and its end, for names of one series often differ at the end alone.

    >>> shortened("20261123-201430-digits-mlp", 11)
    '20261…s-mlp'
    """
    if cells(name) <= width or width < 1:
        return cut(name, width)
    tail = cut(name[::-1], (width - 1) // 2, "")[::-1]
    return cut(name, width - 1 - cells(tail), "") + "…" + tail


def _fitting(parts: Sequence[Span], room: int) -> list[Span]:
    kept: list[Span] = []
    for span in parts:
        room -= cells(span.text)
        if room < 0:
            break
        kept.append(span)
    return kept
