"""L107."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._settings import need_ended
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, paired, validation
from advisor.signals.progress import ends
from advisor.signals.smoothing import running_median
from advisor.signals.trend import mann_kendall, theil_sen

POINTS = 200  # a longer curve is judged by the medians of this many stretches
TAIL, END = 0.4, 0.2  # of the points, along which the pace is measured, and whether it holds on
FEW, FEWER = 6, 4  # points at least of a trend alone, and of a pace
CALM = 3  # points of the running median, without which the best is where the noise is lowest
FASTER = 1.5  # times; losses with a floor slow down as they come near it


@dataclass(frozen=True)
class Pace:
    """How fast a curve still falls, and how surely."""

    share: float  # of its whole way down, in a fifth of the run at that pace
    of_level: float  # the same as a share of where it ends
    holds: float  # pace at the very end over pace before: 1 = straight on, 0 = levelled off
    trend: float  # of the second half, in deviations


class StoppedTooEarly(Rule):
    """Validation was still improving when the run ended.

    What it measures
    ----------------
    The pace of the validation loss over the last two fifths of the run (the median slope between all pairs of points), as what a fifth
    of the run brings at that pace: a share of its whole way down. A straight line comes a fifth of its way; a curve that has levelled
    off nothing. The fall must be a trend that noise does not make, must go on to the very end, and matter beside the level reached.

    Why it matters
    --------------
    More epochs of the same would most likely have made the model better: nothing speaks of overfitting yet.

    What helps
    ----------
    Train longer, and let early stopping find the end. If the pace is slow, raise the learning rate as well. A schedule that took the
    rate down to nothing has to be planned longer, too.

    References
    ----------
    Prechelt 1998, Early Stopping - But When? Goodfellow, Bengio, Courville 2016, Deep Learning, section 7.8. Sen 1968, JASA 63.
    """

    code = "L107"
    severity = Severity.INFO
    needs = "validation"
    fixes = ("train-longer", "raise-learning-rate")

    LATE_SHARE = 0.035  # of the way; labelled runs that were stopped early: 0.040 and more, those that had ended by themselves 0.028
    OF_LEVEL = 0.01  # of the level, in a fifth of the run: less is not worth it; labelled runs: 0.0101 and more, one that had ended 0.007
    HOLDS = 0.25  # of the pace, at the very end; labelled runs: 0.31 and more, some that had levelled off 0.19 and less
    TREND = -2.0  # of the second half, in deviations: one in forty by chance; labelled runs: -2.3 and beyond
    TREND_OF_FEW = -1.6  # ... of four in falling order, or five with one pair that is not: one in 24 by chance; training must say the same
    MUCH = 0.3  # of the level, which counts whatever the first epochs brought; labelled runs: 0.35 and more, others 0.24 and less
    FEWEST = 4  # validations

    def measure(self, run: Run) -> float:
        return _pace(self._curve(run).values).share

    def check(self, run: Run) -> Iterable[Finding]:
        need_ended(run)
        curve = self._curve(run)
        pace = _pace(curve.values)
        worth = pace.of_level > self.OF_LEVEL and (pace.share > self.LATE_SHARE or pace.of_level > self.MUCH)
        surely = pace.trend <= self.TREND or (pace.trend <= self.TREND_OF_FEW and _training_falls(run, len(curve)))
        if not (worth and pace.holds >= self.HOLDS and surely and _ends_at_best(curve)):
            return
        first = len(curve) - _points(len(curve), TAIL, FEWER)
        evidence = span(run, (curve.role,), int(curve.points[first]), int(curve.points[-1]))
        yield self.finding(_message(curve, pace, first), pace.share, self.LATE_SHARE, evidence, confidence=0.85)

    def _curve(self, run: Run) -> Curve:
        curve = validation(run).thinned(POINTS)
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{len(curve)} of {self.FEWEST} validations that show a pace")
        return curve

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a straight line", _run(straight(2.3, 0.8, 20))),
            Example("a twentieth of the loss", _run(straight(2.3, 2.17, 20))),
            Example("a decay cut off", _run(shaken(falling(2.3, 0.5, 30, pace=15.0), 0.005))),
            Example("a twentieth of the way", _run(falling(2.3, 0.5, 30, pace=10.0))),
            Example("most of the way at once, and steadily on", _run(joined(falling(9.0, 0.7, 10, 1.5), straight(0.7, 0.3, 20)))),
            Example("noisy, but beyond its noise", _run(shaken(straight(2.3, 0.5, 30), 0.3))),
            Example("slower and slower, but on", _run(falling(2.3, 0.5, 40, pace=12.0))),
            Example("five epochs", _run(straight(2.3, 0.8, 5))),
            Example("four epochs", _run(straight(2.3, 0.8, 4))),
            Example("five, a pair out of order", record(train_loss=straight(2.3, 0.8, 5), val_loss=[2.3, 2.31, 1.9, 1.8, 1.5])),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("it has levelled off", _run(falling(2.3, 0.5, 30))),
            Example("a fiftieth of the way", _run(joined(falling(2.3, 0.5, 24, pace=3.0), straight(0.5, 0.47, 6)))),
            Example("no more than its noise", _run(shaken(straight(2.3, 1.9, 30), 0.5, seed=11))),
            Example("a hundredth of the level", _run(joined(straight(2.3, 2.2, 12), straight(2.2, 2.17, 18)))),
            Example("the best lies before the end", _run(joined(straight(2.3, 0.7, 21), [0.7] * 3, straight(0.74, 0.71, 6)))),
            Example("it fell fast, and stopped falling", _run(joined(straight(2.3, 0.7, 24), straight(0.7, 0.66, 6)))),
            Example("a hundredth of the loss in all: the rate is too low", _run(straight(2.3, 2.275, 20))),
            Example("level, and a last drop", _run(shaken(joined(falling(2.3, 0.8, 12, pace=2.0), [0.8] * 16, [0.7] * 3), 0.01, seed=2))),
            Example("five epochs, two of them out of order", _run([2.3, 1.9, 1.5, 1.6, 0.9])),
            Example("four, the last gains little", _run([2.3, 1.5, 1.2, 1.15])),
            Example("four, training out of order", record(train_loss=[2.3, 1.5, 1.6, 1.0], val_loss=straight(2.3, 0.8, 4))),
            Example("three epochs", _run(straight(2.3, 0.8, 3))),
        )


def _run(values: object) -> Run:
    return record(train_loss=values, val_loss=values)


def _points(of: int, share: float, least: int) -> int:
    return min(of, max(least, round(share * of)))


def _pace(values: Floats) -> Pace:
    tail, last = values[-_points(len(values), TAIL, FEWER) :], values[-_points(len(values), END, FEWER + 1) :]
    fall, lately = -_slope(tail), -_slope(last) if len(values) >= FEW else float(values[-2] - values[-1])
    start, end = ends(values, share=0.1)
    gain = fall * END * len(values)
    share = gain / (start - end) if start > end else float("nan")
    trend = mann_kendall(values[-max(FEW, len(values) // 2) :])
    return Pace(share, gain / abs(end) if end else np.inf, lately / fall if fall else float("nan"), trend)


def _slope(values: Floats) -> float:
    return theil_sen(np.arange(len(values), dtype=float), values)


def _training_falls(run: Run, few: int) -> bool:
    """Whether validations are few and training was better each time."""
    try:
        train, val = paired(run)
    except SignalUnavailable:
        return False
    return few < FEW and len(train) == len(val) and bool((np.diff(train.values) < 0).all())


def _ends_at_best(curve: Curve) -> bool:
    calm = running_median(curve.values, CALM)
    return int(np.argmin(calm)) >= len(calm) - _points(len(calm), END, 1)


def _message(curve: Curve, pace: Pace, first: int) -> str:
    lately = pace.of_level * min(1.0, pace.holds)
    todo = "First train longer."
    if _has_no_floor(curve.values):
        todo = (
            "It lies below zero and falls ever faster, as if it had no floor. First see what it is a loss of: under a binary cross "
            "entropy labels outside of 0 to 1 do that."
        )
    return (
        f"The {curve.title} was still improving at the end: from {curve.told(first)} to {curve.told(len(curve) - 1)}. The last fifth of "
        f"the run alone took off {lately / (1 + lately):.0%} of what was left then. {todo}"
    )


def _has_no_floor(values: Floats) -> bool:
    """Whether a loss below zero came down more in the second half than in the first, by FASTER times."""
    middle = values[len(values) // 2]
    return bool(values[-1] < 0 and middle - values[-1] > FASTER * abs(values[0] - middle))
