"""F104."""

from collections.abc import Iterable
from dataclasses import replace
from math import sqrt

import numpy as np

from advisor import dotted
from advisor.findings import Finding, span
from advisor.rules._settings import is_built_in, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record
from advisor.run import Floats, Run
from advisor.signals.curves import curve
from advisor.signals.skill import skill
from advisor.text import counted, number

# What makes a sound model look worse on the samples it learns from: each is switched on while it trains, and off while it is measured.
HIDING = ("model.dropout", "data.augment_noise", "data.label_noise", "optim.l1", "optim.l2")
LATE = 0.5  # of the epochs, over which validation must be the better one
SHOWN = 3  # names of columns in a message


class SuspiciousValidation(Rule):
    """Validation is too good: perfect at once, or better than training beyond what dropout or averaging explains.

    What it measures
    ----------------
    Where the data were at hand, what they show: the share of validation samples that stand in the training part, too, number for
    number, where samples are not alike by chance; and input columns that are the target itself, as another name or unit of it. Else
    the curves tell two things. The first validation loss as a share of the first training loss, where that was measured early in the run
    or training itself had nothing left to learn by then; not where training never came near it, as where one of the two is a sum over
    samples or in another unit. Or, where the settings tell that no dropout, noise, penalty or batch norm
    holds training down, how many standard errors validation accuracy stands above the training accuracy of the epoch after it, over
    the second half of the run: the epoch after, since a training figure is a mean over an epoch in which the model still changed.

    Why it matters
    --------------
    Real tasks are not solved at once, and nobody knows new samples better than those learned from. So the number does not measure
    what it should: samples of the training part among the validation ones, the answer hidden in the inputs (both are called data
    leakage), or a validation part that is easier than the rest. What is decided by it is decided by chance.

    What helps
    ----------
    Look for samples that are in both parts, exactly or almost; split by what belongs together (patient, day, source) rather than by
    row; train on each single input column alone and see whether one of them gives the answer away. If the task truly is that easy,
    a linear model solves it as well.

    References
    ----------
    Kaufman, Rosset, Perlich, Stitelman 2012, Leakage in Data Mining. Kapoor, Narayanan 2023, Leakage and the reproducibility crisis.
    Barz, Denzler 2020, Do we train on test data? Purging CIFAR of near-duplicates.
    """

    code = "F104"
    needs = "train + validation"
    fixes = ("hold-out-validation", "check-labels", "get-more-data")
    excludes = ("trained-too-long", "stopped-too-early", "plateau")

    PERFECT = 1e-4  # of the first training loss; labelled runs: 2.5e-5 and less, the best of sound ones after its first epoch 0.01
    AT_ONCE = 0.1  # of the run: how early that must be, or training be done; labelled runs: 0.09
    DONE = 0.002  # of the first training loss, at which training is done; labelled runs: 0.0008
    UNITS = 10.0  # times the worst validation loss, below which training must come; labelled runs: below 1, a sum over samples thousands
    WRONG = 0.02  # of the first validations, with which nothing is solved: a mean loss that small leaves hardly an answer wrong
    ERRORS = 4.0  # standard errors by which validation is the better one: one run in 30,000 by chance
    BETTER = 0.03  # of accuracy; less may be an easier handful of samples
    FEWEST = 6  # epochs, for validation to be the better one
    COPIED = 0.1  # of the validation samples; CIFAR-100's test part holds a tenth, CIFAR-10's 0.03, which moved scores by a point at most

    def measure(self, run: Run) -> float:
        leaked = self._leaked(run)
        return leaked if leaked > 1 else max(self._perfection(run), self._superiority(run))

    def check(self, run: Run) -> Iterable[Finding]:
        if (leaked := self._leaked(run)) > 1:
            yield self.finding(_leaky(run), leaked, 1.0, whole(run), confidence=0.9)
            return
        perfect, better = self._perfection(run), self._superiority(run)
        if max(perfect, better) <= 1:
            return
        role = "val_loss" if perfect > 1 else "val_accuracy"
        text = _perfect(run) if perfect > 1 else _better(run)
        evidence = span(run, (role,), 0 if perfect > 1 else len(run.need(role)) // 2, 0 if perfect > 1 else len(run.need(role)) - 1)
        yield self.finding(text, self.measure(run), 1.0, evidence, confidence=0.7)

    def _leaked(self, run: Run) -> float:
        """How many times more validation samples than bearable are copies; infinite where an input is the answer."""
        return np.inf if _answers(run) else _copied(run) / self.COPIED

    def _perfection(self, run: Run) -> float:
        """How many times less than bearable the first validation loss is; 0 where it came late, to a training that was not done before."""
        train, val = curve(run, "train_loss"), curve(run, "val_loss")
        start, first = float(train.values[0]), float(val.values[0])
        if start <= 0 or first < 0 or len(train) < 2 or self._errs(run) or self._elsewhere(train.values, val.values):
            return 0.0
        end = max(float(train.x[-1]), float(val.x[-1]))
        soon = train.values[train.x <= self.AT_ONCE * end]
        at_once = float(val.x[0]) <= self.AT_ONCE * end or (len(soon) > 0 and float(soon.min()) <= self.DONE * start)
        return self.PERFECT * start / max(first, 1e-300) if at_once else 0.0

    def _errs(self, run: Run) -> bool:
        """Whether the first validation accuracy contradicts: a loss summed over batches is thousands of times its mean."""
        return run.get("val_accuracy") is not None and float(skill(run, "val").wrong[0]) > self.WRONG

    def _elsewhere(self, train: Floats, val: Floats) -> bool:
        """Whether training never came near any validation: what leaks is learned at once, so then the two are in different units."""
        return float(train.min()) > self.UNITS * float(val.max())

    def _superiority(self, run: Run) -> float:
        """By how many times the bearable validation accuracy is above training's; 0 where something may explain it."""
        samples = run.facts.get("validation_samples")
        if not isinstance(samples, int) or samples < 1 or _is_hidden(run) or run.get("val_accuracy") is None:
            return 0.0
        ahead = _ahead(run)
        if len(ahead) < self.FEWEST:
            return 0.0
        late = float(np.median(ahead[int(LATE * len(ahead)) :]))
        wrong = float(np.median(skill(run, "train").wrong[-len(ahead) // 2 :]))
        error = sqrt(max(wrong * (1 - wrong), 1 / samples) / samples)
        return min(late / (self.ERRORS * error), late / self.BETTER)

    def examples(self) -> tuple[Example, ...]:
        soon = joined([0.85, 0.2, 0.0012, 0.0012], np.full(37, 1e-6))
        plain = {"model": {"kind": "mlp", "dropout": 0.0, "norm": "none"}}
        many = {"validation_samples": 400}
        return (
            Example("nothing left to learn after the first epoch", record(train_loss=soon[1:], val_loss=[1.5e-5] * 40)),
            Example("one validation at the end, of a training done at once", _validated_late(soon)),
            Example("and the accuracy says the same", record(train_loss=soon[1:], val_loss=[1.5e-5] * 40, val_accuracy=[0.99] * 40)),
            Example("training comes within seven times of it", _elsewhere(6.7)),
            Example("nine points better without dropout", _both(0.80, 0.89, plain, many)),
            Example("four points, of 4000 samples", _both(0.80, 0.842, plain, {"validation_samples": 4000})),
            Example("within eight epochs", _both(0.80, 0.90, plain, many, epochs=8)),
            Example("a third of the validation samples stand in the training part", _leaking({"validation_copies": 0.33})),
            Example("an eighth of them", _leaking({"validation_copies": 0.125})),
            Example("a column that is the answer", _leaking({"answer_columns": ["code"]})),
        )

    def near_misses(self) -> tuple[Example, ...]:
        plain = {"model": {"kind": "mlp", "dropout": 0.0, "norm": "none"}}
        half = {"model": {"kind": "mlp", "dropout": 0.5, "norm": "none"}}
        many = {"validation_samples": 400}
        soon = joined([0.2, 0.0012, 0.0012], np.full(37, 1e-6))
        steps = joined([0.85, 0.3, 0.1, 0.03, 0.003], np.full(36, 1e-6))
        return (
            Example("easy: three thousandths after the first epoch", record(train_loss=falling(0.9, 1e-3, 40, 1.0), val_loss=[0.003] * 40)),
            Example("the training loss is a sum over samples", _summed(0.99)),
            Example("validation in another unit: training stays 13 times above", _elsewhere(13.3)),
            Example("the accuracy contradicts", record(train_loss=soon, val_loss=[1.5e-5] * 40, val_accuracy=[0.96] * 40)),
            Example("perfect, in the end", record(train_loss=falling(0.9, 1e-6, 60, 2.0), val_loss=falling(0.5, 1e-6, 60, 2.0))),
            Example("one validation at the end, of a training done step by step", _validated_late(steps)),
            Example("fine-tuning from near the floor", record(train_loss=[0.002] * 12, val_loss=[0.0019] * 12)),
            Example("dropout explains it", _both(0.80, 0.87, half, many)),
            Example("nothing is known of dropout", _both(0.80, 0.87, None, many)),
            Example("six points, of a hundred samples", _both(0.80, 0.87, plain, {"validation_samples": 100})),
            Example("two points", _both(0.80, 0.822, plain, {"validation_samples": 20_000})),
            Example("averaging explains it: it learns fast", _fast(plain, many)),
            Example("five epochs", _both(0.80, 0.90, plain, many, epochs=5)),
            Example("one validation sample in fifteen is a copy", _leaking({"validation_copies": 0.067, "answer_columns": []})),
        )


def _leaking(facts: dict[str, object]) -> Run:
    shares = {"class_shares": [0.5, 0.5]}
    return record(train_loss=falling(0.7, 0.3, 30), val_loss=falling(0.7, 0.33, 30), facts=facts | shares)


def _validated_late(train: Floats) -> Run:
    run = record(train_loss=train, val_loss=joined(np.ones(len(train) - 1), [2.1e-5]))
    return replace(run, series={**run.series, "val_loss": run.series["val_loss"].take(slice(-1, None))})


def _summed(right: float) -> Run:
    return record(train_loss=falling(20_000.0, 9000.0, 40), val_loss=falling(1.7, 0.9, 40), val_accuracy=[right] * 40)


def _elsewhere(times: float) -> Run:
    return record(train_loss=joined([0.2], [times * 1.5e-5] * 39), val_loss=[1.5e-5] * 40)


def _both(train: float, val: float, config: object, facts: object, epochs: int = 30) -> Run:
    return record(
        train_loss=falling(2.3, 0.5, epochs, 1.0), val_loss=falling(1.4, 0.5, epochs, 1.0), train_accuracy=falling(0.1, train, epochs, 1.0),
        val_accuracy=falling(0.6, val, epochs, 1.0), config=config, facts=facts,
    )  # fmt: skip


def _fast(config: object, facts: object) -> Run:
    right = np.linspace(0.2, 0.9, 9)
    return record(
        train_loss=2 - right[:8], val_loss=2 - right[1:], train_accuracy=right[:8], val_accuracy=right[1:], config=config, facts=facts
    )


def _is_hidden(run: Run) -> bool:
    """Whether something holds training down that validation does not meet, or nothing tells."""
    held = any(dotted.get(run.config, path, 0) for path in HIDING)
    return held or not is_built_in(run) or dotted.get(run.config, "model.norm", "none") == "batch"


def _ahead(run: Run) -> Floats:
    """By how much of accuracy each validation beats the training of the epoch after it."""
    train, val = skill(run, "train"), skill(run, "val")
    return train.wrong[1:] - val.wrong[: len(train.wrong) - 1] if len(train.wrong) == len(val.wrong) else np.empty(0)


def _copied(run: Run) -> float:
    share = run.facts.get("validation_copies")
    return float(share) if isinstance(share, int | float) else 0.0


def _answers(run: Run) -> tuple[str, ...]:
    """The columns that are the answer, as they are named."""
    named = run.facts.get("answer_columns")
    return tuple(str(name) for name in named) if isinstance(named, list | tuple) else ()


def _leaky(run: Run) -> str:
    if named := _answers(run):
        shown = ", ".join(named[:SHOWN]) + (f" and {len(named) - SHOWN} more" if len(named) > SHOWN else "")
        tells = "tells" if len(named) == 1 else "tell"
        return (
            f"The inputs hold the answer: {counted(len(named), 'column')} ({shown}) {tells} the target of every sample without a mistake. "
            "First take out what is known only once the answer is."
        )
    return (
        f"{_copied(run):.0%} of the validation samples stand in the training part, too, number for number: on these validation measures "
        "memory. First take out duplicates, then split."
    )


def _perfect(run: Run) -> str:
    train, val = curve(run, "train_loss"), curve(run, "val_loss")
    return (
        f"The first validation loss is {val.told(0)}, after a training loss of {train.told(0)}: the task is solved at once, which real "
        "tasks hardly are. First look for samples that are in both parts, and for inputs that give the answer away."
    )


def _better(run: Run) -> str:
    train, val = curve(run, "train_accuracy"), curve(run, "val_accuracy")
    tail = len(val) // 2
    return (
        f"The validation accuracy is {val.told_end(tail)}, above training's {train.told_end(tail)}, and no dropout, noise or batch norm "
        f"explains it (mean lead {number(float(np.median(_ahead(run))))}). First see how the two parts were drawn, and what is in both."
    )
