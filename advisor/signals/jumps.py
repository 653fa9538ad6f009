"""Isolated jumps of a curve, told apart from its noise and from where it is heading."""

from dataclasses import dataclass

import numpy as np

from advisor.run import Bools, Floats
from advisor.signals.noise import MEDIAN_OF_NORMAL
from advisor.signals.rise import early
from advisor.signals.smoothing import blocks, running_median

WIDTH = 10  # a jump is shorter than half of this part of the run: what lasts longer is where the curve went
NARROWEST = 5  # points
LONG = 2000  # points, from which on the usual course is taken from the medians of stretches


@dataclass(frozen=True, eq=False)
class Height:
    """How far each point of a curve stands above its usual course; below it, negative. Each (points,)."""

    in_noise: Floats  # in deviations of the curve about its course; inf where it has none
    factor: Floats  # times the course; inf where a curve is not above zero throughout
    of_way: Floats  # share of the way that the curve came down in all


def heights(values: Floats) -> Height:
    """How far each point stands above the running median of a tenth of the run.

    With b the running median, x = log(v / b) for a curve above zero (the jitter of a loss is a share of its size), else v - b:
    in_noise = x / σ, σ = median|x - median x| / 0.6745; factor = v / b; of_way = (v - b) / (early(v) - min v).

    Parameters: `values` (points,) in any unit, lower is better. How to read it: noise alone reaches four or five, and the loss of
    single batches more, since it has heavy tails; so look at the other two as well.
    Source: Hampel 1974 (median absolute deviation); Tukey 1977 (running medians).

    >>> curve = np.array([5.0, 4.0, 3.0, 2.0, 1.9, 6.0, 1.7, 1.6, 1.5, 1.4])
    >>> found = heights(curve)
    >>> round(float(found.factor[5]), 2), round(float(found.of_way[5]), 2)
    (3.16, 1.14)
    """
    course = _course(values)
    above = values - course
    positive = bool(values.min() > 0)
    apart = np.log(values / course) if positive else above
    noise = float(np.median(np.abs(apart - np.median(apart)))) / MEDIAN_OF_NORMAL
    in_noise = apart / noise if noise else np.where(apart > 0, np.inf, 0.0)
    way = max(early(values), float(np.median(values[:3]))) - float(values.min())
    return Height(
        in_noise, values / course if positive else np.full(len(values), np.inf), above / way if way > 0 else np.zeros(len(values))
    )


def _course(values: Floats) -> Floats:
    """The running median over a tenth of the run; of a long curve, that of the medians of its stretches, each point its stretch's."""
    if len(values) <= LONG:
        return running_median(values, max(NARROWEST, len(values) // WIDTH) | 1)
    medians, ends = blocks(values, LONG)
    calm = running_median(medians, max(NARROWEST, len(medians) // WIDTH) | 1)
    return np.repeat(calm, np.diff(ends, prepend=-1))


def stretches(chosen: Bools) -> list[tuple[int, int]]:
    """The stretches of chosen points in a row, each `(first, last)`, both included.

    >>> stretches(np.array([False, True, True, False, True]))
    [(1, 2), (4, 4)]
    """
    edges = np.diff(np.concatenate([[0], chosen.astype(int), [0]]))
    return list(zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True))
