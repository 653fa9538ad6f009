"""Prechelt's criteria: when would early stopping have stopped?"""

import numpy as np

from advisor.run import Floats


def generalization_loss(validation: Floats) -> Floats:
    """How far each validation error lies above the lowest so far, in percent of that lowest one.

    GL(t) = 100 (E_va(t) / min over t' ≤ t of E_va(t') - 1). Needs positive errors. (points,) to (points,).
    Source: Prechelt 1998, Early Stopping - But When?

    >>> generalization_loss(np.array([2.0, 1.0, 1.5])).tolist()
    [0.0, 0.0, 50.0]
    """
    return 100 * (validation / np.minimum.accumulate(validation) - 1)


def progress(training: Floats, strip: int) -> Floats:
    """How much the training error still moves within the last `strip` epochs, in thousandths; nan before that.

    P_k(t) = 1000 (mean of the strip / minimum of the strip - 1). (points,) to (points,).
    Source: Prechelt 1998.

    >>> progress(np.array([4.0, 2.0, 2.0]), strip=2).tolist()
    [nan, 500.0, 0.0]
    """
    if len(training) < strip:
        return np.full(len(training), np.nan)
    strips = np.lib.stride_tricks.sliding_window_view(training, strip)
    return np.concatenate([np.full(strip - 1, np.nan), 1000 * (strips.mean(axis=1) / strips.min(axis=1) - 1)])


def progress_quotient(training: Floats, validation: Floats, strip: int) -> Floats:
    """Generalisation loss over training progress: large where validation worsens and training has stopped falling.

    PQ(t) = GL(t) / P_k(t); inf or nan where training did not move. Source: Prechelt 1998.

    >>> progress_quotient(np.array([4.0, 2.0, 1.0]), np.array([2.0, 1.0, 1.5]), strip=2).tolist()
    [nan, 0.0, 0.1]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return generalization_loss(validation) / progress(training, strip)


def longest_climb(validation: Floats, strip: int) -> int:
    """The largest number of strips of `strip` epochs in a row at whose ends validation was worse than a strip before.

    UP_s fires once this reaches s. Source: Prechelt 1998.

    >>> longest_climb(np.array([3.0, 1.0, 2.0, 3.0, 2.0]), strip=1)
    2
    """
    ends = validation[strip - 1 :: strip]
    longest = current = 0
    for worse in np.diff(ends) > 0:
        current = current + 1 if worse else 0
        longest = max(longest, current)
    return longest
