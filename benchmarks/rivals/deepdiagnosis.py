"""DeepDiagnosis (ICSE 2022): the first of its eight symptoms, in its order, and nothing after it.

It reads tensors at each epoch's first batch. We have norms by layer,
    from which mean sizes and variances follow only about; the share of outputs
at the limits stands in for pre-activations beyond 5; means of layer outputs that are exactly equal are told by a loss that does not change.
Its test of the last layer's range is asked of the Config: what it calls out of range is an activation before the loss.
"""

from collections.abc import Iterator

import numpy as np

from advisor import dotted
from advisor.run import Run
from rivals.base import NAN, Word, mean_size, of_layers, parameters_of_a_layer, values

DEAD, SATURATED, VANISHED = 0.7, 0.5, 1e-7
SAME_LOSS, SAME_ACCURACY = 5, 20
VARIANCES = (1e-5, 10.0)


def deepdiagnosis(run: Run) -> Iterator[Word]:
    """At most one word."""
    for symptom in (_out_of_range, _saturated, _unchanged, _loss, _gradients, _weights, _dead):
        words = list(symptom(run))
        if words:
            yield words[0]
            return


def _out_of_range(run: Run) -> Iterator[Word]:
    if dotted.get(run.config, "model.output", "logits") in {"relu", "tanh", "sigmoid"}:
        yield Word("out of range", ("mismatched-output-loss",))


def _dead(run: Run) -> Iterator[Word]:
    shares = of_layers(run, "zero_share")
    if shares.size and (shares[-1] >= DEAD).any():
        yield Word("dead node", ("dead-units", "zero-gradient"))


def _saturated(run: Run) -> Iterator[Word]:
    shares = of_layers(run, "saturated_share")
    if shares.size and (shares > SATURATED).any():
        yield Word("saturated activation", ("saturated-units", "deep-saturating-activation", "vanishing-gradient", "unscaled-inputs"))


def _unchanged(run: Run) -> Iterator[Word]:
    ratios = of_layers(run, "update_ratio")
    if len(ratios) >= SAME_LOSS and (ratios[-SAME_LOSS:] == 0).all(axis=0).any():
        yield Word("unchanged weight", ("zero-gradient", "tiny-updates", "learning-rate-too-low", "bad-initialization"))


def _loss(run: Run) -> Iterator[Word]:
    losses, accuracies = values(run, "train_loss"), values(run, "train_accuracy")
    if not np.isfinite(losses).all():
        yield NAN
    if _is_constant(losses, SAME_LOSS):
        yield Word("loss not decreasing", ("not-learning", "learning-rate-too-low", "plateau", "bad-initialization"))
    if _is_constant(accuracies, SAME_ACCURACY) or (len(accuracies) and accuracies[-1] == 0):
        yield Word("accuracy not increasing", ("not-learning", "class-collapse", "learning-rate-too-low", "plateau", "bad-initialization"))


def _is_constant(series: np.ndarray, length: int) -> bool:
    """Whether the mean of some successive values is their largest."""
    windows = (series[i : i + length] for i in range(len(series) - length + 1))
    return any(window.max() <= window.mean() for window in windows)


def _gradients(run: Run) -> Iterator[Word]:
    sizes = mean_size(run)
    if not np.isfinite(values(run, "grad_norm")).all():
        yield NAN
    if sizes.size and (sizes < VANISHED).any():
        yield Word("vanishing gradient", ("vanishing-gradient", "zero-gradient", "bad-initialization", "dead-units"))


def _weights(run: Run) -> Iterator[Word]:
    variances = of_layers(run, "weight_norm") ** 2 / parameters_of_a_layer(run)
    if variances.size and ((variances < VARIANCES[0]) | (variances > VARIANCES[1])).any():
        yield Word("poor weight", ("bad-initialization", "unscaled-inputs", "learning-rate-too-high", "excessive-regularization"))
