"""How charts are looked at: axis, scale, smoothing, window, cursor. Every key is a function from one Look to the next."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from advisor.run import Floats

Along = Literal["epoch", "step", "time"]
Range = tuple[float, float]

SMOOTHINGS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.99, 0.999)
ZOOM = 2.0  # one key makes the window half or twice as wide
PAN = 0.25  # of the window
STEPS_ACROSS = 100  # moves that take the cursor from one end of the window to the other
NARROWEST = 1e-9  # of the whole axis


@dataclass(frozen=True)
class Look:
    """One way to look at all charts at once."""

    along: Along | None = None  # None: what the run tells best
    log: bool | None = None  # None: where the values ask for it
    smoothing: float = 0.0  # weight on the past, 0..1
    window: Range | None = None  # part of the x axis; None: all of it
    is_tail: bool = False  # the window ends where the run ends, and moves with it
    cursor: float | None = None  # a place on the x axis
    clip: bool = False  # outliers may leave the chart
    chosen: int = 0  # which chart
    is_single: bool = False  # only the chosen one is shown


def shown(look: Look, whole: Range) -> Range:
    """The part of the x axis that is to be seen of `whole`."""
    if look.window is None:
        return whole
    start, end = look.window
    return (whole[1] - (end - start), whole[1]) if look.is_tail else (start, end)


def zoomed(look: Look, whole: Range, factor: float, at: float | None = None) -> Look:
    """The window made narrower by `factor`, about a place that stays where it is: the cursor, else the middle."""
    start, end = shown(look, whole)
    width = end - start
    if at is None:
        at = look.cursor if look.cursor is not None and start <= look.cursor <= end else (start + end) / 2
    share = (at - start) / width if width > 0 else 0.5
    wanted = max(width / factor, (whole[1] - whole[0]) * NARROWEST)
    return _with_window(look, whole, (at - share * wanted, at + (1 - share) * wanted))


def panned(look: Look, whole: Range, by: float) -> Look:
    """The window moved by a part of its width, positive to the right."""
    start, end = shown(look, whole)
    move = (end - start) * by
    move = min(max(move, whole[0] - start), whole[1] - end)
    return _with_window(look, whole, (start + move, end + move)) if look.window else look


def reset(look: Look) -> Look:
    """All of the x axis, no cursor, no outliers left out."""
    return replace(look, window=None, is_tail=False, cursor=None, clip=False)


def revealing(look: Look, whole: Range, span: Range) -> Look:
    """The window moved, and made wider where it must be, so that a span can be seen."""
    start, end = shown(look, whole)
    if look.window is None or (start <= span[0] and span[1] <= end):
        return look
    width = max(end - start, (span[1] - span[0]) * 1.2)
    middle = (span[0] + span[1]) / 2
    return _with_window(look, whole, (middle - width / 2, middle + width / 2))


def _with_window(look: Look, whole: Range, window: Range) -> Look:
    start, end = max(window[0], whole[0]), min(window[1], whole[1])
    if start <= whole[0] and end >= whole[1]:
        return replace(look, window=None, is_tail=False)
    return replace(look, window=(start, end), is_tail=end >= whole[1])


def cursor_moved(look: Look, whole: Range, places: Floats, by: int) -> Look:
    """The cursor on another recorded place; where there are very many in the window, as far as can be seen."""
    start, end = shown(look, whole)
    inside = _within(places, start, end)
    if len(inside) == 0:
        return look
    stride = max(1, len(inside) // STEPS_ACROSS)
    if look.cursor is None:
        return replace(look, cursor=float(inside[-1 if by < 0 else 0]))
    at = int(np.argmin(np.abs(inside - look.cursor)))
    return replace(look, cursor=float(inside[min(max(at + by * stride, 0), len(inside) - 1)]))


def _within(places: Floats, start: float, end: float) -> Floats:
    """The places in a window, in order; sorted only where they are not."""
    if (places[1:] >= places[:-1]).all():
        return places[np.searchsorted(places, start) : np.searchsorted(places, end, "right")]
    return np.unique(places[(places >= start) & (places <= end)])


def smoothed(look: Look, by: int) -> Look:
    """The next stronger (1) or weaker (-1) smoothing."""
    at = int(np.argmin([abs(weight - look.smoothing) for weight in SMOOTHINGS]))
    return replace(look, smoothing=SMOOTHINGS[min(max(at + by, 0), len(SMOOTHINGS) - 1)])


def next_axis(look: Look, now: Along, possible: tuple[Along, ...]) -> Look:
    """The next of the axes that the runs have; places on the old one mean nothing on it."""
    following = possible[(possible.index(now) + 1) % len(possible)] if now in possible else now
    return replace(reset(look), along=following, clip=look.clip)
