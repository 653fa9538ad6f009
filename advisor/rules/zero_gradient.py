"""G103."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, layers_span
from advisor.rules._settings import narrow
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.achieved import fell
from advisor.signals.marks import dead_share
from advisor.text import counted, of_layer

NAMES = ("first", "second", "third", "head")


class ZeroGradient(Rule):
    """A trainable layer receives no gradient at all, so that no step ever changes it.

    What it measures
    ----------------
    For each layer with trainable weights the share of the later recordings in which its gradient was exactly zero. Layers that are
    frozen have no gradient to record and do not count; a first step from zero weights is over by then. Where even the first layer
    receives a gradient, one without is only a spare branch. A net that has removed nearly all of its loss has nothing left to follow,
    and where the settings leave a layer a handful of units that died, nothing else has to be looked for.

    Why it matters
    --------------
    Such a layer stays as it was drawn at random, and everything behind it learns from scrambled inputs; where no layer has a gradient
    nothing learns. The loss may still fall through the layers behind, which hides it.

    What helps
    ----------
    Follow the loss backwards and look for what cuts it off: `detach()`, `.data`, `no_grad`, a rounding or an argmax, an output that is
    never used, an optimiser that emptied all units, weights that are all zero. If the layer should rest, freeze it openly.

    References
    ----------
    PyTorch, Autograd mechanics. Cao et al. 2022, DeepFD, arXiv:2205.01938. SageMaker Debugger, rule AllZero.
    """

    code = "G103"
    needs = "layers"
    fixes = ("connect-layers", "unfreeze-layers", "reinitialize", "use-leaky-relu")
    explains = ("not-learning", "underfitting", "plateau", "class-collapse", "tiny-updates", "slow-learning")

    ALWAYS = 0.95  # of the late recordings; recorded: 1 in layers cut off, 0 in sound nets of 70 kinds
    FEWEST = 4  # recordings: the first steps from zero weights have no gradient below them
    DONE = 0.98  # of the loss; a recorded net at its floor lost 0.99 of it

    def measure(self, run: Run) -> float:
        return float(np.max(self._shares(run)[1]))

    def check(self, run: Run) -> Iterable[Finding]:
        names, shares = self._shares(run)
        cut = shares >= self.ALWAYS
        if not cut.any() or (cut.all() and fell(run) >= self.DONE):
            return
        if (units := narrow(run)) and dead_share(run) >= self.ALWAYS:
            raise SignalUnavailable(f"all {units} units of a layer (model.hidden) are dead, and nothing passes them")
        layers = run.need_layers()
        chosen = [name for name, is_cut in zip(names, cut, strict=True) if is_cut]
        evidence = layers_span(run, layers, chosen, len(layers.steps) // 2, len(layers.steps) - 1)
        found = self.finding(_message(chosen, len(names), bool(cut[0])), self.measure(run), self.ALWAYS, evidence, confidence=0.95)
        yield replace(found, severity=_severity(bool(cut.all()), bool(cut[0])))

    def _shares(self, run: Run) -> tuple[tuple[str, ...], Floats]:
        names, gradients = run.need_layers().where("grad_norm")
        late = gradients[len(gradients) // 2 :]
        if len(gradients) < self.FEWEST:
            raise SignalUnavailable(
                f"{counted(len(gradients), 'recording')} by layer; a layer without gradient shows from {self.FEWEST} on"
            )
        return names, np.asarray((late == 0).mean(axis=0))

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("nothing receives a gradient", _net([0.0, 0.0, 0.0, 0.0])),
            Example("the first layer is cut off", _net([0.0, 0.2, 0.2, 0.3], end=0.4)),
            Example("a spare branch in the middle", _net([0.2, 0.0, 0.2, 0.3], end=0.1)),
            Example("all but the head, in four recordings", _net([0.0, 0.0, 0.0, 0.3], recordings=4)),
            Example("the 64 units of a layer are dead", _bottleneck(64)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        starting = np.tile([0.1, 0.1, 0.1, 0.3], (20, 1))
        starting[:8, :3] = 0.0
        resting = np.tile([0.1, 0.1, 0.1, 0.3], (20, 1))
        resting[::2, 0] = 0.0
        return (
            Example("tiny gradients", _net([1e-12, 0.2, 0.2, 0.3])),
            Example("weights that start from zero", _net(starting)),
            Example("a branch used in every second batch", _net(resting)),
            Example("nothing left to follow", _net([0.0, 0.0, 0.0, 0.0], end=0.001)),
            Example("three recordings", _net([0.0, 0.2, 0.2, 0.3], recordings=3)),
            Example("the two units of a layer are dead", _bottleneck(2)),
        )


def _severity(everywhere: bool, leading: bool) -> Severity:
    if everywhere:
        return Severity.ERROR
    return Severity.WARNING if leading else Severity.INFO


def _net(norms: Any, end: float = 2.29, recordings: int = 20) -> Run:
    table = np.broadcast_to(np.asarray(norms, dtype=float), (recordings, 4)) if np.ndim(norms) == 1 else norms
    return record(layers=layered(NAMES, grad_norm=table, weight_norm=np.ones(4)), train_loss=falling(2.3, end, 20, pace=2.0))


def _bottleneck(units: int) -> Run:
    gradients, zeros = np.tile([0.0, np.nan, 0.3], (20, 1)), np.tile([np.nan, 1.0, np.nan], (20, 1))
    layers = layered(("first", "act", "head"), ("Linear", "ReLU", "Linear"), grad_norm=gradients, zero_share=zeros)
    return record(layers=layers, train_loss=falling(2.3, 2.29, 20), config={"model": {"kind": "mlp", "hidden": [units]}})


def _message(cut: list[str], layers: int, leading: bool) -> str:
    if len(cut) == layers:
        return (
            f"None of the {layers} layers received a gradient in the second half of the recordings: nothing can learn. "
            "First look for what cuts the loss off from the weights."
        )
    which = of_layer(cut[0]) + (f" and {len(cut) - 1} more" if len(cut) > 1 else "")
    where = "it stays as it was drawn" if leading else "layers before it do get one, so it is a branch that the loss does not use"
    return (
        f"{len(cut)} of {layers} layers ({which}) received a gradient of exactly 0 in the second half of the recordings: {where}. "
        "First look for what cuts it off."
    )
