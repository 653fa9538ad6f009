"""Where the level of a curve changes: its change points."""

import numpy as np

from advisor.run import Floats, Ints
from advisor.signals.noise import noise_scale

PENALTY = 3.0  # times σ² ln n for each change: less than one in a curve of noise alone (Yao 1988 takes 2, which noise exceeds now and then)
LEAST_NOISE = 0.01  # of the height of a curve: without noise each point would be a level of its own


def change_points(values: Floats) -> Ints:
    """Where a new level begins, each as the index of its first point: the partition into levels that fits best, exactly.

    Minimises Σ over levels of Σ (v - mean of the level)² + β for each change, with β = 3 σ² ln n and σ = noise_scale(v), by dynamic
    programming: F(j) = min over i < j of F(i) + cost(i, j) + β, where cost follows from running sums. (points,) in any unit, some
    hundreds at most: time grows with their square.

    How to read it: a decay is a flight of stairs that gets flatter; behind the last change nothing moved beyond the noise.
    Source: Jackson et al. 2005, An algorithm for optimal partitioning of data on an interval; Yao 1988 on the penalty.

    >>> change_points(np.array([5.0, 5.1, 4.9, 5.0, 2.0, 2.1, 1.9, 2.0])).tolist()
    [4]
    """
    n = len(values)
    if n < 2 or not np.ptp(values):
        return np.zeros(0, dtype=np.int64)
    centred = values - values.mean()
    sums, squares = (np.concatenate([[0.0], np.cumsum(one)]) for one in (centred, centred**2))
    beta = PENALTY * max(noise_scale(values), LEAST_NOISE * float(np.ptp(values))) ** 2 * np.log(n)
    best, last = np.full(n + 1, -beta), np.zeros(n + 1, dtype=np.int64)
    for j in range(1, n + 1):
        i = np.arange(j)
        costs = best[:j] + squares[j] - squares[i] - (sums[j] - sums[i]) ** 2 / (j - i) + beta
        last[j] = np.argmin(costs)
        best[j] = costs[last[j]]
    found, at = [], n
    while (at := int(last[at])) > 0:
        found.append(at)
    return np.array(found[::-1], dtype=np.int64)
