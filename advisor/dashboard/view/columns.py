"""How the width of the list of runs is shared out: what matters most first, and what is left over to what can use it."""

from dataclasses import dataclass

NAME_LEAST = 16
VERDICT, VERDICT_MOST = 24, 40
SPARKLINE_LEAST, SPARKLINE, SPARKLINE_MOST = 8, 12, 60
VALUE = 8  # cells of a last value, with the blank before it


@dataclass(frozen=True)
class Wanted:
    """Cells that the longest entry of each column takes."""

    name: int
    verdict: int  # the signs of the severities, and the first rule
    signs: int  # the signs alone
    state: int


@dataclass(frozen=True)
class Columns:
    """Cells of each column with the blank before it, 0 where it is left out."""

    name: int
    verdict: int = 0
    state: int = 0
    sparkline: int = 0
    values: int = 0  # how many of the last values: two, or one of validation or else of training
    is_short: bool = False  # of the verdict only the signs are shown

    @property
    def heads(self) -> tuple[tuple[int, str, bool], ...]:
        """Where each column behind the name begins, what stands above it, and whether it ends there instead."""
        verdict, state, sparkline = self.name, self.name + self.verdict, self.name + self.verdict + self.state
        first = sparkline + self.sparkline
        heads = [(verdict, "finding", False)] if self.verdict and not self.is_short else []
        heads += [(state, "state", False)] if self.state else []
        heads += [(sparkline, "curve", False)] if self.sparkline else []
        names = ("train", "val") if self.values == 2 else ("last",) * self.values
        return (*heads, *((first + VALUE * (nth + 1), name, True) for nth, name in enumerate(names)))


def shared_out(width: int, wanted: Wanted) -> Columns:
    """The columns of a list that is `width` cells wide.

    >>> shared_out(78, Wanted(name=20, verdict=22, signs=5, state=7))
    Columns(name=18, verdict=23, state=8, sparkline=13, values=2, is_short=False)
    >>> shared_out(38, Wanted(name=20, verdict=22, signs=5, state=7))
    Columns(name=24, verdict=6, state=8, sparkline=0, values=0, is_short=True)
    """
    name = min(wanted.name, NAME_LEAST)
    room = width - name
    verdict, is_short = min(wanted.verdict, VERDICT) + 1, False
    if verdict > room:
        verdict, is_short = wanted.signs + 1, True
    verdict = _fitting(verdict, room)
    room -= verdict
    state = _fitting(wanted.state + 1 if wanted.state else 0, room)
    room -= state
    values = 2 if room >= SPARKLINE + 1 + 2 * VALUE else int(room >= SPARKLINE_LEAST + 1 + VALUE)
    room -= values * VALUE
    sparkline = next((cells + 1 for cells in (SPARKLINE, SPARKLINE_LEAST) if cells < room), 0)
    room -= sparkline
    longer = min(wanted.name - name, room)
    room -= longer
    wider = 0 if is_short or not verdict else max(min(wanted.verdict, VERDICT_MOST) + 1 - verdict, 0)
    wider = min(wider, room)
    room -= wider
    drawn_out = min(SPARKLINE_MOST + 1 - sparkline, room) if sparkline else 0
    return Columns(name + longer + room - drawn_out, verdict + wider, state, sparkline + drawn_out, values, is_short)


def _fitting(cells: int, room: int) -> int:
    return cells if cells <= room else 0
