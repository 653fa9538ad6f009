"""A curve of any length → the points that are drawn: of each part its ends, its lowest and its highest, so that no spike is lost."""

from itertools import pairwise

import numpy as np

from advisor.charts import Curve
from advisor.charts.raster import is_joined
from advisor.charts.scale import Scale
from advisor.run import Floats, Ints

PARTS = 400  # more than there are pixels for on most screens
UNITS = 1000.0  # of the drawing, either way; the browser stretches it


def kept(y: Floats, parts: int = PARTS) -> Ints:
    """The indices of the points to draw, in order: all where there are few.

    >>> kept(np.array([1.0, 1, 1, 9, 1, 1, 1, 0, 1, 1]), 2)
    array([0, 3, 4, 5, 7, 9])
    """
    if len(y) <= 4 * parts:
        return np.arange(len(y))
    edges = np.linspace(0, len(y), min(parts, len(y)) + 1).astype(np.int64)
    chosen = [index for start, end in pairwise(edges) for index in _of_part(y, int(start), int(end))]
    return np.unique(np.array(chosen, dtype=np.int64))


def _of_part(y: Floats, start: int, end: int) -> tuple[int, int, int, int]:
    part = y[start:end]
    lowest = int(np.argmin(np.where(np.isnan(part), np.inf, part)))
    highest = int(np.argmax(np.where(np.isnan(part), -np.inf, part)))
    return start, start + lowest, start + highest, end - 1


def path(curve: Curve, ends: tuple[float, float], scale: Scale, parts: int = PARTS) -> str:
    """The line of a curve, broken at lost values, at gaps and where it goes backward; in UNITS from the upper left corner."""
    known = np.isfinite(curve.x) & np.isfinite(curve.y)
    x, y = curve.x[known], curve.y[known]
    if len(x) == 0:
        return ""
    moves = np.arange(len(x) - 1)
    broken = np.concatenate(([0], np.cumsum(~is_joined(x, moves) | (np.diff(np.flatnonzero(known)) > 1))))
    drawn = kept(y, parts)
    across, down = positions(x[drawn], ends), heights(y[drawn], scale)
    starts = np.concatenate(([True], np.diff(broken[drawn]) > 0))
    alone = starts & np.append(starts[1:], True)  # a point without neighbours is a dot
    points = zip(starts, alone, across, down, strict=True)
    steps = (f"{'M' if start else 'L'}{a:.1f} {b:.1f}{'h0' if lone else ''}" for start, lone, a, b in points)
    return "".join(steps).replace(".0", "")


def positions(x: Floats, ends: tuple[float, float]) -> Floats:
    """Places on the x axis in UNITS from the left; the nearest ones where they lie outside."""
    start, end = ends
    length = end - start
    share = (x - start) / length if length > 0 else np.full(len(x), 0.5)
    return np.clip(share, 0.0, 1.0) * UNITS


def heights(y: Floats, scale: Scale) -> Floats:
    """Values in UNITS from the top."""
    share = (scale.transform(y) - scale.bottom) / (scale.top - scale.bottom)
    return (1.0 - np.clip(share, 0.0, 1.0)) * UNITS
