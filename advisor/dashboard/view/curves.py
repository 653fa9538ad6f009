"""Series → curves to draw: placed along the axis, cut to the window, smoothed; kept for as long as nothing of that changes."""

from collections.abc import Hashable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from advisor.charts import Curve
from advisor.charts.smoothing import debiased_ema
from advisor.dashboard.view.look import Range
from advisor.run import Floats, Series

AROUND = 4  # points kept on either side of the window, so that lines run on to its borders
CLIPPED = (1.0, 99.0)  # percentiles

_made: WeakKeyDictionary[Series, dict[bool, tuple[Hashable, Curve]]] = WeakKeyDictionary()
_calm: WeakKeyDictionary[Series, tuple[float, Floats]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Pen:
    """How a curve is drawn."""

    label: str
    hue: int
    faint: bool = False


def drawn(series: Series, x: Floats, window: Range | None, smoothing: float, pen: Pen) -> list[Curve]:
    """The curve of a series; where it is smoothed, behind it the raw one."""
    if not smoothing:
        return [_kept(series, (pen, window, id(x)), x, series.values, smoothed=False)]
    raw = _kept(series, (Pen("", pen.hue, faint=True), window, id(x)), x, series.values, smoothed=False)
    calm = _kept(series, (pen, window, id(x), smoothing), x, _smoothed(series, smoothing), smoothed=True)
    return [calm, raw]


def _kept(series: Series, asked: tuple[Pen, Range | None, *tuple[float, ...]], x: Floats, y: Floats, *, smoothed: bool) -> Curve:
    slots = _made.setdefault(series, {})
    if slots.get(smoothed, (None,))[0] != asked:
        pen, window = asked[0], asked[1]
        slots[smoothed] = (asked, Curve(pen.label, *_cut(x, y, window), pen.faint, pen.hue))
    return slots[smoothed][1]


def _smoothed(series: Series, weight: float) -> Floats:
    kept = _calm.get(series)
    if kept is None or kept[0] != weight:
        kept = _calm[series] = (weight, debiased_ema(series.values, weight))
    return kept[1]


def _cut(x: Floats, y: Floats, window: Range | None) -> tuple[Floats, Floats]:
    """What is in the window and a little around it; all of it where x does not run one way."""
    if window is None or len(x) < 2 or not (x[1:] >= x[:-1]).all():
        return x, y
    first = max(int(np.searchsorted(x, window[0])) - AROUND, 0)
    last = int(np.searchsorted(x, window[1], "right")) + AROUND
    return x[first:last], y[first:last]


def value_at(x: Floats, y: Floats, place: float) -> float | None:
    """The value recorded nearest to a place; None where nothing was."""
    known = np.flatnonzero(np.isfinite(x))
    return float(y[known[np.argmin(np.abs(x[known] - place))]]) if len(known) else None


def limits(curves: list[Curve], window: Range, *, clip: bool) -> Range | None:
    """The y range of what can be seen, without outliers where they are clipped; None where all values count."""
    inside = [curve.y[(curve.x >= window[0]) & (curve.x <= window[1])] for curve in curves]
    values = np.concatenate([y[np.isfinite(y)] for y in inside]) if inside else np.array([])
    if len(values) == 0:
        return None
    low, high = np.percentile(values, CLIPPED) if clip else (values.min(), values.max())
    return float(low), float(high)
