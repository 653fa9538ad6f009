"""A101."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from advisor import dotted
from advisor.findings import Finding, Severity, layers_span
from advisor.rules._settings import constrained
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.achieved import best_skill
from advisor.signals.activations import late_medians
from advisor.text import of_layer

KINDS = ("ReLU", "ReLU", "ReLU", "ReLU")
NAMES = ("act1", "act2", "act3", "act4")


class DeadUnits(Rule):
    """Units are zero for every sample: they pass nothing on, and no gradient reaches them.

    What it measures
    ----------------
    For each activation layer the share of units that were zero for every sample of the recorded batches, as the median
    over the second half of the recordings. A unit that is zero for some samples is no matter: half of all ReLU outputs are.
    In a small batch a sound unit may be zero for every sample by chance; then nearly all units of a layer must be. Where the net does
    its work well all the same, it has units to spare, and that is told as information; so it is where the settings leave a layer a
    handful of units or freeze it as it was drawn, for then this is what holds the net down.

    Why it matters
    --------------
    A ReLU that is never positive has a gradient of zero, so that no step changes its weights: it comes back only if the layers before
    it happen to move its inputs, which is rare, and never in the first layer. The layer works with the width that is left, and once a
    whole layer is dead nothing before it learns any more.

    What helps
    ----------
    Lower the learning rate: usually one large step pushed the biases far below zero. A leaky ReLU or GELU lets units come back,
    normalisation keeps their inputs around zero, He's initialisation starts them there. Units that are dead stay dead: train again from
    the start.

    References
    ----------
    Maas, Hannun, Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models. Lu, Shin, Su, Karniadakis 2020, Dying ReLU
    and Initialization, arXiv:1903.06733.
    """

    code = "A101"
    needs = "layers"
    fixes = ("lower-learning-rate", "use-leaky-relu", "add-batch-norm", "reinitialize")
    explains = ("not-learning", "underfitting", "plateau", "zero-gradient", "class-collapse")

    DEAD = 0.68  # recorded nets that learned had 0.27 at most, and 0.62 at three times a usual rate; those that failed so 0.7 and more
    DEAD_BY_CHANCE = 0.9  # the same for small batches; recorded with batches of one, a net that learned had 0.47
    SOUND = 0.92  # skill: what works so well has units to spare, and it is told as information; recorded runs that they harmed: 0.91
    SMALL_BATCH = 8  # samples; with more, a unit that is active for every second one is zero for all once in 256

    def measure(self, run: Run) -> float:
        return float(np.nanmax(self._shares(run)[1], initial=0.0))

    def check(self, run: Run) -> Iterable[Finding]:
        names, shares = self._shares(run)
        bound = self._bound(run)
        if self.measure(run) < bound:
            return
        layers = run.need_layers()
        dead = [name for name, share in zip(names, shares, strict=True) if share >= bound]
        evidence = layers_span(run, layers, dead, len(layers.steps) // 2, len(layers.steps) - 1)
        found = self.finding(_message(names, shares, len(dead)), self.measure(run), bound, evidence, confidence=0.9)
        yield replace(found, severity=Severity.INFO) if best_skill(run) >= self.SOUND or constrained(run) else found

    def _shares(self, run: Run) -> tuple[tuple[str, ...], Floats]:
        names, values = run.need_layers().where("zero_share")
        return names, late_medians(values)

    def _bound(self, run: Run) -> float:
        batch = dotted.get(run.config, "data.batch_size")
        large = batch == "full" or (isinstance(batch, int) and batch > self.SMALL_BATCH)
        return self.DEAD if large else self.DEAD_BY_CHANCE

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("three quarters of a layer", _net([0.0, 0.3, 0.75, 0.3], batch=32)),
            Example("a whole layer, batch size unknown", _net([0.0, 0.2, 0.95, 1.0])),
            Example("three quarters, in batches of twelve", _net([0.0, 0.75, 0.2, 0.2], batch=12)),
            Example("three of four units, as the settings have it: information", _net([0.75, 0.0, 0.0, 0.0], batch=32, hidden=[4])),
            Example("three quarters, and 97 % correct: information", _net([0.0, 0.75, 0.2, 0.2], batch=12, accuracy=0.97)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        waking = np.linspace([0.9, 0.9, 0.9, 0.9], [0.0, 0.0, 0.0, 0.0], 20)
        return (
            Example("a third of a layer", _net([0.0, 0.1, 0.3, 0.2], batch=32)),
            Example("half of a layer in batches of one", _net([0.1, 0.5, 0.75, 0.5], batch=1)),
            Example("dead at first, and then no more", _net(waking, batch=32)),
        )


def _net(shares: Any, batch: int | None = None, accuracy: float = 0.3, hidden: Any = None) -> Run:
    recorded = layered(NAMES, KINDS, zero_share=np.broadcast_to(np.asarray(shares, dtype=float), (20, 4)))
    config: dict[str, Any] | None = None if batch is None else {"data": {"batch_size": batch}}
    if config and hidden:
        config["model"] = {"kind": "mlp", "hidden": hidden}
    right = falling(0.1, accuracy, 20)
    return record(
        layers=recorded, config=config, train_loss=falling(2.3, 1.9, 20), train_accuracy=right, facts={"class_shares": [0.1] * 10}
    )


def _message(names: tuple[str, ...], shares: Floats, dead: int) -> str:
    worst = int(np.nanargmax(shares))
    return (
        f"{shares[worst]:.0%} of the units of {of_layer(names[worst])} are zero for every sample, by the median of the second half "
        f"({dead} of {len(names)} activation layers are affected). First lower the learning rate, and train again from the start: "
        "dead units do not come back."
    )
