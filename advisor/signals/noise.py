"""How much a curve jitters from point to point, apart from where it is heading."""

import numpy as np

from advisor.run import Floats

# The median of |N(0, 1)|: divides a median deviation to make it a standard deviation.
MEDIAN_OF_NORMAL = 0.6744897501960817


def noise_scale(values: Floats) -> float:
    """The standard deviation of the jitter around a curve's trend, untouched by spikes and by the trend itself.

    σ = median(|v[i-1] - 2 v[i] + v[i+1]|) / (0.6745 √6): a second difference removes any straight trend, and has
    six times the variance of independent noise; the median ignores a few spikes.

    Parameters: `values` (points,) in the unit of the curve. Returns the same unit; 0 for a curve of fewer than
    three points or a perfectly straight one.
    How to read it: a change below two or three of these is what the next batch could undo.
    Source: Gasser, Sroka, Jennen-Steinmetz 1986, Biometrika 73; made robust by the median (Hampel 1974).

    >>> rng = np.random.default_rng(0)
    >>> falling = np.linspace(3.0, 1.0, 500) + rng.normal(0, 0.1, 500)
    >>> round(noise_scale(falling), 2)
    0.1
    """
    if len(values) < 3:
        return 0.0
    bends = np.abs(values[:-2] - 2 * values[1:-1] + values[2:])
    return float(np.median(bends) / (MEDIAN_OF_NORMAL * np.sqrt(6)))
