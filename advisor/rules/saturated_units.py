"""A102."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, layers_span
from advisor.rules._settings import constrained
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.activations import late_medians
from advisor.text import of_layer


class SaturatedUnits(Rule):
    """Sigmoid or tanh units are pinned at their limits, where they hardly pass on any gradient.

    What it measures
    ----------------
    For each hidden sigmoid or tanh layer the share of outputs within a hundredth of their limits, as the median over the
    second half of the recordings. What the last layer puts out is left aside: a good classifier is sure of its answers. Where the
    settings leave a layer a handful of units it is information: it takes them all to tell anything apart.

    Why it matters
    --------------
    At its limits a sigmoid or tanh is flat: its slope is below 0.02 there, so that the layers before it receive next to
    nothing, and it tells their inputs apart no better than a switch. The net learns slowly, and with what little is left.

    What helps
    ----------
    Scale the inputs to zero mean and unit spread; initialise so that each layer keeps the spread of its inputs (Glorot's);
    normalise between the layers; or use ReLU, which has no upper limit. A lower learning rate helps where the units were
    driven there by a few large steps.

    References
    ----------
    LeCun, Bottou, Orr, Mueller 1998, Efficient BackProp, sections 4.3 to 4.6. Glorot, Bengio 2010, Understanding the
    difficulty of training deep feedforward neural networks, section 3.
    """

    code = "A102"
    needs = "layers"
    fixes = ("scale-inputs", "reinitialize", "add-batch-norm", "use-relu", "lower-learning-rate")
    explains = (
        *("not-learning", "underfitting", "plateau", "slow-learning", "tiny-updates", "class-collapse"),
        *("overfitting", "generalization-gap"),  # a net of switches tells its own samples apart, and little else
    )

    SATURATED = 0.5  # SageMaker Debugger's bound; recorded nets: 0.25 at most, but for those built to saturate, with 0.7 and more

    def measure(self, run: Run) -> float:
        return float(np.nanmax(self._shares(run)[1], initial=0.0))

    def check(self, run: Run) -> Iterable[Finding]:
        names, shares = self._shares(run)
        pinned = [name for name, share in zip(names, shares, strict=True) if share >= self.SATURATED]
        if not pinned:
            return
        layers = run.need_layers()
        evidence = layers_span(run, layers, pinned, len(layers.steps) // 2, len(layers.steps) - 1)
        found = self.finding(_message(names, shares, len(pinned)), self.measure(run), self.SATURATED, evidence, confidence=0.9)
        yield replace(found, severity=Severity.INFO) if constrained(run) else found

    def _shares(self, run: Run) -> tuple[tuple[str, ...], Floats]:
        layers = run.need_layers()
        names, values = layers.where("saturated_share")
        hidden = [i for i, name in enumerate(names) if name != layers.names[-1]]
        if not hidden:
            raise SignalUnavailable("no hidden sigmoid or tanh layer")
        return tuple(names[i] for i in hidden), late_medians(values[:, hidden])

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("nine tenths of the first layer", _net([0.9, 0.3, 0.1])),
            Example("two thirds everywhere", _net([0.67, 0.67, 0.67])),
            Example(
                "two units a layer: information", replace(_net([0.67, 0.67, 0.67]), config={"model": {"kind": "mlp", "hidden": [2, 2]}})
            ),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("a third everywhere", _net([0.33, 0.33, 0.33])),
            Example("only at first", _net(np.linspace([0.9, 0.9, 0.9], [0.0, 0.0, 0.0], 20))),
            Example("only the output", _net([0.1, 0.1, 0.9], last="Sigmoid")),
        )


def _net(shares: Any, last: str = "Linear") -> Run:
    hidden = np.broadcast_to(np.asarray(shares, dtype=float), (20, 3))
    if last == "Linear":
        recorded = layered(
            ("act1", "act2", "act3", "head"), ("Tanh",) * 3 + (last,), saturated_share=np.column_stack([hidden, np.full(20, np.nan)])
        )
    else:
        recorded = layered(("act1", "act2", "output"), ("Tanh", "Tanh", last), saturated_share=hidden)
    return record(layers=recorded, train_loss=falling(2.3, 1.5, 20))


def _message(names: tuple[str, ...], shares: Floats, pinned: int) -> str:
    worst = int(np.nanargmax(shares))
    return (
        f"{shares[worst]:.0%} of the outputs of {of_layer(names[worst])} are at their limits ({pinned} of {len(names)} sigmoid or tanh "
        "layers are affected). First look at the scale of what goes in: inputs with zero mean and unit spread, Glorot's initialisation."
    )
