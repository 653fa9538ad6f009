"""Where a curve would level off, and how surely that can be told."""

from dataclasses import dataclass

import numpy as np

from advisor.run import Floats

PACES = np.geomspace(0.05, 10.0, 500)  # time constants tried, as shares of the stretch that is fitted
CHI_SQUARE = 3.84  # of one degree of freedom, 95 %


@dataclass(frozen=True)
class Levelling:
    """What an exponential decay towards a floor says of the points still to come, in the unit of the curve."""

    least: float  # how much further the curve would fall at least, with 95 % confidence
    likely: float  # ... most likely
    most: float  # ... at most; where the curve is straight, what ten times the stretch would bring


UNKNOWN = Levelling(float("nan"), float("nan"), float("nan"))


def levelling(values: Floats) -> Levelling:
    """How much further a curve would fall if it went on for ever as it does: a fit of v(t) = c + a exp(-t / τ).

    For each τ on a grid, c and a follow by linear least squares; the best τ has the smallest sum of squares S(τ), and those with
    S(τ) ≤ S(best) (1 + 3.84 / (n - 3)) make up the 95 % interval (profile likelihood), with the next of the grid on either side.
    What is still to come is a exp(-T / τ) at the end T, and never below 0.

    Parameters: `values` (points,) of the stretch to be fitted, without the first steep part; at least five points, else nan;
    nan too where the squares overflow.
    How to read it: `least` near 0 = it may have levelled off; `least` as large as what it came down so far = it is about half way.
    A straight line has no floor: its `least` is about the drop along the fitted stretch.
    Source: Bates, Watts 1988, Nonlinear Regression Analysis, chapter 6 (profiles); Domhan, Springenberg, Hutter 2015, on
    extrapolating learning curves.

    >>> still = levelling(np.exp(-np.linspace(0.0, 1.0, 50)))
    >>> round(still.likely, 1)
    0.4
    >>> done = levelling(np.exp(-np.linspace(0.0, 20.0, 50)))
    >>> round(done.likely, 2)
    0.0
    >>> with np.errstate(all="ignore"):
    ...     levelling(np.full(6, 1e308))
    Levelling(least=nan, likely=nan, most=nan)
    """
    if len(values) < 5:
        return UNKNOWN
    along = np.linspace(0.0, 1.0, len(values))
    decays = np.exp(-along / PACES[:, None])  # (paces, points)
    centred, residual = decays - decays.mean(axis=1, keepdims=True), values - values.mean()
    heights = centred @ residual / (centred**2).sum(axis=1)
    errors = ((residual - heights[:, None] * centred) ** 2).sum(axis=1)
    coming = np.maximum(heights * decays[:, -1], 0.0)
    floor = np.finfo(float).eps * float((values**2).sum())
    likely = errors <= (errors.min() + floor) * (1 + CHI_SQUARE / max(len(values) - 3, 1))
    if not likely.any():  # squares that no number can hold
        return UNKNOWN
    reached = np.convolve(likely, np.ones(3), "same") > 0  # with the next one on either side: the bound lies between two of the grid
    return Levelling(float(coming[reached].min()), float(coming[np.argmin(errors)]), float(coming[reached].max()))
