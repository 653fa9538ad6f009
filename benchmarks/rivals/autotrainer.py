"""AutoTrainer (ICSE 2021, and the code of 2023): rules of its monitor with their published parameters.

It looks every third epoch at one fixed batch and at the gradient tensors of the kernels; we have gradient norms by layer on training
batches, biases included, and ask all of them. Its share of zero entries in all gradients ("dying ReLU") is not recorded: the mean share of
units that are zero stands in.
Regression has no accuracies, of which most of its rules are made.
"""

from collections.abc import Iterator

import numpy as np

from advisor.run import Floats, Run
from rivals.base import NAN, Word, of_layers, values

WARM_UP = 0.3  # share of the epochs before the accuracies count
THETA, SLOW, SWING, SWINGS = 0.6, 0.01, 0.03, 0.2
VANISH_RATIO, VANISH, EXPLODE_RATIO, DYING = 1e-3, 1e-4, 70.0, 0.7
VANISHING = Word("vanish", ("vanishing-gradient", "deep-saturating-activation"))
EXPLODING = Word("explode", ("exploding-gradient", "learning-rate-too-high", "diverging-loss", "non-finite-loss", "bad-initialization"))
DYING_RELU = Word("dying ReLU", ("dead-units", "zero-gradient"))
NOT_CONVERGING = Word(
    "not converging", ("not-learning", "learning-rate-too-low", "slow-learning", "underfitting", "plateau", "stopped-too-early")
)
UNSTABLE = Word("unstable", ("oscillating-loss", "learning-rate-too-high", "loss-spikes"))


def autotrainer_2021(run: Run) -> Iterator[Word]:
    """The rules of the paper: too poor in training or in validation is not converging, and so is slow."""
    return _words(run, too_large=1e5, both=False)


def autotrainer_head(run: Run) -> Iterator[Word]:
    """The later code: too poor in both, and slow as well."""
    return _words(run, too_large=1e3, both=True)


def _words(run: Run, too_large: float, both: bool) -> Iterator[Word]:
    losses = np.concatenate([values(run, "train_loss"), values(run, "val_loss")])
    if not np.isfinite(losses).all() or (losses >= too_large).any():
        yield NAN
        return
    if both and (losses < 0).any():
        yield Word("abnormal loss", ("mismatched-output-loss",))
        return
    poor, slow = _is_poor(run, both), _is_slow(run)
    if (poor and slow) if both else (poor or slow):
        yield from _why(run)
    elif _is_unstable(values(run, "train_accuracy")):
        yield UNSTABLE


def _why(run: Run) -> Iterator[Word]:
    first, last = _ends(run)
    with np.errstate(all="ignore"):
        ratio = first / last
    if (_zeros(run) >= DYING).any():
        yield DYING_RELU
    elif (ratio > EXPLODE_RATIO).any():
        yield EXPLODING
    elif ((ratio < VANISH_RATIO) & (first < VANISH)).any():
        yield VANISHING
    else:
        yield NOT_CONVERGING


def _ends(run: Run) -> tuple[Floats, Floats]:
    norms = of_layers(run, "grad_norm")
    return (norms[:, 0], norms[:, -1]) if norms.size else (np.empty(0), np.empty(0))


def _zeros(run: Run) -> Floats:
    shares = of_layers(run, "zero_share")
    return shares.mean(axis=1) if shares.size else np.empty(0)


def _late(run: Run, role: str) -> Floats:
    accuracies = values(run, role)
    return accuracies if len(accuracies) >= WARM_UP * float(run.facts.get("epochs_planned", 0)) else np.empty(0)


def _is_poor(run: Run, both: bool) -> bool:
    found = [accuracies.max() < THETA for accuracies in (_late(run, "train_accuracy"), _late(run, "val_accuracy")) if len(accuracies)]
    return bool(found) and (all(found) if both else any(found))


def _is_slow(run: Run) -> bool:
    """No epoch after the warm-up gained a hundredth, in training or in validation."""
    gains = []
    for role in ("train_accuracy", "val_accuracy"):
        accuracies = values(run, role)
        gains += [np.diff(accuracies).max()] if len(accuracies) > 1 else []
    return bool(gains) and all(gain < SLOW for gain in gains)


def _is_unstable(accuracies: Floats) -> bool:
    if len(accuracies) < 3:
        return False
    inner = accuracies[1:-1]
    tops = inner[(inner > accuracies[:-2]) & (inner > accuracies[2:])]
    bottoms = inner[(inner < accuracies[:-2]) & (inner < accuracies[2:])]
    pairs = min(len(tops), len(bottoms))
    return int((tops[:pairs] - bottoms[:pairs] >= SWING).sum()) >= max(1.0, SWINGS * len(accuracies))
