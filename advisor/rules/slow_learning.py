"""L105."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, span
from advisor.rules._settings import constrained, mostly_frozen, need_ended
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, later, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.beginning import need_beginning
from advisor.signals.curves import Curve, training, validation
from advisor.signals.levelling import levelling
from advisor.signals.progress import ends, late_gain
from advisor.signals.rates import at_full_rate
from advisor.signals.rise import level
from advisor.signals.skill import skill
from advisor.signals.trend import mann_kendall
from advisor.text import counted

POINTS = 100  # a longer curve is judged by the medians of this many stretches
END = 0.1  # of the points, whose median is the end
LATE = 1 / 3  # of the run: what comes after it tells of levelling off
HALF = 0.5  # of the run, whose trend counts


@dataclass(frozen=True)
class Pace:
    """How far a curve came, and how far it still would go."""

    missing: float  # share of its whole way that is still to come at least
    fell: float  # share of its level by which it came down
    trend: float  # of the second half, in deviations


class SlowLearning(Rule):
    """It learns, but at this pace the budget ends far from where it levels.

    What it measures
    ----------------
    The share of its whole way that the loss would still come if it went on as after its first third: a decay towards a floor is fitted
    to that, and the least that it allows for (with 95 % confidence) counts. Where the rate was lowered to less than half of its peak,
    what came before is judged, since a schedule may end a training that was on its way; what came afterwards all the same counts as
    come. Where hardly any of the loss is gone, accuracies above guessing on both parts and a loss that falls on as fast as before say
    the same. The result must still leave something to learn, in
    accuracy or R² or, where no measure of it was logged, because only a small share of the loss is gone. A good model that still
    improves is merely worth more epochs.

    Why it matters
    --------------
    The run was stopped on its way. Its figures say how far it got, and not what data and model can do, so that any comparison of them
    with another run compares paces.

    What helps
    ----------
    Raise the learning rate by three, and again while the loss still falls smoothly; a range test finds the largest one in a single
    epoch. Momentum or Adam where plain SGD creeps, scaled inputs, normalisation in deep nets. If the pace is right: train longer.

    References
    ----------
    Bengio 2012, Practical recommendations, arXiv:1206.5533, section 3.1.1. Domhan, Springenberg, Hutter 2015, Speeding up Automatic
    Hyperparameter Optimization by Extrapolation of Learning Curves.
    """

    code = "L105"
    needs = "a loss"
    fixes = (
        *("raise-learning-rate", "find-learning-rate", "change-batch-size", "train-longer", "switch-optimizer", "scale-inputs"),
        "add-batch-norm",
    )
    explains = ("stopped-too-early", "underfitting", "class-collapse")  # on its way, it may still give all samples one answer
    excludes = ("trained-too-long", "plateau")

    MISSING = 0.2  # of its whole way, at least; recorded sound runs: 0.04 and less, slow ones 0.21 and more, a labelled one 0.34
    FELL = 0.02  # share of its level: less is a rate that is far too low
    TREND = -2.4  # of the second half, in deviations: what six values in falling order give; with fewer all must be in falling order
    LEARNS = 0.06  # skill on both parts, where less than that is gone: beyond what a guess gets by luck; recorded: 0.067 and 0.3
    GOES_ON = 0.4  # of the way, in the second half of those; a straight line brings half of it
    POOR = 0.9  # skill; recorded runs that more epochs or a larger rate would have helped: 0.88 and less
    POOR_UNKNOWN = 0.6  # accuracy where guessing is unknown; a labelled slow run: 0.44, sound ones that were still improving 0.71 and more
    FAST = 0.8  # of its level, the same: a loss that nearly halved is not slow but unfinished; a labelled slow run: 0.09
    LITTLE = 0.15  # of its level, where no accuracy tells; labelled sound runs that were still improving: 0.21 and more
    FEWEST = 6  # points

    def measure(self, run: Run) -> float:
        return _pace(*self._curves(run)).missing

    def check(self, run: Run) -> Iterable[Finding]:
        need_ended(run)
        need_beginning(run)
        if held := constrained(run) or mostly_frozen(run):
            raise SignalUnavailable(f"{held}: what is missing is not time")
        curve, whole = self._curves(run)
        pace = _pace(curve, whole)
        steady = pace.trend <= self.TREND or self._falls(curve.values)
        on_its_way = pace.missing > self.MISSING and pace.fell >= self.FELL
        if not (steady and (on_its_way or self._has_just_begun(run, curve, pace)) and self._is_poor(run, pace)):
            return
        evidence = span(run, (curve.role,), int(curve.points[int(len(curve) * LATE)]), int(curve.points[-1]))
        yield self.finding(_message(curve, pace), pace.missing, self.MISSING, evidence, confidence=0.85)

    def _has_just_begun(self, run: Run, curve: Curve, pace: Pace) -> bool:
        """Whether hardly any of the loss is gone, though both parts say that it learns, and it falls on as fast as before."""
        reached = [_reached(run, part) for part in ("train", "val")]
        learns = all(one is not None and one[1] and one[0] > self.LEARNS for one in reached)
        return pace.fell < self.FELL and learns and late_gain(curve.values, HALF).share >= self.GOES_ON

    def _falls(self, values: Floats) -> bool:
        """Whether it came down all the time, or, too short for a trend of its second half, as a whole and throughout that half."""
        late = np.diff(values[int(len(values) * HALF) :])
        few = len(values) < 2 * self.FEWEST and mann_kendall(values) <= self.TREND
        return bool((np.diff(values) < 0).all() or (few and (late < 0).all()))

    def _curves(self, run: Run) -> tuple[Curve, Curve]:
        """Validation where there is enough of it, since it is measured with the model as it stands; else training.

        As far as the rate was full, and the whole of it.
        """
        for part in (validation, training):
            try:
                whole = part(run)
            except SignalUnavailable:
                continue
            curve = at_full_rate(run, whole).thinned(POINTS)
            if len(curve) >= self.FEWEST:
                return curve, whole.thinned(POINTS)
        raise SignalUnavailable(f"no loss with {counted(self.FEWEST, 'point')}; a pace shows from there on")

    def _is_poor(self, run: Run, pace: Pace) -> bool:
        reached = [one for one in (_reached(run, part) for part in ("train", "val")) if one is not None]
        if not reached:
            return run.get("val_metric") is None and run.get("train_metric") is None and pace.fell < self.LITTLE
        if all(known for _, known in reached):
            return max(value for value, _ in reached) < self.POOR
        return max(value for value, _ in reached) < self.POOR_UNKNOWN and pace.fell < self.FAST

    def examples(self) -> tuple[Example, ...]:
        slow, poor = straight(2.3, 1.8, 40), straight(0.1, 0.4, 40)
        stopped = joined(straight(2.3, 1.5, 20), falling(1.45, 1.4, 20))
        return (
            Example("a straight line, and 40 % correct", record(train_loss=slow, val_loss=slow, val_accuracy=poor)),
            Example("slowing down, but half way", record(train_loss=_decay(1.0), train_accuracy=poor)),
            Example("noisy", record(train_loss=shaken(straight(2.3, 1.4, 40), 0.05), train_accuracy=poor)),
            Example("a tenth of the loss is all that is gone", record(train_loss=straight(2.3, 2.05, 40))),
            Example("three percent of the loss", record(train_loss=straight(2.3, 2.23, 40), train_accuracy=straight(0.1, 0.2, 40))),
            Example("78 % correct where 10 % is guessing", _known(slow, 0.78)),
            Example("one percent of the loss, and 35 % correct where 10 % is guessing", _begun(straight(2.303, 2.28, 40), 0.35)),
            Example("faster and faster", _begun(2.303 - 0.03 * np.linspace(0, 1, 40) ** 3, 0.35)),
            Example("the rate fell while it was learning", record(train_loss=stopped, train_accuracy=poor, lr=_step(20))),
            Example(
                "eight epochs, one of the first out of order",
                record(train_loss=joined([2.3, 2.35], straight(2.2, 1.8, 6)), train_accuracy=poor[:8]),
            ),
            Example("seven epochs", record(train_loss=slow[:7], train_accuracy=poor[:7])),
            Example(
                "it falls steadily, but for its first third",
                record(train_loss=joined([2.3] * 8, straight(2.3, 1.8, 16)), train_accuracy=poor[:24]),
            ),
        )

    def near_misses(self) -> tuple[Example, ...]:
        slow = straight(2.3, 1.8, 40)
        return (
            Example("the last part of a longer training", later(_known(slow, 0.78), 180)),
            Example("a straight line, and 82 % correct", record(train_loss=slow, train_accuracy=straight(0.1, 0.82, 40))),
            Example("95 % correct where 10 % is guessing", _known(slow, 0.95)),
            Example(
                "half of the loss is gone: unfinished", record(train_loss=straight(2.3, 1.15, 40), train_accuracy=straight(0.1, 0.5, 40))
            ),
            Example("a seventh still to come", record(train_loss=_decay(2.0), train_accuracy=straight(0.1, 0.4, 40))),
            Example("it has levelled off", record(train_loss=falling(2.3, 1.8, 40), train_accuracy=falling(0.1, 0.4, 40))),
            Example(
                "the rate fell evenly, and what was missing came all the same",
                record(train_loss=_decay(4.0), train_accuracy=straight(0.1, 0.4, 40), lr=straight(0.1, 0.0, 40)),
            ),
            Example(
                "it had levelled off when the rate fell",
                record(train_loss=falling(2.3, 1.8, 40), train_accuracy=falling(0.1, 0.4, 40), lr=_step(30)),
            ),
            Example("a fifth of the loss is gone, accuracy unknown", record(train_loss=straight(2.3, 1.85, 40))),
            Example("one and a half percent: the rate is too low", record(train_loss=straight(2.3, 2.268, 40))),
            Example("the same, and no more than luck on validation", _begun(straight(2.303, 2.28, 40), 0.35, val=0.13)),
            Example("the same, levelled off: no more is in the data", _begun(falling(2.303, 2.28, 40), 0.2)),
            Example("no trend beyond the noise", record(train_loss=shaken(straight(2.3, 2.2, 40), 0.3, seed=2))),
            Example("late, and all at once: grokking", record(train_loss=joined([2.3] * 30, falling(2.2, 0.1, 10, pace=2.0)))),
            Example("five epochs", record(train_loss=slow[:5], train_accuracy=straight(0.1, 0.4, 5))),
        )


def _begun(loss: Floats, reached: float, val: float | None = None) -> Run:
    ends_at = reached if val is None else val
    told: dict[str, Any] = {
        "train_accuracy": straight(0.1, reached, 40),
        "val_accuracy": straight(0.1, ends_at, 40),
        "facts": {"class_shares": [0.1] * 10},
    }
    return record(train_loss=loss, val_loss=loss, **told)


def _known(loss: Floats, accuracy: float) -> Run:
    return record(train_loss=loss, train_accuracy=straight(0.1, accuracy, len(loss)), facts={"class_shares": [0.1] * 10})


def _step(after: int) -> Floats:
    return joined([0.1] * after, [0.01] * (40 - after))


def _decay(paces: float) -> Floats:
    """From 2.3 towards 1.0, at a pace that fits `paces` times into the run."""
    return 1.0 + 1.3 * np.exp(-np.linspace(0.0, paces, 40))


def _pace(curve: Curve, whole: Curve) -> Pace:
    values = curve.values
    start, end = ends(values, END)
    late = values[int(len(values) * HALF) :]
    came, since = start - end, max(end - ends(whole.values, END)[1], 0.0)
    coming = levelling(values[int(len(values) * LATE) :]).least
    way = came + coming
    missing = max(coming - since, 0.0) / way if came > 0 and way > 0 else 0.0
    return Pace(missing, came / (level(min(start, end), start, 1.0) or 1.0), mann_kendall(late))


def _reached(run: Run, part: str) -> tuple[float, bool] | None:
    """The skill at the end, and whether what guessing gives is known; None where nothing was logged."""
    try:
        reached = skill(run, part)
    except SignalUnavailable:
        return None
    return reached.end, reached.known


def _message(curve: Curve, pace: Pace) -> str:
    end = curve.told_end(max(1, round(END * len(curve))))
    return (
        f"The {curve.title} fell steadily from {curve.told(0)} to {end} and was on its way when the run ended: at this pace at least "
        f"{pace.missing:.0%} of its way down is still to come. First raise the learning rate threefold."
    )
