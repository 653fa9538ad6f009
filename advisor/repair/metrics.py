"""What decides: each metric as a number for each validation sample, of which it is the mean.

Written so, the difference of two runs is a mean of paired differences, and its sampling error is known (see `signals.chance`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from advisor.repair.trainer import Scores
from advisor.run import Floats


@dataclass(frozen=True)
class Metric:
    """One figure of the result on the validation part."""

    name: str  # as the column of run.csv
    higher_is_better: bool
    by_sample: Callable[[Scores], Floats]  # (samples,)
    guessing: Callable[[Scores], float] | None = None  # what the answer that is the same for every sample comes to
    missing: Callable[[float], float] = lambda value: 1.0  # what a difference is a share of, at some value

    def value(self, scores: Scores) -> float:
        """The metric itself."""
        return float(np.mean(self.by_sample(scores)))


def balanced_accuracy(scores: Scores) -> Floats:  # (samples,)
    """For each sample n / (K n_k) where its class k is found, else 0; the mean is the mean of the K classes' recalls.

    >>> ACCURACY.value(Scores(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])))
    0.5
    """
    _, which, counts = np.unique(scores.targets.ravel(), return_inverse=True, return_counts=True)
    weights: Floats = len(which) / (len(counts) * counts[which])
    found: Floats = np.where(scores.targets.ravel() == scores.predictions.ravel(), weights, 0.0)
    return found


def one_class(scores: Scores) -> float:
    """The balanced accuracy of naming one of the K classes for every sample: 1 / K.

    >>> one_class(Scores(np.array([0, 0, 0, 1]), np.array([1, 1, 1, 0])))
    0.5
    """
    return 1.0 / len(np.unique(scores.targets))


def r2(scores: Scores) -> Floats:  # (samples,)
    """For each sample 1 - n e² / Σ(y - ȳ)², mean over targets that vary; the mean over samples is R², 0 for naming their mean.

    >>> R2.value(Scores(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])))
    0.0
    """
    targets = scores.targets.reshape(len(scores.targets), -1).astype(np.float64)
    errors = np.square(scores.predictions.reshape(targets.shape).astype(np.float64) - targets)
    spread = np.square(targets - targets.mean(axis=0)).sum(axis=0)
    varies = spread > 0
    if not varies.any():
        return np.zeros(len(targets))
    shares: Floats = np.mean(1 - len(targets) * errors[:, varies] / spread[varies], axis=1)
    return shares


def loss(scores: Scores) -> Floats:  # (samples,)
    """The loss of each sample; nan where it was not measured."""
    return np.full(len(scores.targets), np.nan) if scores.losses is None else scores.losses


ACCURACY = Metric("val_balanced_accuracy", True, balanced_accuracy, one_class)
# From 0.96 to 0.98 halves the errors of numbers, and is little among shares of right answers.
R2 = Metric("val_r2", True, r2, guessing=lambda scores: 0.0, missing=lambda value: min(max(1.0 - value, 0.0), 1.0))
LOSS = Metric("val_loss", False, loss, missing=abs)
JUDGED_BY_LOSS = frozenset({"overfitting", "mismatched-output-loss"})


def deciding(rule: str, scores: Scores, same_loss: bool) -> Metric:
    """What decides on a fix for a rule's finding: balanced accuracy for classes, R² for numbers.

    Overfitting shows in the validation loss first, and outputs that do not suit the loss often in nothing else: they are judged by
    that, if the loss function stayed the same.
    """
    if rule in JUDGED_BY_LOSS and same_loss and scores.losses is not None:
        return LOSS
    return ACCURACY if np.issubdtype(scores.targets.dtype, np.integer) else R2
