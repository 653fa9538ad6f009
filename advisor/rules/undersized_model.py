"""C104."""

from collections.abc import Iterable
from typing import Any

from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.rules._settings import foretold, is_straight, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run
from advisor.signals.achieved import fell, late_skill
from advisor.text import number


class UndersizedModel(Rule):
    """Fewer parameters than the task has to tell apart, and a fit that shows it: training itself levels off poor.

    What it measures
    ----------------
    Trainable parameters per training sample; and the skill on the training part at the end, where the training loss did come down, so
    that it is the room and not the learning that lacks. A small network that fits well is the best there is. Of a model that draws
    straight lines only (a perceptron, linear units) more is asked: what a curve could tell apart it never will.

    Why it matters
    --------------
    What a network cannot express no optimiser finds: more epochs, other rates and more data change nothing.

    What helps
    ----------
    Twice or four times the width, or one more layer; a hidden layer where there is none. Then look whether training reaches more.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 5.2. Karpathy 2019, A recipe for training neural networks, step 3.
    """

    code = "C104"
    needs = "config, facts"
    fixes = ("widen-model", "deepen-model")

    FEW = 0.25  # parameters a sample; recorded: 0.11 and 0.02 where two units held training down, 0.45 in a sound perceptron
    POOR = 0.7  # skill on training; recorded: 0.25 to 0.46 where the network was too small
    POOR_STRAIGHT = 0.9  # the same where it is linear; recorded: 0.73 to 0.85 where the classes meet in a curve, 0.93 where in a line
    FELL = 0.1  # of the training loss; below it the learning fails, whatever the size

    def measure(self, run: Run) -> float:
        samples, parameters = run.facts.get("samples"), run.facts.get("trainable_parameters")
        if not samples or parameters is None:
            raise SignalUnavailable("the numbers of parameters and samples were not recorded")
        return float(parameters) / float(samples)

    def check(self, run: Run) -> Iterable[Finding]:
        few, skill = self.measure(run), late_skill(run, "train")
        if skill != skill:
            raise SignalUnavailable("no skill on the training part")
        poor = self.POOR_STRAIGHT if is_straight(run) else self.POOR
        if few < self.FEW and skill < poor and fell(run) > self.FELL:
            found = self.finding(_message(few, skill), few, self.FEW, whole(run), confidence=0.6)
            yield foretold(run, found)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a tenth of a parameter a sample", _run(100, 0.4)),
            Example("a fifth, and half of the way", _run(200, 0.6)),
            Example("the loss came down by an eighth", _run(100, 0.3, end=1.4)),
            Example("a perceptron, and a skill of 0.8", _run(100, 0.84, kind="perceptron")),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("a tenth of a parameter a sample, and it fits", _run(100, 0.97)),
            Example("nearly one parameter a sample", _run(400, 0.4)),
            Example("skill of three quarters", _run(100, 0.81)),
            Example("a perceptron, and a skill of 0.97", _run(100, 0.976, kind="perceptron")),
            Example("it does not learn at all", _run(100, 0.22, end=1.58)),
        )


def _run(parameters: int, accuracy: float, end: float = 1.1, kind: str = "") -> Run:
    facts = {"samples": 1000, "trainable_parameters": parameters, "class_shares": [0.2] * 5}
    curves: dict[str, Any] = {"train_accuracy": falling(0.2, accuracy, 40), "val_accuracy": falling(0.2, accuracy, 40)}
    return record(facts=facts, config={"model": {"kind": kind}} if kind else None, train_loss=falling(1.6, end, 40), **curves)


def _message(few: float, skill: float) -> str:
    return (
        f"{number(few)} parameters a training sample, and training itself ends at a skill of {skill:z.2f} (1 is perfect). "
        "First double the width, or add a layer."
    )
