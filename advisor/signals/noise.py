"""How much a curve jitters from point to point, apart from where it is heading."""

import numpy as np

from advisor.run import Bools, Floats
from advisor.signals.smoothing import running_median

# The median of |N(0, 1)|: divides a median deviation to make it a standard deviation.
MEDIAN_OF_NORMAL = 0.6744897501960817
ERROR = 1.35  # of one point's share
COURSE = 5  # of such parts of a curve, the median is its course
NARROWEST = 5  # points
UNEVEN = 3  # times the usual width of a step; a wider one is a curve that stood still


def noise_scale(values: Floats) -> float:
    """The standard deviation of the jitter around a curve's trend, untouched by spikes and by the trend itself.

    σ = median(|v[i-1] - 2 v[i] + v[i+1]|) / (0.6745 √6): a second difference removes any straight trend, and has
    six times the variance of independent noise; the median ignores a few spikes.

    Parameters: `values` (points,) in the unit of the curve. Returns the same unit; 0 for a curve of fewer than
    three points or a perfectly straight one. Of a `staircase` each step counts once.
    How to read it: a change below two or three of these is what the next batch could undo.
    Source: Gasser, Sroka, Jennen-Steinmetz 1986, Biometrika 73; made robust by the median (Hampel 1974).

    >>> rng = np.random.default_rng(0)
    >>> falling = np.linspace(3.0, 1.0, 500) + rng.normal(0, 0.1, 500)
    >>> round(noise_scale(falling), 2)
    0.1
    """
    values = values[staircase(values)]
    if len(values) < 3:
        return 0.0
    bends = np.abs(values[:-2] - 2 * values[1:-1] + values[2:])
    return float(np.median(bends) / (MEDIAN_OF_NORMAL * np.sqrt(6)))


def noise_error(points: int) -> float:
    """The standard error of `noise_scale` over so many points, as a share of it: 1.35 / √n.

    Twice that of the usual standard deviation (0.71 / √n): the price of minding neither trend nor spikes. Source: simulation of
    independent normal noise, 6 to 100 points; tested.

    >>> round(noise_error(9), 2)
    0.45
    """
    return ERROR / float(np.sqrt(points))


def staircase(values: Floats) -> Bools:
    """Which points of a curve say something new: all, but of a staircase only where each step ends.

    A value that stands for several points in a row, again and again, was logged more often than it was taken: between two updates
    from accumulated gradients, or from one validation to the next. A curve that is level once is none.

    >>> staircase(np.array([5.0, 5.0, 4.0, 4.0, 3.0, 3.0])).tolist()
    [False, True, False, True, False, True]
    >>> staircase(np.array([5.0, 4.0, 3.0, 3.0, 3.0, 3.0])).all()
    np.True_
    """
    last = np.append(np.diff(values) != 0, True)
    widths = np.diff(np.flatnonzero(last), prepend=-1)
    usual = float(np.median(widths))
    return last if usual >= 2 and widths.max() <= UNEVEN * usual else np.ones(len(values), dtype=bool)


def wander_scale(values: Floats) -> float:
    """The standard deviation of a curve about its course, slow swings included that last for several points.

    σ = median|v - b| / 0.6745 with b the running median over a fifth of the points (five at least). Of noise in which neighbours
    are alike (correlation φ), second differences see only √((6 - 8φ + 2φ²) / 6) of the deviation: 0.72 of it at φ = 0.4.

    Parameters: `values` (points,) of a stretch without steep parts; 0 for a curve that only ever rises or falls.
    How to read it: as `noise_scale`, of which it is the more careful neighbour.
    Source: Hampel 1974 (median absolute deviation); Tukey 1977 (running medians).

    >>> rng = np.random.default_rng(0)
    >>> round(wander_scale(np.linspace(3.0, 1.0, 500) + rng.normal(0, 0.1, 500)), 2)
    0.11
    """
    width = max(NARROWEST, len(values) // COURSE) | 1
    if len(values) < 2 * width:
        return 0.0
    return float(np.median(np.abs(values - running_median(values, width))) / MEDIAN_OF_NORMAL)
