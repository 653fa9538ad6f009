"""Amazon SageMaker Debugger: first-party rules with their documented defaults, one look an epoch (losses) or a recording (tensors).

Mean gradients are norms by the root of a layer's size; a tanh pinned beyond 9.5 cannot be told from one beyond 0.99; "unchanged" is an
update ratio of exactly zero.
"""

from collections.abc import Iterator

import numpy as np

from advisor.run import Run
from rivals.base import NAN, Word, mean_size, of_layers, values

VANISHED, RATIOS, HALF = 1e-7, (1e-8, 10.0), 0.5
STEPS, GAP = 10, 0.1  # LossNotDecreasing, Overfit
PATIENCE, DELTA = {"train_loss": 5, "val_loss": 10}, 0.1  # Overtraining


def sagemaker(run: Run) -> Iterator[Word]:
    """Every rule that fires, tensors first."""
    losses = values(run, "train_loss")
    if not np.isfinite(losses).all():
        yield NAN
    sizes, ratios = mean_size(run), of_layers(run, "update_ratio")
    if (sizes < VANISHED).any():
        yield Word("VanishingGradient", ("vanishing-gradient", "zero-gradient", "bad-initialization"))
    if (ratios > RATIOS[1]).any():
        yield Word("WeightUpdateRatio", ("huge-updates", "learning-rate-too-high"))
    if (ratios < RATIOS[0]).any():
        yield Word("WeightUpdateRatio, UnchangedTensor", ("tiny-updates", "learning-rate-too-low", "zero-gradient"))
    if (of_layers(run, "zero_share") > HALF).any():
        yield Word("DeadRelu", ("dead-units", "zero-gradient"))
    if (of_layers(run, "saturated_share") > HALF).any():
        yield Word("SaturatedActivation", ("saturated-units", "vanishing-gradient", "deep-saturating-activation"))
    if len(losses) > STEPS and (losses[STEPS:] >= losses[:-STEPS]).any():
        yield Word(
            "LossNotDecreasing",
            ("not-learning", "plateau", "diverging-loss", "learning-rate-too-high", "learning-rate-too-low", "underfitting"),
        )
    if _overfits(run):
        yield Word("Overfit", ("overfitting", "generalization-gap"))
    if any(_overtrains(values(run, role), patience) for role, patience in PATIENCE.items()):
        yield Word("Overtraining", ("trained-too-long", "overfitting"))


def _overfits(run: Run) -> bool:
    train, val = values(run, "train_loss"), values(run, "val_loss")
    if len(train) != len(val) or not len(val):
        return False
    with np.errstate(all="ignore"):
        return bool(((val - train) / train > GAP).any())


def _overtrains(losses: np.ndarray, patience: int) -> bool:
    """So many epochs in a row that did not better the best loss by `DELTA`."""
    best, waited = np.inf, 0
    for loss in losses:
        best, waited = (loss, 0) if loss < best - DELTA else (min(best, loss), waited + 1)
        if waited > patience:
            return True
    return False
