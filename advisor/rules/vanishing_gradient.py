"""G101."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, layers_span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.gradients import Decay, layerwise_decay
from advisor.signals.progress import ends
from advisor.text import counted, number

# Layers that only rescale: their few weights have gradients of another size.
SCALING = "Norm"


class VanishingGradient(Rule):
    """Gradients shrink from layer to layer on their way back to the first layers, which therefore hardly learn.

    What it measures
    ----------------
    The gradient norm of each layer relative to the norm of its weights, as the median over the second half of the
    recordings. A line through its logarithm over the layers says what each layer passes on to the one before it, and what
    is left at the first. Gradients that shrink do not count against a net that learns all the same: the training loss must
    have stayed above half of what it was at first.

    Why it matters
    --------------
    A layer that receives a millionth of the gradient stays as it was drawn at random. The last layers then learn from
    scrambled inputs, and the loss stays near what guessing gives. Adam rescales these gradients and hides the
    symptom without restoring their direction.

    What helps
    ----------
    Pass the gradient on: ReLU and its kin in place of sigmoid or tanh, with an initialisation made for them (He's);
    normalisation between the layers; residual connections, which add a way around each layer. Fewer layers if the task
    does not need them. A larger learning rate does not help: it cannot be right for the first and the last layer at once.

    References
    ----------
    Hochreiter 1991. Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks.
    He, Zhang, Ren, Sun 2015, arXiv:1502.01852 and arXiv:1512.03385.
    """

    code = "G101"
    needs = "layers"
    fixes = ("use-relu", "add-batch-norm", "add-residual", "reinitialize", "add-layer-norm")
    explains = ("not-learning", "underfitting", "plateau", "slow-learning", "tiny-updates", "learning-rate-too-low", "class-collapse")

    LEFT = 1e-3  # of the gradient at the first layer; AutoTrainer's bound. Recorded nets that learned kept 0.02 or more
    PASSED = 0.7  # by each layer; recorded nets that failed so passed on 0.49 at most, those that learned 0.85 and more
    FELL = 0.5  # of the first training loss; recorded nets with vanishing gradients lost 0.18 of it at most
    FEWEST = 4  # layers; a decay over three is a difference between three sizes

    def measure(self, run: Run) -> float:
        return self._decay(run)[2].overall

    def check(self, run: Run) -> Iterable[Finding]:
        names, first, decay = self._decay(run)
        if not (decay.overall <= self.LEFT and decay.per_layer <= self.PASSED) or self._learned(run):
            return
        layers = run.need_layers()
        starved = [name for name, left in zip(names, decay.relative / np.nanmax(decay.relative), strict=True) if left <= self.LEFT]
        evidence = layers_span(run, layers, starved or names[:1], first, len(layers.steps) - 1)
        yield self.finding(_message(names, decay, starved), decay.overall, self.LEFT, evidence, confidence=0.95)

    def _decay(self, run: Run) -> tuple[tuple[str, ...], int, Decay]:
        names, gradients, weights = _weighted_layers(run)
        first = len(gradients) // 2
        decay = layerwise_decay(gradients[first:], weights[first:])
        if decay.fitted.sum() < self.FEWEST:
            raise SignalUnavailable(f"{counted(int(decay.fitted.sum()), 'layer')} with gradients; a decay shows from {self.FEWEST} on")
        return names, first, decay

    def _learned(self, run: Run) -> bool:
        loss = run.get("train_loss")
        if loss is None or len(loss.finite) == 0:
            return False
        start, end = ends(loss.finite.values, share=0.1)
        return start > 0 and (start - end) / start >= self.FELL

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("ten sigmoid layers", _net(shrinking(11, 0.2), train_loss=falling(2.31, 2.3, 20))),
            Example("twenty layers, a little less in each", _net(shrinking(20, 0.6), train_loss=falling(2.3, 1.9, 20))),
            Example("four layers", _net(shrinking(4, 0.08), train_loss=falling(2.3, 1.3, 20))),
            Example("without a loss", _net(shrinking(8, 0.2), val_loss=falling(2.31, 2.3, 20))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        last = np.where(np.arange(20) < 19, 1e-4, 1.0)
        return (
            Example("the same gradients in a net that learns", _net(shrinking(11, 0.2), train_loss=falling(2.31, 0.4, 20))),
            Example("ten layers that pass on most", _net(shrinking(11, 0.75), train_loss=falling(2.31, 2.3, 20))),
            Example("seventy layers that pass on most", _net(shrinking(70, 0.8), train_loss=falling(2.31, 2.3, 20))),
            Example("all layers alike but the last", _net(last, train_loss=falling(2.31, 2.3, 20))),
            Example("small gradients everywhere", _net(np.full(11, 1e-8), train_loss=falling(2.31, 2.3, 20))),
            Example("three layers", _net(shrinking(3, 0.01), train_loss=falling(2.3, 1.3, 20))),
            Example("dead layers: no gradient at all", _net(np.array([0.0, 0.0, 0.0, 1e-3, 1.0]), train_loss=falling(2.3, 2.2, 20))),
        )


def _weighted_layers(run: Run) -> tuple[tuple[str, ...], Floats, Floats]:
    """The layers that transform and not only rescale, with their gradient norms and weight norms (recordings, layers)."""
    layers = run.need_layers()
    kinds = dict(zip(layers.names, layers.kinds, strict=True))
    (with_gradient, gradients), (with_weight, weights) = layers.where("grad_norm"), layers.where("weight_norm")
    names = tuple(name for name in with_gradient if name in with_weight and SCALING not in kinds[name])
    return names, gradients[:, [with_gradient.index(name) for name in names]], weights[:, [with_weight.index(name) for name in names]]


def shrinking(layers: int, passed: float) -> Floats:
    """Gradient norms by layer, first layer first, where each layer passes on that share."""
    return np.asarray(passed ** np.arange(layers - 1.0, -1.0, -1.0))


def _net(norms: Floats, **curves: Any) -> Run:
    names = [f"layers.{i}" for i in range(len(norms))]
    recorded = layered(names, grad_norm=np.tile(norms, (20, 1)), weight_norm=np.ones(len(norms)))
    return record(layers=recorded, **curves)


def _message(names: tuple[str, ...], decay: Decay, starved: list[str]) -> str:
    last = int(np.flatnonzero(decay.fitted)[-1])
    held = f"{len(starved)} of {len(names)} layers, up to {starved[-1]}," if len(starved) > 1 else f"{names[0]} can"
    return (
        f"Each layer passes on about {decay.per_layer:.0%} of the gradient: relative to the weights {names[0]} gets (median) "
        f"{number(float(decay.relative[0]))} and {names[last]} {number(float(decay.relative[last]))}; {held} hardly learn. "
        "First replace saturating activations by ReLU, or normalise between the layers."
    )
