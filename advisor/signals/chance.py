"""How far two trainings differ by chance alone: over seeds, over the last epochs, over the samples they are measured on."""

import numpy as np

from advisor.run import Floats

LATE_SHARE = 4  # the last quarter of the epochs
FEWEST_LATE = 5  # epochs, where the run has as many
FEWEST_STEPS = 3  # differences that show a trend
FEWEST_CALM = 3  # epochs of the second half of a run that has few


def seed_spread(gains: Floats) -> float:
    """The standard deviation of the gain over seeds, s = √(Σ(g - ḡ)² / (n - 1)); 0 for a single seed.

    Source: Bouthillier et al. 2021, arXiv:2103.03098, on seeds as the smallest honest unit of variance.

    >>> seed_spread(np.array([0.1, 0.3]))
    0.1414213562373095
    """
    return float(np.std(gains, ddof=1)) if len(gains) > 1 else 0.0


def late_spread(values: Floats) -> float:
    """The standard deviation of a metric from epoch to epoch at the end of a run; a steep trend there counts as well.

    s = √(mean (v[i+1] - v[i])² / 2) over the last quarter of the epochs, at least five: a difference of two independent
    values has twice the variance of one. Source: von Neumann et al. 1941, The mean square successive difference.

    >>> late_spread(np.array([0.0, 0.5, 0.90, 0.92, 0.90, 0.92, 0.90])).__round__(3)
    0.014
    """
    late = last_epochs(values)
    return float(np.sqrt(np.mean(np.diff(late) ** 2) / 2)) if len(late) > 1 else 0.0


def late_jitter(values: Floats) -> float:
    """The same about the trend: how far the last epochs scatter while the metric climbs or falls in a straight line.

    s = √(Σ (d - d̄)² / (2 (m - 1/m))) over the m differences d, whose mean is the trend; of independent values with a trend
    s² expects their variance. Fewer than three differences tell no trend from scatter, and count in full.

    >>> late_jitter(np.array([1.0, 3.0, 5.0, 7.0, 9.0])), late_spread(np.array([1.0, 3.0, 5.0, 7.0, 9.0])).__round__(2)
    (0.0, 1.41)
    """
    steps = np.diff(last_epochs(values))
    if len(steps) < FEWEST_STEPS:
        return late_spread(values)
    return float(np.sqrt(np.sum((steps - np.mean(steps)) ** 2) / (2 * (len(steps) - 1 / len(steps)))))


def late_noise(values: Floats) -> float:
    """How far chance carries a metric at the end of a run, its way up or down aside: the lesser of two estimates.

    Each counts a part of the way: `late_jitter` a bend, such as the steep beginning in the last five of six epochs; `late_spread` of
    the second half a steady climb.

    >>> late_noise(np.array([0.35, 0.77, 0.95, 0.97, 0.97])).__round__(3), late_noise(np.array([0.1, 0.2, 0.3, 0.4, 0.5])).__round__(3)
    (0.01, 0.0)
    """
    finite = values[np.isfinite(values)]
    return min(late_jitter(finite), late_spread(finite[-max(FEWEST_CALM, len(finite) // 2) :]))


def last_epochs(values: Floats) -> Floats:  # (late epochs,)
    """The finite values of the last quarter of the epochs, of at least five."""
    finite = values[np.isfinite(values)]
    return finite[-max(FEWEST_LATE, len(finite) // LATE_SHARE) :]


def paired_error(differences: Floats) -> float:
    """The standard error of the mean of paired differences (samples,): what another validation part of that size could change.

    s = std(d) / √n. Both runs meet the same samples, so what is hard for both cancels.
    Source: Dietterich 1998, Approximate statistical tests for comparing supervised classification learning algorithms.

    >>> paired_error(np.array([1.0, 0.0, 0.0, 1.0])).__round__(3)
    0.289
    """
    finite = differences[np.isfinite(differences)]
    return float(np.std(finite, ddof=1) / np.sqrt(len(finite))) if len(finite) > 1 else 0.0
