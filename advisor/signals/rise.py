"""How far a curve ends above the lowest it reached."""

from dataclasses import dataclass

import numpy as np

from advisor.run import Floats
from advisor.signals.noise import noise_scale, wander_scale
from advisor.signals.smoothing import running_median

# A single bump among three points cannot become the best or the end; shorter curves have no point to spare.
CALM = 3
ENOUGH_TO_CALM = 5
WAVE = 0.6  # of the present height, that an earlier rise must have reached to be its like


@dataclass(frozen=True)
class Rise:
    """A curve's best point and its end, both calmed, in the unit of the curve."""

    best: int  # index
    lowest: float
    end: float
    peak: float  # the highest after the best
    in_noise: float  # the height in units of the curve's own noise; inf for a rise without any noise
    in_late_noise: float  # the same in that of its second half alone, where a steep start bends nothing; `in_noise` of a short one
    turn: int  # index of the lowest single value before the last ones: the best that stands in the log

    @property
    def height(self) -> float:
        """How far the end lies above the best; 0 where the end is the best."""
        return self.end - self.lowest

    @property
    def kept(self) -> float:
        """The share of the highest rise that is still there at the end: 1 = still at the top, 0 = recovered."""
        top = self.peak - self.lowest
        return self.height / top if top > 0 else 0.0


def rise(values: Floats, tail: int, wanders: bool = False) -> Rise:
    """From the lowest point of a curve (running median of three) to the median of its last `tail` points.

    The noise of a curve above zero is taken on a log scale, log(end / lowest) / noise_scale(log v): the jitter of a loss is
    a share of its size, and a blow-up by factors is no noise. It is the larger of the whole curve's and its second half's, and,
    of a curve that `wanders`, as validation does, no less than its second half's slow swings.

    Parameters: `values` (points,) in any unit, lower is better. How to read it: compare `height` with `level`, and
    `in_noise` with the two or three that noise alone brings about, since the best of many points is low by luck.

    >>> climbed = rise(np.array([3.0, 2.0, 1.0, 1.1, 1.2, 2.0, 2.0, 2.0]), tail=3)
    >>> climbed.best, climbed.lowest, climbed.end
    (2, 1.1, 2.0)
    """
    calm = _calmed(values) if len(values) >= ENOUGH_TO_CALM else values
    best = int(np.argmin(calm))
    lowest = float(calm[best])
    end = max(float(np.median(values[-tail:])), lowest) if best < len(values) - tail else lowest
    peak = float(max(calm[best:].max(), end))
    turn = int(np.argmin(values[: max(len(values) - tail, 1)]))
    of_all = _in_noise(values, lowest, end, wanders)
    late = values[len(values) // 2 :]
    of_late = _in_noise(late, lowest, end, wanders) if len(late) >= ENOUGH_TO_CALM and (values.min() > 0) == (late.min() > 0) else of_all
    return Rise(best, lowest, end, peak, of_all, of_late, turn)


def _calmed(values: Floats) -> Floats:
    """The running median; a first value below all that follow stays as it is, for that is no bump but a start never reached again."""
    calm = running_median(values, CALM)
    return np.concatenate([values[:1], calm[1:]]) if values[0] < values[1:].min() else calm


def _in_noise(values: Floats, lowest: float, end: float, wanders: bool) -> float:
    if values.min() > 0:
        values, lowest, end = np.log(values), float(np.log(lowest)), float(np.log(end))
    late = values[len(values) // 2 :]
    noise = max(noise_scale(values), noise_scale(late) if len(late) >= ENOUGH_TO_CALM else 0.0, wander_scale(late) if wanders else 0.0)
    return (end - lowest) / noise if noise else float(np.inf if end > lowest else 0.0)


def early(values: Floats) -> float:
    """The median of the first tenth of a curve (one point at least): where it set out, without the very first shock.

    >>> early(np.array([2400.0, 4.0, 3.0, 3.0, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9] * 3))
    4.0
    """
    return float(np.median(values[: max(1, len(values) // 10)]))


def level(lowest: float, start: float, floor: float) -> float:
    """What a change near `lowest` is to be compared with, in the unit of the curve.

    For a positive curve max(lowest, floor · (start - lowest)): the value itself, but never less than a small share
    of the way come down, since ratios explode as a loss nears zero. A curve that reaches below zero has no natural
    zero, and its way down is the only scale there is: start - lowest.

    >>> level(0.5, 2.3, floor=0.01), level(0.0, 2.0, floor=0.01), level(-3.0, 2.0, floor=0.01)
    (0.5, 0.02, 5.0)
    """
    way = max(start - lowest, 0.0)
    return max(lowest, floor * way) if lowest >= 0 else way


@dataclass(frozen=True)
class Waves:
    """How long a curve stood above the lowest it had reached by then, in points: now, and before its best, each time it came back."""

    present: int
    earlier: tuple[int, ...]


def waves(values: Floats, measured: Rise) -> Waves:
    """The rises before the best that were as high as the one since, and from which a curve came back to below where it had been.

    A wave: points in a row above the lowest so far by half of the present height or more, their highest by WAVE of it at least;
    single points of noise split none (running median of three). Heights are ratios where the curve is above zero throughout.
    How to read it: where there are several, or one that lasted as long, the last rise is likely to come back as well: cycles of the
    rate, stages of a curriculum.

    >>> swings = np.tile([1.0, 1.0, 2.0, 2.0], 4)[:15] - 0.02 * np.arange(15)
    >>> waves(swings, rise(swings, tail=2))
    Waves(present=1, earlier=(2, 2, 2))
    """
    heights = np.log(values) if values.min() > 0 else values
    low, end = (np.log(x) if values.min() > 0 else x for x in (measured.lowest, measured.end))
    above = running_median(heights - np.minimum.accumulate(heights), CALM)
    last = int(np.count_nonzero(heights[measured.best :] - low > (end - low) / 2))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (above[: measured.best] > (end - low) / 2).astype(int), [0]])))
    return Waves(last, tuple(int(b - a) for a, b in edges.reshape(-1, 2) if above[a:b].max() >= WAVE * (end - low)))
