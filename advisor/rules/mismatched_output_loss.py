"""C101."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.fixes._changes import in_effect
from advisor.rules._settings import is_built_in, is_recorded, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run
from advisor.signals.achieved import best_skill
from advisor.signals.curves import perfect
from advisor.signals.progress import ends, late_gain
from advisor.text import number

CROSS_ENTROPY, BCE, VALUES = "cross_entropy", "bce", frozenset({"mse", "mae", "huber"})
FEWEST_CLASSES = 2
ROUNDING = 1e-3  # of the variance
# The span of outputs that each last activation leaves, as a right answer would use it: the wanted class, and all others.
REACH = {"softmax": (1.0, 0.0), "sigmoid": (1.0, 0.0), "tanh": (1.0, -1.0)}
# Mean bce of both classes where the one output is as sure as its activation lets it be; a softmax over one output is always 1.
LEFT_OF_BCE = {"softmax": 0.813, "sigmoid": 0.503, "relu": 0.347, "tanh": 0.313}
# The least and the most that each gives; of a softmax over one output, always 1.
GIVES = {"softmax": (1.0, 1.0), "sigmoid": (0.0, 1.0), "relu": (0.0, math.inf), "tanh": (-1.0, 1.0)}


class MismatchedOutputLoss(Rule):
    """The last layer's activation and the loss do not belong together: even when every answer is right, loss remains.

    What it measures
    ----------------
    The loss that remains when every answer is right and the outputs are as sure as their activation lets them be. Cross entropy and bce
    apply softmax and sigmoid themselves; applied before, outputs stay within 0 and 1 and, with ten classes, 1.46 remains. Numbers scaled
    to spread 1 are out of reach of a sigmoid, a softmax or a ReLU, others where their mean and spread show it. A ReLU before cross entropy
    does no harm while all its units live; once one is dead, ln(k) / k of k classes remains, which counts before training, and afterwards
    if the run ended poor. Without a Config that describes the output, a recorded cross entropy shows it: nearly all answers are right, and
    the loss has levelled off just above that floor, no lower than the wrong answers among them allow.

    Why it matters
    --------------
    The gradient fades while answers are still unsure, so learning is slow, and probabilities are wrong: the surest possible answer
    counts as a guess.

    What helps
    ----------
    Hand the raw outputs (logits) to cross entropy and bce. For numbers no activation at all, unless the targets are bounded as its
    outputs are. Keras: `from_logits=True`, or the activation, not both.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2. PyTorch, nn.CrossEntropyLoss. Humbatova et al. 2020, Taxonomy of
    real faults in deep learning systems, arXiv:1910.11015.
    """

    code = "C101"
    needs = "config"
    fixes = ("correct-output", "change-loss")
    explains = (
        *("underfitting", "plateau", "slow-learning", "not-learning", "learning-rate-too-low", "zero-gradient", "class-collapse"),
        *("vanishing-gradient", "tiny-updates"),
    )

    REMAINS = 0.1  # a right pair leaves 0; the least of the wrong ones, tanh before cross entropy of two classes, 0.127
    WELL = 0.9  # skill, with a ReLU before cross entropy; recorded: 0.95 with all its units alive, 0.6 to 0.8 with dead ones
    RIGHT = 0.9  # accuracy: with fewer right answers the loss has other reasons to stay
    ABOVE = 0.15  # of the floor; recorded nets with a hidden softmax ended 0.5 to 10 percent above it
    LATE = 0.1  # of the whole fall, in the last third; recorded with a hidden softmax: 0.06 and less, sound nets on their way past it 0.16

    def measure(self, run: Run) -> float:
        named = _by_config(run)
        if named is None:
            return self._by_record(run)
        return 0.0 if _is_bare(run) and best_skill(run) >= self.WELL else named

    def check(self, run: Run) -> Iterable[Finding]:
        remains = self.measure(run)
        if remains <= self.REMAINS:
            return
        yield self.finding(_message(run, remains), remains, self.REMAINS, whole(run), confidence=0.95 if is_built_in(run) else 0.85)

    def _by_record(self, run: Run) -> float:
        """The floor of a softmax applied twice where loss and accuracy lie as one that has reached it, else 0."""
        shares, loss, accuracy = run.facts.get("class_shares"), run.get("train_loss"), run.get("train_accuracy")
        if run.facts.get("loss") != CROSS_ENTROPY or not shares or loss is None or accuracy is None:
            raise SignalUnavailable("neither a Config that describes the output nor a cross entropy with its accuracy")
        floor = _floor("softmax", len(shares))
        end = ends(loss.finite.values, 0.1)[1] if len(loss.finite) else float("nan")
        right = ends(accuracy.finite.values, 0.1)[1] / perfect(accuracy.values) if len(accuracy.finite) else float("nan")
        on_floor = len(loss.finite) and floor <= np.min(loss.finite.values) and end <= (1 + self.ABOVE) * floor
        if not on_floor or not right >= self.RIGHT or late_gain(loss.finite.values, 2 / 3).share > self.LATE:
            return 0.0
        return floor if end >= right * floor + (1 - right) * _floor_of_wrong(len(shares)) else 0.0

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("softmax before cross entropy", _run("softmax", "auto")),
            Example("a sigmoid twice", _run("sigmoid", "bce", classes=2)),
            Example("tanh before cross entropy of two classes", _run("tanh", "cross_entropy", classes=2)),
            Example("scaled numbers from a ReLU", _run("relu", "mse", classes=0)),
            Example("numbers of spread 4 from a tanh", _unscaled("tanh", mean=0.6, spread=4.0)),
            Example("numbers below zero from a ReLU", _unscaled("relu", mean=-3.0, spread=2.0)),
            Example("a ReLU before cross entropy, 70 % correct", _ending(0.7)),
            Example("softmax before cross entropy, 97 % correct", _ending(0.97, "softmax")),
            Example("before training, the data unknown", record(config=_config("softmax", "auto"))),
            Example("a module that ends in softmax, before cross entropy", _ending_in("softmax")),
            Example("a softmax inside a module: the loss stays on its floor", _recorded(end=1.49, accuracy=0.97)),
            Example("the same a little above its floor", _recorded(end=1.65, accuracy=0.97)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("logits before cross entropy", _run("logits", "auto")),
            Example("a ReLU before cross entropy, 97 % correct", _ending(0.97)),
            Example("softmax before a squared error", _run("softmax", "mse")),
            Example("numbers that are not scaled, of which nothing is known", _run("sigmoid", "mse", classes=0, scaled="none")),
            Example("zeros and ones from a sigmoid", _unscaled("sigmoid", mean=0.5, spread=0.5)),
            Example("numbers above zero from a ReLU", _unscaled("relu", mean=0.2, spread=5.0)),
            Example("before training, tanh before an unknown loss", record(config=_config("tanh", "mse", scaled="none"))),
            Example("a module that ends in no activation", _ending_in("logits")),
            Example("the loss falls below the floor", _recorded(end=1.2, accuracy=0.97)),
            Example("half of the answers are right", _recorded(end=1.49, accuracy=0.5)),
            Example("the loss ends far above the floor", _recorded(end=1.9, accuracy=0.97)),
            Example("the loss still falls as it comes by", _recorded(end=1.49, accuracy=0.97, pace=20.0)),
            Example("lower than so many wrong answers allow", _recorded(end=1.47, accuracy=0.93)),
        )


def _by_config(run: Run) -> float | None:
    """What remains of the loss by what the Config says of the output; None where it does not say."""
    output = in_effect(run, "model.output")
    is_known = is_built_in(run) or (output in GIVES and dotted.get(run.config, "model.kind") is not None)
    if output is None or not is_known:
        return None
    classes = len(run.facts.get("class_shares") or ())
    kinds = [_kind(run, task) for task in _tasks(run)]
    of_numbers = _distance(output, 0.0, 1.0) if _is_scaled(run) else _out_of_reach(output, run)
    return min(_remaining(output, kind, classes or FEWEST_CLASSES, of_numbers) for kind in kinds)


def _is_bare(run: Run) -> bool:
    """Whether it is a ReLU before cross entropy, which does harm only once units of it are dead."""
    return in_effect(run, "model.output") == "relu" and CROSS_ENTROPY in {_kind(run, task) for task in _tasks(run)}


def _tasks(run: Run) -> tuple[str, ...]:
    """What may be asked for, as far as it is known: a finding must hold for each."""
    task = run.facts.get("task") or dotted.get(run.config, "data.task", "auto")
    return ("classification", "regression") if task == "auto" else (task,)


def _kind(run: Run, task: str) -> str:
    loss = dotted.get(run.config, "train.loss", "auto")
    if loss in (CROSS_ENTROPY, BCE):
        return str(loss)
    if task == "regression":
        return "numbers"
    return CROSS_ENTROPY if loss == "auto" else "shares"


def _is_scaled(run: Run) -> bool:
    return bool(dotted.get(run.config, "data.scale_target", "standard") == "standard")


def _remaining(output: str, kind: str, classes: int, of_numbers: float) -> float:
    if kind == CROSS_ENTROPY:
        return _floor(output, classes)
    if kind == BCE:
        return LEFT_OF_BCE.get(output, 0.0)
    return of_numbers if kind == "numbers" else 0.0


def _out_of_reach(output: str, run: Run) -> float:
    """How far the targets lie beyond what the output gives; 0 where all of them may lie within.

    Numbers between a and b have a variance of (b - mean)·(mean - a) at most (Bhatia, Davis 2000).
    """
    mean, spread = (run.facts.get(name) for name in ("target_mean", "target_spread"))
    if output not in GIVES or not isinstance(mean, int | float) or not isinstance(spread, int | float) or not spread > 0:
        return 0.0
    least, most = GIVES[output]
    if least <= mean <= most and spread**2 <= (1 + ROUNDING) * (math.inf if most == math.inf else (most - mean) * (mean - least)):
        return 0.0
    return _distance(output, mean, spread)


def _distance(output: str, mean: float, spread: float) -> float:
    """Mean squared distance of normal targets from what the output gives, in their variances; 0 of logits."""
    least, most = GIVES.get(output, (-math.inf, math.inf))
    below = _beyond((least - mean) / spread) if math.isfinite(least) else 0.0
    return below + (_beyond((mean - most) / spread) if math.isfinite(most) else 0.0)


def _beyond(z: float) -> float:
    """E[(z - X)²; X < z] of a standard normal X: (z² + 1)·Φ(z) + z·φ(z)."""
    return (z * z + 1) * (1 + math.erf(z / math.sqrt(2))) / 2 + z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _floor(output: str, classes: int) -> float:
    """ln(1 + (k - 1)·exp(low - high)): cross entropy of the right class at `high` and all others at `low`.

    Of a ReLU ln(k) / k: samples of a class whose unit is dead are guessed at best.
    """
    if output == "relu":
        return math.log(classes) / classes
    if output not in REACH:
        return 0.0
    high, low = REACH[output]
    return math.log1p((classes - 1) * math.exp(low - high))


def _floor_of_wrong(classes: int) -> float:
    """ln(2·√e + k - 2) - 1/2: the least cross entropy of a softmax's outputs where another class has as much as the right one."""
    return math.log(2 * math.sqrt(math.e) + classes - 2) - 0.5


