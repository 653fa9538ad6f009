"""Where a curve is heading, and whether that could be chance."""

import math

import numpy as np

from advisor.run import Floats


def theil_sen(x: Floats, y: Floats) -> float:
    """The median of the slopes between all pairs of points: a trend that three points in ten cannot bend.

    slope = median over i < j of (y[j] - y[i]) / (x[j] - x[i]), in units of y per unit of x; pairs at the same x are
    left out, and it is 0 where no pair is left. Memory grows with the square of the points: thin a long curve first.
    Source: Theil 1950; Sen 1968, JASA 63.

    >>> theil_sen(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([0.0, 2.0, 4.0, 90.0, 8.0]))
    2.0
    """
    first, second = np.triu_indices(len(x), 1)
    run = x[second] - x[first]
    apart = run != 0
    rise = y[second] - y[first]
    return float(np.median(rise[apart] / run[apart])) if apart.any() else 0.0


def in_order(values: Floats) -> float:
    """The share of pairs of points of which the later one is lower, less the share of which it is higher: 1 = it falls at each step.

    Kendall's rank correlation with time, turned around, τ = -Σ sign(v[j] - v[i]) / (n(n-1)/2) over i < j; 0 for a single point.
    How to read it: independent noise gives about 0; at 0.8 nine pairs in ten are in order. Source: Kendall 1938, Biometrika 30.

    >>> in_order(np.array([4.0, 3.0, 1.0, 2.0])), in_order(np.array([1.0, 2.0]))
    (0.6666666666666666, -1.0)
    """
    n = len(values)
    return -_score(values) / (n * (n - 1) / 2) if n > 1 else 0.0


def mann_kendall(values: Floats) -> float:
    """How surely a curve rises (positive) or falls (negative), in standard deviations of a curve without a trend.

    z = (S ∓ 1) / √Var(S), S = Σ sign(v[j] - v[i]) over i < j, Var(S) = (n(n-1)(2n+5) - Σ t(t-1)(2t+5)) / 18 with t the
    size of each group of equal values. Only the order of values counts, so that any unit gives the same number.
    How to read it: beyond ±3, one curve of independent noise in 700 would look so. 0 for fewer than three points.
    Source: Mann 1945, Econometrica 13; Kendall 1975, Rank Correlation Methods.

    >>> round(mann_kendall(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])), 2)
    2.63
    """
    n = len(values)
    if n < 3:
        return 0.0
    score = _score(values)
    ties = np.unique(values, return_counts=True)[1].astype(float)
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    return math.copysign(max(abs(score) - 1, 0.0), score) / math.sqrt(variance) if variance > 0 else 0.0


def _score(values: Floats) -> float:
    return float(sum(np.sign(values[i + 1 :] - values[i]).sum() for i in range(len(values) - 1)))
