"""The runs, one line each: marker, name, what is wrong, state, sparkline, last values; the upper border says which is which."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from textual.content import Content
from textual.reactive import reactive

from advisor.charts import BRAILLE, Glyphs, Row, Span, sparkline
from advisor.charts.glyphs import marker_of
from advisor.charts.rows import CURVES, row_cells
from advisor.dashboard.view.columns import VALUE, Columns, Wanted, shared_out
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.wording import last_values, main_curve, verdict
from advisor.following import Key, State, Watched
from advisor.run import Floats
from advisor.text import cells, cut, printable

FLAGS = 2  # cells of the marker, and of the sign of those that are selected or pinned
GOING_ON = (State.RUNNING, State.GROWING)


class RunList(Listing):
    """Each run in the colour and with the marker that it is drawn with; + stands behind those selected, # behind the pinned one."""

    hues: reactive[Mapping[Key, int]] = reactive(MappingProxyType({}))
    selected: reactive[frozenset[Key]] = reactive(frozenset())
    pinned: reactive[Key | None] = reactive(None)
    runs: reactive[Sequence[Watched]] = reactive(())
    glyphs: reactive[Glyphs] = reactive(BRAILLE)
    heading: reactive[str] = reactive("")

    def __init__(self, *, id: str) -> None:  # noqa: A002 - as textual names it
        super().__init__(id=id)
        self._wanted = Wanted(0, 0, 0, 0)

    @property
    def count(self) -> int:
        """How many runs there are."""
        return len(self.runs)

    def watch_runs(self, before: Sequence[Watched], after: Sequence[Watched]) -> None:
        """Keep the cursor on the run that it was on, wherever it is now."""
        if before and self.cursor < len(before):
            key = before[self.cursor].key
            self.cursor = next((i for i, run in enumerate(after) if run.key == key), self.cursor)
        verdicts = [verdict(run.outcome) for run in after]
        self._wanted = Wanted(
            max((cells(printable(run.label)) for run in after), default=0),
            max(map(row_cells, verdicts), default=0),
            max((row_cells(row[:-1]) for row in verdicts), default=0),
            max((len(run.state) for run in after), default=0),  # none where no log tells how far it is
        )
        self.updated()

    def watch_heading(self) -> None:
        """Say what is listed."""
        self._entitle()

    def on_resize(self) -> None:
        """Columns move."""
        super().on_resize()
        self._entitle()

    def on_focus(self) -> None:
        """The border looks otherwise."""
        self._entitle()

    def on_blur(self) -> None:
        """The border looks otherwise."""
        self._entitle()

    def _entitle(self) -> None:
        """What is listed, and behind it in the border, where there is room, what the columns are."""
        titled, at = Content(self.heading), cells(self.heading)
        line = ("-" if not self.glyphs.patterns else "━" if self.has_focus else "─", "$primary" if self.has_focus else "$faint")
        for place, head, is_end in self._columns(self.scrollable_content_region.width).heads if self.runs else ():
            start = FLAGS + place - cells(head) if is_end else FLAGS + place
            start = min(start, self.outer_size.width - cells(head) - 1)  # the last cell is the border's
            if start > at + 1:
                titled += Content.styled(line[0] * (start - at - 1), line[1]) + head
                at = start - 1 + cells(head)
        self.border_title = titled

    def _columns(self, width: int) -> Columns:
        return shared_out(width - FLAGS, self._wanted)

    def line(self, index: int, width: int) -> Row:
        """A run in `width` cells; what does not fit is left out, least important first."""
        run, columns = self.runs[index], self._columns(width)
        hue = self.hues.get(run.key, 0)
        style = f"curve{hue % CURVES + 1}"
        flag = "#" if run.key == self.pinned else "+" if run.key in self.selected else " "
        name = shortened(printable(run.label), columns.name)
        said = verdict(run.outcome)
        train, val = last_values(run.outcome)
        last = {2: (train, val), 1: (val or train,)}.get(columns.values, ())
        curve = main_curve(run.outcome)
        spark = "" if curve is None or not columns.sparkline else _spark(curve, columns.sparkline - 1, self.glyphs)
        return (
            Span(f"{marker_of(self.glyphs, hue)}{flag}", style),
            Span(_padded(name, columns.name)),
            *_fitted((Span(" "), *(said[:-1] if columns.is_short else said)), columns.verdict),
            Span(_padded(f" {run.state}", columns.state), "" if run.state in GOING_ON else "faint"),
            Span(_padded(f" {spark}", columns.sparkline), style),
            Span("".join(value.rjust(VALUE) for value in last)),
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


def _spark(curve: Floats, width: int, glyphs: Glyphs) -> str:
    """A sparkline of exactly `width` cells, however few points there are."""
    few = 0 < len(curve) < width
    return sparkline(curve[np.arange(width) * len(curve) // width] if few else curve, width, glyphs)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text)) if width else ""


def _fitted(row: Row, width: int) -> Row:
    """Exactly `width` cells of a row, its last part cut."""
    room = width - row_cells(row[:-1])
    if room < 1:
        return (Span(" " * width),)
    last = cut(row[-1].text, room)
    return (*row[:-1], Span(_padded(last, room), row[-1].style))
