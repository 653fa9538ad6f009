"""D103."""

from collections.abc import Iterable
from dataclasses import replace

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity
from advisor.rules._settings import whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run
from advisor.signals.achieved import late_skill


class UnshuffledData(Rule):
    """Batches come in the order of the classes or of the target, so that each step teaches one of them and unteaches the others.

    What it measures
    ----------------
    Where shuffling is off: how far neighbouring training samples are alike in the source's order, as Cohen's κ between the classes of
    neighbours or the correlation of their target values. 0 is what chance gives, 1 a sorted file. One batch of all samples has no order.
    Where validation ends very good all the same, it is said as information.

    Why it matters
    --------------
    The gradient of a batch stands for the whole data only if the batch is drawn from all of it. In sorted batches each one pulls
    towards its own class; batch norm in addition sees figures of one class and is then asked about all of them.

    What helps
    ----------
    Draw the batches anew in each epoch. Where data come as a stream, fill a large buffer and draw from it.

    References
    ----------
    LeCun, Bottou, Orr, Mueller 1998, Efficient BackProp, section 4.2. Bengio 2012, arXiv:1206.5533, section 2.1.
    """

    code = "D103"
    needs = "config, or losses within epochs"
    fixes = ("shuffle-data",)
    explains = (
        *("oscillating-loss", "noisy-validation", "underfitting", "generalization-gap", "plateau", "not-learning", "loss-spikes"),
        *("class-collapse", "slow-learning", "learning-rate-too-high", "overfitting", "dead-units", "saturated-units", "huge-updates"),
        *("diverging-loss", "exploding-gradient", "zero-gradient", "non-finite-loss", "vanishing-gradient"),
    )

    ALIKE = 0.5  # half-way between chance and sorted; recorded: data in no order 0.1 at most, sorted 0.9 and more
    GOOD = 0.97  # skill; recorded: 0.5 to 0.92 where order did harm; sorted batches are never wanted

    def measure(self, run: Run) -> float:
        order = run.facts.get("target_order")
        if order is None or dotted.get(run.config, "data.shuffle") is None:
            raise SignalUnavailable("the order of the training samples was not recorded")
        whole_batch = dotted.get(run.config, "data.batch_size") == "full" or run.facts.get("steps_per_epoch") == 1
        return 0.0 if dotted.get(run.config, "data.shuffle") or whole_batch else float(order)

    def check(self, run: Run) -> Iterable[Finding]:
        order = self.measure(run)
        if order <= self.ALIKE:
            return
        found = self.finding(_message(order), order, self.ALIKE, whole(run), confidence=0.9)
        yield replace(found, severity=Severity.INFO) if late_skill(run, "val") >= self.GOOD else found

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a file sorted by class", _run(0.99)),
            Example("nearly sorted", _run(0.7)),
            Example("sorted, and it copes: information", _run(0.99, accuracy=0.99)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("sorted, and shuffled", _run(0.99, shuffle=True)),
            Example("not shuffled, in no order", _run(0.02)),
            Example("not shuffled, neighbours a little alike", _run(0.4)),
            Example("one batch of all", _run(0.99, batch="full")),
        )


def _run(order: float, shuffle: bool = False, batch: int | str = 32, accuracy: float = 0.75) -> Run:
    config = {"data": {"shuffle": shuffle, "batch_size": batch}}
    facts = {"target_order": order, "class_shares": [0.25] * 4, "steps_per_epoch": 10}
    return record(config=config, facts=facts, train_loss=falling(1.4, 0.8, 20), val_accuracy=falling(0.3, accuracy, 20, pace=2.0))


def _message(order: float) -> str:
    return (
        f"The training samples come in the order of their target (neighbours are alike by {order:.2f}, where 0 is chance and 1 is sorted), "
        "and data.shuffle is off. First shuffle them."
    )
