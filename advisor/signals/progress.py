"""How much of the way a curve came, and when it came it."""

from dataclasses import dataclass

import numpy as np

from advisor.run import Floats
from advisor.signals.noise import noise_scale


def ends(values: Floats, share: float) -> tuple[float, float]:
    """The first value of a curve, and the median of its last `share` (one point at least), in its unit.

    >>> ends(np.array([9.0, 5.0, 3.0, 2.0, 2.0, 1.0]), share=0.5)
    (9.0, 2.0)
    """
    return float(values[0]), float(np.median(values[-max(1, round(share * len(values))) :]))


def last_points(points: int) -> int:
    """How many of so many validations are the end: a quarter of them, at most five.

    >>> last_points(3), last_points(10), last_points(100)
    (1, 2, 5)
    """
    return max(1, min(5, points // 4))


@dataclass(frozen=True)
class Late:
    """What a curve still gained after some point of the run."""

    share: float  # of its whole way down
    in_noise: float  # in units of its own jitter


def late_gain(values: Floats, after: float) -> Late:
    """How far a curve still came down after the share `after` of the run: 0 = it had levelled off by then.

    share = (level at `after` - level at the end) / (first value - level at the end), each level the median of a tenth of the
    points; nan where the curve ends no lower than it began. 1 - after is what a straight line gives.

    >>> straight, level = np.linspace(2.0, 1.0, 101), np.maximum(np.linspace(2.0, -8.0, 101), 1.0)
    >>> round(late_gain(straight, after=0.5).share, 2), round(late_gain(level, after=0.5).share, 2)
    (0.48, 0.0)
    """
    width = max(1, len(values) // 10)
    at = min(round(after * len(values)), len(values) - 1)
    start, end = float(values[0]), float(np.median(values[-width:]))
    gain = float(np.median(values[max(0, at - width // 2) : at + width - width // 2])) - end
    noise = noise_scale(values)
    in_noise = gain / noise if noise else float(np.sign(gain)) * np.inf if gain else 0.0
    return Late(gain / (start - end) if start > end else float("nan"), in_noise)
