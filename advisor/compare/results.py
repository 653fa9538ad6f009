"""The result of a run under a metric, and what the record alone shows of its noise."""

from dataclasses import dataclass

import numpy as np

from advisor.compare.metrics import Metric
from advisor.run import Floats, Run, Series
from advisor.signals.chance import late_jitter

SHARES = frozenset({"val_accuracy", "val_balanced_accuracy"})
# Agresti and Coull's two successes and two failures: no part of finite size proves a share of 0 or 1.
ADDED = 2


@dataclass(frozen=True)
class Result:
    """What a run ended with; both errors are standard deviations in the unit of the metric."""

    value: float
    epoch: int | None
    late: float  # how far one epoch at the end is from the next by chance, its trend apart
    sampling: float | None  # what another validation part of that size could change; None where that is not known


def result_of(run: Run, metric: Metric) -> Result:
    """The last value, or that of the result's epoch where the run says which it is (the best one under early stopping)."""
    series = run.need(metric.role)
    end = _end(run, series)
    epoch = series.epochs[end]
    value = float(series.values[end])
    return Result(
        value, int(epoch) if np.isfinite(epoch) else None, late_jitter(series.values[: end + 1]), sampling_error(run, metric, value)
    )


def _end(run: Run, series: Series) -> int:
    """Which point of a series is the result."""
    epoch = (run.about.get("result") or {}).get("epoch")
    found = np.flatnonzero(series.epochs == epoch)
    return int(found[-1]) if len(found) else len(series) - 1


def sampling_error(run: Run, metric: Metric, value: float) -> float | None:
    """The standard error of a mean over the validation part, where its size is known.

    Accuracy: √(p (1 - p) / n), p with two successes and two failures added (Agresti and Coull 1998, Approximate is better than exact).
    Balanced accuracy: the same, with n = K² / Σ 1/nₖ, the size of K classes alike that would err as much.
    R²: (1 - R²) √(2 / n), the error of a mean of squared normal errors.
    """
    samples = run.facts.get("validation_samples")
    if not isinstance(samples, int) or samples < 1 or not np.isfinite(value):
        return None
    if metric.name == "val_r2":
        return float((1 - value) * np.sqrt(2 / samples))
    if metric.name not in SHARES or not 0 <= value <= 1:
        return None
    counted = samples if metric.name == "val_accuracy" else _balanced_size(samples, np.array(run.facts.get("class_shares", [1.0])))
    share = (value * counted + ADDED) / (counted + 2 * ADDED)
    return float(np.sqrt(share * (1 - share) / (counted + 2 * ADDED)))


def _balanced_size(samples: int, shares: Floats) -> float:
    """How many samples of classes alike tell as much as these.

    >>> _balanced_size(100, np.array([0.5, 0.5])), _balanced_size(100, np.array([0.9, 0.1])).__round__(1)
    (100.0, 36.0)
    """
    counts = np.maximum(samples * shares[shares > 0], 1)
    return float(len(counts) ** 2 / np.sum(1 / counts))
