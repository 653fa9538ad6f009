"""F107."""

from collections.abc import Iterable

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken
from advisor.run import Floats, Run, Series
from advisor.text import number


class ClassCollapse(Rule):
    """The model answers the same class for every sample.

    What it measures
    ----------------
    How far the balanced accuracy of validation lies from one over the number of classes, at the end of the run: whoever always
    gives the same answer is right for all samples of one class and for none of the others, which makes exactly that. A model that
    guesses at random only comes near it, and differs from epoch to epoch. The plain accuracy then is the share of one class.

    Why it matters
    --------------
    The inputs have no influence on the answer. With unequal classes the plain accuracy may look fine all the same: nine in ten
    right, where nine in ten samples are of one class.

    What helps
    ----------
    If classes are unequal, weigh them in the loss or draw them equally often. If they are equal, nothing reaches the output: look for
    dead units, a learning rate too high, inputs far off scale.

    References
    ----------
    He, Garcia 2009, Learning from Imbalanced Data. Brodersen et al. 2010, The Balanced Accuracy and Its Posterior Distribution.
    """

    code = "F107"
    severity = Severity.ERROR
    needs = "balanced accuracy, classes"
    fixes = ("balance-classes", "lower-learning-rate", "scale-inputs", "reinitialize", "check-labels")
    excludes = ("suspicious-validation",)  # one answer for all is better where more samples are of that class

    APART = 0.001  # of balanced accuracy; recorded nets that collapsed: 0; a guess at random differs by 0.01 and more
    LAST = 3  # epochs in a row, so that no chance brings it about

    def measure(self, run: Run) -> float:
        balanced, classes = self._balanced(run)
        return float(np.abs(balanced.values[-self.LAST :] - 1 / classes).max())

    def check(self, run: Run) -> Iterable[Finding]:
        balanced, classes = self._balanced(run)
        apart = self.measure(run)
        if not apart < self.APART:
            return
        always = np.abs(balanced.values - 1 / classes) < self.APART
        first = len(always) - int(np.argmin(always[::-1])) if not always.all() else 0
        evidence = span(run, ("val_metric",), first, len(balanced) - 1, balanced)
        yield self.finding(_message(run, balanced, first, classes), apart, self.APART, evidence, confidence=0.95)

    def _balanced(self, run: Run) -> tuple[Series, int]:
        classes = len(run.facts.get("class_shares", ()))
        metric = run.need("val_metric")
        if classes < 2 or "balanced_accuracy" not in metric.name:
            raise SignalUnavailable("no balanced accuracy of validation with a known number of classes")
        if len(metric.finite) < self.LAST:
            raise SignalUnavailable(f"{len(metric.finite)} of {self.LAST} balanced accuracies")
        return metric.finite, classes

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("ten classes, from the first epoch on", _run([0.1] * 20, [0.1] * 20)),
            Example("it had learned, and then collapsed", _run(_late_collapse(10), _late_collapse(10))),
            Example("nine in ten right, where nine in ten are of one class", _run([0.5] * 20, [0.9] * 20, shares=(0.9, 0.1))),
            Example("three epochs", _run([0.5] * 3, [0.9] * 3, shares=(0.9, 0.1))),
            Example("all but one sample in a thousand", _run([0.1004] * 20, [0.1] * 20)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("guesses at random", _run(shaken([0.1] * 20, 0.01), shaken([0.1] * 20, 0.01))),
            Example("nine in ten right, and some of either class", _run(falling(0.5, 0.8, 20), falling(0.9, 0.95, 20), shares=(0.9, 0.1))),
            Example("only at first", _run(joined([0.1] * 3, falling(0.3, 0.9, 10)), joined([0.1] * 3, falling(0.3, 0.9, 10)))),
            Example("in the last two epochs", _run(_late_collapse(2), _late_collapse(2))),
            Example("two epochs", _run([0.5] * 2, [0.9] * 2, shares=(0.9, 0.1))),
            Example("a hundredth above it", _run([0.1015] * 20, [0.11] * 20)),
        )


def _late_collapse(epochs: int) -> Floats:
    return joined(falling(0.3, 0.9, 10), [0.1] * epochs)


def _run(balanced: object, accuracy: object, shares: tuple[float, ...] = (0.1,) * 10) -> Run:
    columns = {"val_metric": "val_balanced_accuracy"}
    return record(val_metric=balanced, val_accuracy=accuracy, columns=columns, facts={"class_shares": list(shares)})


def _message(run: Run, balanced: Series, first: int, classes: int) -> str:
    accuracy = run.get("val_accuracy")
    plain = f" (plain accuracy {number(float(accuracy.values[-1]))})" if accuracy is not None else ""
    return (
        f"From {balanced.at(first)} on the balanced accuracy of validation is "
        f"{number(float(balanced.values[-1]))}{plain}: exactly one in {classes} classes, as where all samples get the same answer. "
        "First look at how often the model gives each class."
    )
