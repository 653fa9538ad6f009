"""L107."""

from collections.abc import Iterable

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._settings import need_ended
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Run
from advisor.signals.curves import Curve, validation
from advisor.signals.progress import Late, ends, late_gain
from advisor.signals.rise import level
from advisor.signals.trend import mann_kendall

POINTS = 200  # a longer curve is judged by the medians of this many stretches
LATE = 0.8  # of the run; what came after it is "late"
TAIL = 0.1  # of the points, at least one, among which the best must lie


class StoppedTooEarly(Rule):
    """Validation was still improving when the run ended.

    What it measures
    ----------------
    The share of its whole way down that the validation loss came in the last fifth of the run, where its best lies at the very
    end and the gain exceeds its own jitter. A straight line comes a fifth of its way there; a curve that has levelled off nothing.

    Why it matters
    --------------
    More epochs of the same would have made the model better, at no risk: nothing speaks of overfitting yet.

    What helps
    ----------
    Train longer, and let early stopping find the end. If the pace is slow, raise the learning rate as well.

    References
    ----------
    Prechelt 1998, Early Stopping - But When? Goodfellow, Bengio, Courville 2016, Deep Learning, section 7.8.
    """

    code = "L107"
    severity = Severity.INFO
    needs = "validation"
    fixes = ("train-longer", "raise-learning-rate")

    LATE_SHARE = 0.03  # labelled runs that were stopped early: 0.033 and more, those that had ended by themselves 0.019 and less
    NOISE = 1.5  # deviations of the jitter; labelled runs: 2.0 and more, others of a large late share 1.1 and less
    TREND = -2.0  # of the second half, in deviations; labelled runs: -2.6 and beyond, one that stood still -0.7
    LEARNED = 0.02  # share of the first value; a labelled run whose rate was far too low: 0.002
    FEWEST = 10  # validations

    def measure(self, run: Run) -> float:
        return self._late(self._curve(run)).share

    def check(self, run: Run) -> Iterable[Finding]:
        need_ended(run)
        curve = self._curve(run)
        late = self._late(curve)
        ended_at_best = int(np.argmin(curve.values)) >= len(curve) - max(1, round(TAIL * len(curve)))
        gained = late.share > self.LATE_SHARE and late.in_noise > self.NOISE
        if not (gained and ended_at_best and self._steadily(curve)):
            return
        first = round(LATE * len(curve))
        evidence = span(run, (curve.role,), int(curve.points[first]), int(curve.points[-1]))
        yield self.finding(_message(curve, late, first), late.share, self.LATE_SHARE, evidence, confidence=0.85)

    def _curve(self, run: Run) -> Curve:
        curve = validation(run).thinned(POINTS)
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{len(curve)} of {self.FEWEST} validations that show a pace")
        return curve

    def _steadily(self, curve: Curve) -> bool:
        start, end = ends(curve.values, share=TAIL)
        learned = (start - end) / (level(min(start, end), start, 1.0) or 1.0) >= self.LEARNED
        return learned and mann_kendall(curve.values[len(curve) // 2 :]) <= self.TREND

    def _late(self, curve: Curve) -> Late:
        return late_gain(curve.values, LATE)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a straight line", _run(straight(2.3, 0.8, 20))),
            Example("a thirtieth of the loss", _run(straight(2.3, 2.22, 20))),
            Example("a decay cut off", _run(shaken(falling(2.3, 0.5, 30, pace=15.0), 0.005))),
            Example("a twentieth of the way", _run(falling(2.3, 0.5, 30, pace=10.0))),
            Example("noisy, but beyond its noise", _run(shaken(straight(2.3, 0.5, 30), 0.3))),
            Example("ten epochs", _run(straight(2.3, 0.8, 10))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("it has levelled off", _run(falling(2.3, 0.5, 30))),
            Example("a fiftieth of the way", _run(joined(falling(2.3, 0.5, 24, pace=3.0), straight(0.5, 0.47, 6)))),
            Example("no more than its noise", _run(shaken(straight(2.3, 1.0, 30), 0.4, seed=11))),
            Example("the best lies before the end", _run(joined(straight(2.3, 0.7, 27), [0.75, 0.75, 0.75]))),
            Example("a hundredth of the loss: the rate is too low", _run(straight(2.3, 2.275, 20))),
            Example("level, and a last drop", _run(shaken(joined(falling(2.3, 0.8, 12, pace=2.0), [0.8] * 16, [0.7] * 3), 0.01, seed=2))),
            Example("eight epochs", _run(straight(2.3, 0.8, 8))),
        )


def _run(values: object) -> Run:
    return record(train_loss=values, val_loss=values)


def _message(curve: Curve, late: Late, first: int) -> str:
    return (
        f"The {curve.title} was still improving at the end: from {curve.told(first)} to {curve.told(len(curve) - 1)}, "
        f"{late.share:.0%} of its whole way. First train longer."
    )
