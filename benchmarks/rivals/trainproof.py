"""trainproof 0.22 (PyPI): its rules on one record an epoch, from losses and gradient norms alone, which is all it reads itself."""

from collections.abc import Iterator

import numpy as np

from advisor.run import Run
from rivals.base import NAN, Word, values

FLAT, DIVERGED, DEAD, SPIKE = 0.001, 1.5, 0.95, 10.0
POINTS, ENDS = 10, 5  # that a dead run needs; at its beginning and end
AGO, LAST, WORSE = 3, 3, 1.2  # overfit: evaluations since the best, at the end, and how much worse they are


def trainproof(run: Run) -> Iterator[Word]:
    """Failures first, then warnings."""
    losses, norms, rates = values(run, "train_loss"), values(run, "grad_norm"), values(run, "lr")
    if not (np.isfinite(losses).all() and np.isfinite(norms).all()):
        yield NAN
        return
    if len(losses) >= ENDS and (losses == 0).all():
        yield Word("zero loss", ("non-finite-loss",))
    if len(norms) >= ENDS and (norms == 0).all():
        yield Word("zero gradient", ("zero-gradient", "bad-initialization", "dead-units"))
    if len(rates) and (rates <= 0).mean() > 0.1:
        yield Word("no rate", ("learning-rate-too-low", "tiny-updates"))
    yield from _of_losses(losses)
    if len(norms) and (norms > SPIKE * np.median(norms)).any():
        yield Word("gradient spike", ("exploding-gradient", "loss-spikes", "learning-rate-too-high"))
    if _overfits(losses, values(run, "val_loss")):
        yield Word("overfit", ("overfitting",))


def _of_losses(losses: np.ndarray) -> Iterator[Word]:
    if len(losses) < 2:
        return
    stuck = (
        "not-learning",
        "learning-rate-too-low",
        "plateau",
        "bad-initialization",
        "tiny-updates",
        "zero-gradient",
        "vanishing-gradient",
    )
    if losses.std() < FLAT * abs(losses.mean()):
        yield Word("flat", stuck)
    positive = losses[losses > 0]
    if len(positive) and losses[-1] > DIVERGED * positive.min():
        yield Word("diverge", ("diverging-loss", "learning-rate-too-high", "loss-spikes", "oscillating-loss"))
    if len(losses) >= POINTS and np.median(losses[-ENDS:]) >= DEAD * np.median(losses[:ENDS]):
        yield Word("dead run", stuck)


def _overfits(train: np.ndarray, val: np.ndarray) -> bool:
    if len(val) < 4 or len(train) != len(val) or not np.isfinite(val).all():
        return False
    best = int(val.argmin())
    return len(val) - 1 - best >= AGO and bool(np.median(val[-LAST:]) > WORSE * val[best] and train[-1] < train[best])
