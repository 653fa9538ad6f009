"""G101."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, layers_span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.achieved import best_skill
from advisor.signals.gradients import Decay, layerwise_decay
from advisor.signals.progress import ends
from advisor.text import counted, number, of_layer

# Layers that only rescale: their few weights have gradients of another size.
SCALING = "Norm"
RECTIFYING, SATURATING = "LU", ("igmoid", "anh", "Softsign")  # how the classes of activations end: ReLU, SELU, GELU; LogSigmoid, Hardtanh
START = 3  # recordings: of the first steps


class VanishingGradient(Rule):
    """Gradients shrink from layer to layer on their way back to the first layers, which therefore hardly learn.

    What it measures
    ----------------
    The gradient norm of each layer relative to the norm of its weights, as the median over the first recordings or over the
    second half of them, whichever shrinks more: a net may spend most of its time on leaving where no gradient arrives. A line
    through its logarithm over the layers says what each layer passes on to the one before it, and what is left at the first.
    Gradients that shrink do not count against a net that learns all the same, nor where units were at their limits from the
    start: these are then what stops the gradient.

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
    explains = (
        "not-learning",
        "underfitting",
        "plateau",
        "slow-learning",
        "tiny-updates",
        "learning-rate-too-low",
        "class-collapse",
        "saturated-units",
    )

    LEFT = 1e-3  # of the gradient at the first layer; AutoTrainer's bound. Recorded nets that learned kept 0.02 or more
    PASSED = 0.7  # by each layer; recorded nets that failed so passed on 0.49 at most, those that learned 0.85 and more
    FELL = 0.5  # of the first training loss, where no accuracy tells; recorded nets with vanishing gradients lost 0.18 of it at most
    LEARNED = 0.92  # skill; recorded nets that such gradients held back reached 0.90, sound ones 0.93 and more
    PINNED = 0.5  # of the outputs of a sigmoid or tanh layer at their limits (SageMaker Debugger's bound)
    FEWEST = 4  # layers; a decay over three is a difference between three sizes

    def measure(self, run: Run) -> float:
        return self._decay(run)[2].overall

    def check(self, run: Run) -> Iterable[Finding]:
        names, first, decay = self._decay(run)
        if not (decay.overall <= self.LEFT and decay.per_layer <= self.PASSED) or self._learned(run) or self._pinned(run):
            return
        layers = run.need_layers()
        starved = [name for name, left in zip(names, decay.relative / np.nanmax(decay.relative), strict=True) if left <= self.LEFT]
        evidence = layers_span(run, layers, starved or names[:1], *first)
        yield self.finding(_message(names, decay, starved) + _first(layers.kinds), decay.overall, self.LEFT, evidence, confidence=0.95)

    def _decay(self, run: Run) -> tuple[tuple[str, ...], tuple[int, int], Decay]:
        """The layers, the first and last recording that count, and the decay among them."""
        names, gradients, weights = _weighted_layers(run)
        half, last = len(gradients) // 2, len(gradients) - 1
        late = layerwise_decay(gradients[half:], weights[half:])
        start = layerwise_decay(gradients[:START], weights[:START])
        told = ((late, (half, last)), (start, (0, min(START, len(gradients)) - 1)))
        whole = [(decay, among) for decay, among in told if decay.fitted.sum() >= self.FEWEST]
        if not whole:
            raise SignalUnavailable(f"{counted(int(late.fitted.sum()), 'layer')} with gradients; a decay shows from {self.FEWEST} on")
        decay, among = min(whole, key=lambda each: each[0].overall)
        return names, among, decay

    def _pinned(self, run: Run) -> bool:
        """Whether sigmoid or tanh units were at their limits from the start."""
        try:
            shares = run.need_layers().where("saturated_share")[1][:START]
        except SignalUnavailable:
            return False
        return float(np.nanmax(np.nanmedian(shares, axis=0), initial=0.0)) >= self.PINNED

    def _learned(self, run: Run) -> bool:
        skill = best_skill(run)
        if skill == skill:
            return skill >= self.LEARNED
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
            Example("only at the start, and half way in the end", _net(_waking(), **_right(0.6))),
            Example("a quarter of the outputs at their limits", _net(shrinking(8, 0.2), np.full((20, 8), 0.26), **_right(0.2))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        last = np.where(np.arange(20) < 19, 1e-4, 1.0)
        pinned = np.full((20, 8), 0.9)
        return (
            Example("the same gradients in a net that learns", _net(shrinking(11, 0.2), train_loss=falling(2.31, 0.4, 20))),
            Example("ten layers that pass on most", _net(shrinking(11, 0.75), train_loss=falling(2.31, 2.3, 20))),
            Example("seventy layers that pass on most", _net(shrinking(70, 0.8), train_loss=falling(2.31, 2.3, 20))),
            Example("all layers alike but the last", _net(last, train_loss=falling(2.31, 2.3, 20))),
            Example("small gradients everywhere", _net(np.full(11, 1e-8), train_loss=falling(2.31, 2.3, 20))),
            Example("three layers", _net(shrinking(3, 0.01), train_loss=falling(2.3, 1.3, 20))),
            Example("only at the start, and 95 % correct in the end", _net(_waking(), **_right(0.95))),
            Example("units at their limits from the start", _net(shrinking(8, 0.2), pinned, **_right(0.2))),
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


def _waking() -> Floats:
    """No gradient at the first layers in the first recordings, then enough."""
    return np.concatenate([np.tile(shrinking(8, 0.2), (4, 1)), np.ones((16, 8))])


def _right(accuracy: float) -> dict[str, Any]:
    return {"train_loss": falling(2.3, 0.9, 20), "train_accuracy": falling(0.1, accuracy, 20), "facts": {"class_shares": [0.1] * 10}}


def _net(norms: Floats, saturated: Floats | None = None, **curves: Any) -> Run:
    table = np.broadcast_to(norms, (20, norms.shape[-1]))
    pinned: dict[str, Any] = {} if saturated is None else {"saturated_share": saturated}
    names = [f"layers.{i}" for i in range(table.shape[1])]
    return record(layers=layered(names, grad_norm=table, weight_norm=np.ones(len(names)), **pinned), **curves)


def _message(names: tuple[str, ...], decay: Decay, starved: list[str]) -> str:
    last = int(np.flatnonzero(decay.fitted)[-1])
    held = f"{len(starved)} of {len(names)} layers, up to {of_layer(starved[-1])}," if len(starved) > 1 else f"{of_layer(names[0])} can"
    return (
        f"Each layer passes on about {decay.per_layer:.0%} of the gradient: relative to the weights {of_layer(names[0])} gets (median) "
        f"{number(float(decay.relative[0]))} and {of_layer(names[last])} {number(float(decay.relative[last]))}; {held} hardly learn. "
    )


def _first(kinds: Sequence[str]) -> str:
    """What to do first: nobody is told to take ReLU where the recording names ReLU or its kin as all there is."""
    rectifies, saturates = (any(kind.endswith(ends) for kind in kinds) for ends in (RECTIFYING, SATURATING))
    if rectifies and not saturates:
        return "First normalise between the layers, or add residual connections."
    return "First replace saturating activations by ReLU, or normalise between the layers."