def _config(output: str, loss: str, scaled: str = "standard", kind: str = "mlp") -> dict[str, Any]:
    return {"model": {"kind": kind, "output": output}, "train": {"loss": loss}, "data": {"scale_target": scaled, "task": "auto"}}


def _run(output: str, loss: str, classes: int = 10, scaled: str = "standard") -> Run:
    facts: dict[str, Any] = {"task": "classification", "class_shares": [1 / classes] * classes} if classes else {"task": "regression"}
    return record(config=_config(output, loss, scaled), facts=facts, train_loss=falling(2.3, 1.6, 20))


def _unscaled(output: str, mean: float, spread: float) -> Run:
    run = _run(output, "mse", classes=0, scaled="none")
    return replace(run, facts={**run.facts, "target_mean": mean, "target_spread": spread})


def _ending(accuracy: float, output: str = "relu") -> Run:
    run = _run(output, "auto")
    return record(config=run.config, facts=run.facts, train_loss=falling(2.3, 0.6, 20), train_accuracy=falling(0.1, accuracy, 20, 2.0))


def _recorded(end: float, accuracy: float, pace: float = 5.0) -> Run:
    facts = {"task": "classification", "class_shares": [0.1] * 10, "loss": CROSS_ENTROPY}
    curves: dict[str, Any] = {"train_loss": falling(2.3, end, 40, pace), "train_accuracy": falling(0.1, accuracy, 40)}
    return record(config=_config("logits", "auto", kind="net.py:build"), facts=facts, **curves)


