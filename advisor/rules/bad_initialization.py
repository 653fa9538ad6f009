"""C106."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Evidence, Finding, layers_span
from advisor.rules._settings import hidden, is_built_in, is_recorded, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Run
from advisor.signals.achieved import best_skill, fell
from advisor.text import number

DEVIATIONS = {"zeros": 0.0, "tiny": 0.001, "large": 1.0}  # of the weights, for draws that are bad on purpose
SCALING = "Norm"
FIRST = 5  # steps that show what the weights were drawn like
DROWNED = 3.0  # times larger by dropout alone; at 89 times (0.95, three layers) a sound draw's first loss was 4 times a guess's


class BadInitialization(Rule):
    """Training starts from weights it cannot learn from: far too large, far too small, or all alike.

    What it measures
    ----------------
    How many times the loss before the first step, and a typical one of the first steps, exceed that of a guess which knows nothing.
    Dropout so strong that it alone makes outputs several times larger hides what the weights do to that loss, which then does not count.
    Whether most layers start from weights that are all zero, so that all units of a layer compute the same. And, where the Config names
    how the weights are drawn (model.init), how many times their standard deviation lies above or below sqrt(2 / width), which keeps a
    signal's size; once a run is recorded, only if it ended poor or, where no accuracy tells, its loss hardly came down.

    Why it matters
    --------------
    Large weights make a network sure of wrong answers before it has seen any, and it must first unlearn them. Tiny ones let the
    signal die from layer to layer. Equal ones receive equal gradients and stay equal.

    What helps
    ----------
    He's initialisation for ReLU and its kin, Xavier's for tanh; biases at zero. Normalisation between the layers makes the scale matter
    less. Check the first loss: near ln k for k classes.

    References
    ----------
    Glorot, Bengio 2010. He, Zhang, Ren, Sun 2015, arXiv:1502.01852. Karpathy 2019, A recipe for training neural networks: "verify loss
    at init".
    """

    code = "C106"
    needs = "config, facts, layers"
    fixes = ("reinitialize", "add-batch-norm", "add-layer-norm")
    explains = (
        *("diverging-loss", "not-learning", "underfitting", "plateau", "slow-learning", "class-collapse", "learning-rate-too-high"),
        *("learning-rate-too-low", "zero-gradient", "vanishing-gradient", "exploding-gradient", "dead-units", "saturated-units"),
        *("huge-updates", "tiny-updates"),
    )

    FAR = 4.0  # times a guess's loss or the usual deviation; recorded: 5 to 34,000 from large weights, 2.8 and less in sound nets
    ZERO = 0.5  # share of layers; adapters start one of two layers from zero, and heads are one of several
    GOOD = 0.9  # skill; recorded nets from such a draw reached 0.75 and less, or 0.95 and more
    FELL = 0.3  # of the loss, where no accuracy tells; recorded nets from tiny weights lost nothing of it, or 0.99 and were sound

    def measure(self, run: Run) -> float:
        known = [factor for factor in (_first_loss(run), self._zero_layers(run), self._drawn(run)) if factor is not None]
        if not known:
            raise SignalUnavailable("neither a first loss, nor weights by layer, nor the Config's model.init")
        return max(known)

    def check(self, run: Run) -> Iterable[Finding]:
        off = self.measure(run)
        if off <= self.FAR or dotted.get(run.config, "model.pretrained", ""):
            return
        yield self.finding(self._message(run, off), off, self.FAR, self._evidence(run), confidence=0.9)

    def _zero_layers(self, run: Run) -> float | None:
        """Infinite where most layers start from zero, 1 where not; None where it was not recorded."""
        if run.layers is None or "weight_norm" not in run.layers.statistics or len(run.layers.steps) == 0:
            return None
        norms = run.layers.statistics["weight_norm"][0]
        known = np.array([SCALING not in kind for kind in run.layers.kinds]) & np.isfinite(norms)
        return math.inf if known.sum() > 1 and (norms[known] == 0).mean() > self.ZERO else 1.0

    def _drawn(self, run: Run) -> float | None:
        """How far off the draw is that the Config names; None where the record tells better."""
        name = dotted.get(run.config, "model.init")
        if name is None or not is_built_in(run):
            return None
        skill = best_skill(run)
        harmless = is_recorded(run) and (skill >= self.GOOD if skill == skill else not fell(run) < self.FELL)
        if name not in DEVIATIONS or harmless:
            return 1.0
        ratio = DEVIATIONS[name] / math.sqrt(2 / _widest(run))
        return max(ratio, 1 / ratio) if ratio else math.inf

    def _evidence(self, run: Run) -> Evidence:
        if run.layers is not None and self._zero_layers(run) == math.inf:
            return layers_span(run, run.layers, run.layers.where("weight_norm")[0], 0, 0)
        return whole(run)

    def _message(self, run: Run, off: float) -> str:
        if off == _first_loss(run):
            first = run.facts["probes"]["first_loss"]
            said = (
                f"Before the first step the loss is {number(first)}; the first losses are typically {number(off)} times what a guess gives"
            )
            return f"{said}: the network is sure of wrong answers. First draw the weights anew, by He's or Xavier's rule."
        if off == self._zero_layers(run):
            return "Most layers start with all weights at 0: all units of a layer stay alike. First draw the weights at random."
        deviation = DEVIATIONS[dotted.get(run.config, "model.init")]
        return (
            f"model.init draws weights of deviation {number(deviation)}, {number(off)} times off what keeps a signal's size through these "
            "layers. First use kaiming, or xavier for tanh."
        )

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a first loss a hundred times a guess's", _run(246.0, end=4.8)),
            Example("five times a guess's", _run(11.5, end=1.0)),
            Example("five times a guess's, under dropout of 0.6", _run(11.5, end=1.0, dropout=0.6)),
            Example("all weights zero", _run(2.3, weights=(0.0, 0.0, 0.0))),
            Example("two of three layers at zero", _run(2.3, weights=(0.0, 0.0, 1.0), end=1.5)),
            Example("tiny weights, before training", record(config=_config("tiny"))),
            Example("tiny weights, and a tenth of the loss is gone", _run(2.3, init="tiny", end=2.0)),
            Example("large ones in narrow layers, sixty inputs", _run(2.3, init="large", end=0.9, accuracy=0.6, width=4, features=60)),
            Example("large weights, normalised, 60 % correct", _run(2.3, init="large", end=0.9, accuracy=0.6)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("a first loss three times a guess's", _run(6.9, end=0.1)),
            Example("a head that starts from zero", _run(2.3, weights=(1.0, 1.0, 0.0))),
            Example("adapters, of which every second starts from zero", _run(2.3, weights=(1.0, 0.0, 1.0, 0.0))),
            Example("tiny weights, and it learns", _run(2.3, init="tiny", end=0.3)),
            Example("large weights, normalised, 97 % correct", _run(2.3, init="large", end=0.1, accuracy=0.97)),
            Example("tiny weights, and two fifths of the loss are gone", _run(2.3, init="tiny", end=1.35)),
            Example("a few samples far off, as where something is divided", _run(54.0, steps=[5.2, 5.9, 17.0, 8.0, 5.4])),
            Example("usual weights, before training", record(config=_config("kaiming"))),
            Example("large ones in layers of four units", record(config=_config("large", width=4))),
            Example("dropout of 0.95 makes the first loss large", _run(11.5, end=1.0, dropout=0.95)),
            Example("a pretrained network that is sure of other classes", _run(24.0, pretrained="../other")),
        )


def _widest(run: Run) -> int:
    """The most numbers that a unit sums up, as far as the record tells: of a layer before it, or of the inputs."""
    inputs = run.facts.get("features") if dotted.get(run.config, "model.kind") == "mlp" else None
    return max(*hidden(run), inputs if isinstance(inputs, int) else 0, 2)


def _swelling(run: Run) -> float:
    """How many times larger dropout p makes the outputs of n hidden layers, (1 - p)^(-n/2): what it keeps is scaled up to make good."""
    dropout = float(dotted.get(run.config, "model.dropout", 0.0) or 0.0)
    return float((1 - dropout) ** (-len(hidden(run)) / 2)) if is_built_in(run) else 1.0


def _first_loss(run: Run) -> float | None:
    """The first loss over a guess's; for numbers the guess that knows not even their mean. None where nothing was probed.

    Where the first steps were logged their median counts if it is smaller: a few odd samples are no matter of the weights.
    """
    probes = run.facts.get("probes") or {}
    first, guess = probes.get("first_loss"), probes.get("guess_loss")
    if not isinstance(first, int | float) or not isinstance(guess, int | float) or _swelling(run) > DROWNED:
        return None
    mean, spread = float(run.facts.get("target_mean", 0.0)), float(run.facts.get("target_spread", 0.0))
    least = max(float(guess), mean**2 + spread**2) if run.facts.get("task") == "regression" else float(guess)
    steps = run.step_series.get("train_loss")
    seen = steps.finite.values[:FIRST] if steps is not None else np.empty(0)
    usual = min(float(first), float(np.median(seen))) if len(seen) else float(first)
    return usual / least if least > 0 and math.isfinite(usual) else None


def _config(init: str, width: int = 64, pretrained: str = "") -> dict[str, Any]:
    return {"model": {"kind": "mlp", "hidden": [width, width], "init": init, "pretrained": pretrained}}


def _run(first: float, end: float = 2.29, init: str = "default", weights: tuple[float, ...] = (1.0, 1.0, 1.0), **told: Any) -> Run:
    norms, pretrained, width = list(weights), str(told.get("pretrained", "")), told.get("width", 64)
    curves: dict[str, Any] = {"steps_train_loss": told["steps"]} if "steps" in told else {}
    if "accuracy" in told:
        curves["train_accuracy"] = falling(0.1, told["accuracy"], 20, 3.0)
    recorded = layered([f"layers.{i}" for i in range(len(norms))], weight_norm=np.tile(norms, (20, 1)))
    facts = {"probes": {"first_loss": first, "guess_loss": 2.3}, "task": "classification", "class_shares": [0.1] * 10}
    facts |= {"features": told["features"]} if "features" in told else {}
    config = _config(init, width, pretrained)
    config["model"]["dropout"] = told.get("dropout", 0.0)
    return record(config=config, facts=facts, layers=recorded, train_loss=falling(first, end, 20), **curves)
