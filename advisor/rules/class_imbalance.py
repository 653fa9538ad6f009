"""D102."""

from collections.abc import Iterable

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record, straight
from advisor.run import Run
from advisor.signals.achieved import recall_skill

BALANCED = "val_metric"


class ClassImbalance(Rule):
    """One class rules the data and the loss, and the rare ones are not found.

    What it measures
    ----------------
    The share of the commonest class among the training samples; and, over the last tenth of the epochs, how far the balanced accuracy of
    validation lies between naming one class only (0) and finding all (1). Both must be bad: rare classes that stand apart are found
    however rare they are. A loss that weighs the classes is left alone.

    Why it matters
    --------------
    Naming the commonest class is right most of the time, so plain accuracy looks good and the loss is low while the classes that one
    looks for are missed.

    What helps
    ----------
    Weigh each class in the loss by the inverse of its share, or draw rare classes more often. Judge by balanced accuracy or by the
    recall of each class. More samples of the rare classes help most.

    References
    ----------
    He, Garcia 2009, Learning from imbalanced data, IEEE TKDE 21. Johnson, Khoshgoftaar 2019, Survey on deep learning with class
    imbalance. Brodersen et al. 2010, The balanced accuracy and its posterior distribution.
    """

    code = "D102"
    needs = "facts"
    fixes = ("balance-classes", "get-more-data")
    explains = ("class-collapse", "not-learning", "underfitting", "plateau")

    COMMON = 0.85  # share; recorded: at 0.8 and 0.9 nets found the rare class, from 0.94 on not where classes overlapped
    FOUND = 0.57  # of the way to finding all; recorded: 0.55 and less where rare classes were lost, 0.70 and more in sound nets

    def measure(self, run: Run) -> float:
        _commonest(run)
        return recall_skill(run)

    def check(self, run: Run) -> Iterable[Finding]:
        share, found = _commonest(run), recall_skill(run)
        weighed = dotted.get(run.config, "train.class_weights") == "balanced"
        if share <= self.COMMON or weighed or found >= self.FOUND:
            return
        last = len(run.need(BALANCED)) - 1
        evidence = span(run, (BALANCED,), last - last // 10, last)
        yield self.finding(_message(run, share), found, self.FOUND, evidence, confidence=0.85)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("one in fifty, and none is found", _run([0.98, 0.02], 0.5)),
            Example("one in twenty, a third is found", _run([0.95, 0.05], 0.67)),
            Example("one in fifty, and half of them are found", _run([0.98, 0.02], 0.775)),
            Example("three classes, two of them rare", _run([0.94, 0.03, 0.03], 0.55)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("one in fifty, and most are found", _run([0.98, 0.02], 0.93)),
            Example("one in fifty, and most of them are found in the end", _run([0.98, 0.02], 0.8)),
            Example("one in five", _run([0.8, 0.2], 0.6)),
            Example("a loss that weighs the classes", _run([0.98, 0.02], 0.6, weights="balanced")),
        )


def _run(shares: list[float], balanced: float, weights: str = "none") -> Run:
    start = 1 / len(shares)
    facts = {"class_shares": shares, "classes": [str(i) for i in range(len(shares))], "task": "classification"}
    return record(
        columns={BALANCED: "val_balanced_accuracy"},
        facts=facts,
        config={"train": {"class_weights": weights}},
        train_loss=falling(0.6, 0.1, 20),
        val_metric=straight(start, balanced, 20) if balanced > start else np.full(20, start),
    )


def _commonest(run: Run) -> float:
    shares = run.facts.get("class_shares")
    if not shares:
        raise SignalUnavailable("the shares of the classes were not recorded")
    return float(max(shares))


def _message(run: Run, share: float) -> str:
    balanced = float(run.need(BALANCED).finite.values[-1])
    return (
        f"{share:.0%} of the training samples are of one class, and validation hardly finds the others: balanced accuracy {balanced:.2f}, "
        f"where naming one class gives {1 / len(run.facts['class_shares']):.2f}. First weigh the classes in the loss."
    )