def _ending_in(output: str) -> Run:
    run = _recorded(end=1.9, accuracy=0.6)
    config = {"model": {"kind": "net.py:build"}, "train": {"loss": "auto"}, "data": {"task": "auto"}}
    return replace(run, config=config, facts={**run.facts, "module": {"output": output}})


def _reach(output: str) -> str:
    least, most = GIVES[output]
    return f"which gives {number(least)} and more" if math.isinf(most) else f"which gives {number(least)} to {number(most)}"


def _targets(run: Run) -> str:
    mean, spread = (float(run.facts.get(name, math.nan)) for name in ("target_mean", "target_spread"))
    return f"numbers around {number(mean)} with a spread of {number(spread)}"


def _message(run: Run, remains: float) -> str:
    named = in_effect(run, "model.output")
    if named in GIVES:
        who = f"model.output is {named}" if is_built_in(run) else f"The module ends in {named}"
        loss = run.facts.get("loss") or dotted.get(run.config, "train.loss", "auto")
        said = f"{who} before a loss ({loss}) that wants raw outputs: at least {number(remains)} of it remains"
        if not _is_scaled(run) and run.facts.get("target_spread"):
            return f"{who}, {_reach(named)}, while {_targets(run)} are wanted. First hand the loss the raw outputs."
        when = "once one unit is dead" if named == "relu" else "even when every answer is right"
        return f"{said} {when}. First hand it the logits."
    end = ends(run.need("train_loss").finite.values, 0.1)[1] if is_recorded(run) else remains
    return (
        f"The cross entropy ends at {number(end)}, just above {number(remains)}, which remains of right answers when a softmax is applied "
        "twice, although nearly all answers are right. First take the softmax off the last layer."
    )
