"""What stands at each place of a chart, in words: for the pointer, for the keyboard, and as a table for those who see no curves."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from advisor.charts import Curve, Plot
from advisor.run import Floats, Ints
from advisor.text import number, position

MOST = 100  # places of a chart: as many as a finger or a pointer can tell apart


@dataclass(frozen=True)
class Reading:
    """A part of the x axis, both ends included, and each curve's value there; its lowest and highest where there are several."""

    start: float
    end: float
    values: tuple[str, ...]  # (curves,)

    @property
    def extent(self) -> str:
        """The part in words."""
        return position(self.start) if self.start == self.end else f"{position(self.start)}–{position(self.end)}"


def readings(plot: Plot) -> list[Reading]:
    """The parts from left to right; every point alone where there are few enough."""
    known = [curve.x[np.isfinite(curve.x)] for curve in plot.curves]
    places = np.unique(np.concatenate(known)) if known else np.array([])
    if len(places) == 0:
        return []
    starts = places[np.unique(np.linspace(0, len(places), min(MOST, len(places)), endpoint=False).astype(np.int64))]
    ends = np.append(places[np.searchsorted(places, starts[1:]) - 1], places[-1])
    told = zip(*(_values(curve, starts) for curve in plot.curves), strict=True)
    return [Reading(float(start), float(end), values) for start, end, values in zip(starts, ends, told, strict=True)]


def _values(curve: Curve, starts: Floats) -> list[str]:
    """What a curve is in each part, as words."""
    part: Ints = np.searchsorted(starts, curve.x, side="right") - 1
    order = np.argsort(part, kind="stable")
    edges = np.searchsorted(part[order], np.arange(len(starts) + 1))
    return [_told(curve.y[order[first:last]]) for first, last in pairwise(edges)]


def _told(values: Floats) -> str:
    if len(values) == 0:
        return ""
    finite = values[np.isfinite(values)]
    lost = ", ".join(dict.fromkeys(number(float(value)) for value in values[~np.isfinite(values)]))
    if len(finite) == 0:
        return lost
    low, high = number(float(finite.min())), number(float(finite.max()))
    return (low if low == high else f"{low} to {high}") + (f", {lost}" if lost else "")
