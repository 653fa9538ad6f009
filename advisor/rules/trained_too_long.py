"""L108."""

from collections.abc import Iterable

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Run
from advisor.signals.curves import Curve, validation
from advisor.signals.noise import noise_scale
from advisor.signals.progress import ends, late_gain
from advisor.signals.rise import level, rise
from advisor.signals.trend import mann_kendall

POINTS = 200  # a longer curve is judged by the medians of this many stretches
HALF = 0.5  # of the run; what came after it is the last part
TAIL = 5  # points whose median is the end


class TrainedTooLong(Rule):
    """The last part of the run bought nothing.

    What it measures
    ----------------
    The share of its whole way down that the validation loss came in the second half of the run, where it did not go on improving
    steadily nor get clearly worse. It had to learn something before, and to be calm enough to tell.

    Why it matters
    --------------
    Half of the time and energy went into nothing, and each further epoch is a chance to overfit.

    What helps
    ----------
    Stop early, with some patience, or plan fewer epochs. If the result is not good enough, what holds it is something else than
    time: cut the learning rate where the curve levels off, or see underfitting and overfitting.

    References
    ----------
    Prechelt 1998, Early Stopping - But When?
    """

    code = "L108"
    severity = Severity.INFO
    needs = "validation"
    fixes = ("stop-early", "add-schedule")

    LATE_SHARE = 0.01  # of the way down, in the second half; a labelled run: 0.001
    TREND = 2.5  # deviations, either way: beyond it (one in eighty by chance) something still moved; a labelled run: 2.1
    WORSE = 0.05  # above its best, where it moves up: less is not yet overfitting (Prechelt's GL5), and bought nothing either
    LEARNED = 0.1  # share of the first value that was gone by the middle
    JITTER = 0.1  # of the level: with more, noise hides what was bought; labelled runs this noisy: 0.3 and more
    FEWEST = 20  # validations

    def measure(self, run: Run) -> float:
        return late_gain(self._curve(run).values, HALF).share

    def check(self, run: Run) -> Iterable[Finding]:
        curve = self._curve(run)
        share = late_gain(curve.values, HALF).share
        if not share <= self.LATE_SHARE or not self._learned(curve) or self._moves(curve):
            return
        first = len(curve) // 2
        evidence = span(run, (curve.role,), int(curve.points[first]), int(curve.points[-1]))
        yield self.finding(_message(curve, share, first), share, self.LATE_SHARE, evidence, confidence=0.8)

    def _curve(self, run: Run) -> Curve:
        curve = validation(run).thinned(POINTS)
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{len(curve)} of {self.FEWEST} validations that show a standstill")
        return curve

    def _learned(self, curve: Curve) -> bool:
        start, end = ends(curve.values, share=HALF)
        return (start - end) / (level(min(start, end), start, 1.0) or 1.0) >= self.LEARNED

    def _moves(self, curve: Curve) -> bool:
        late = curve.values[len(curve) // 2 :]
        end = ends(curve.values, share=HALF)[1]
        jitter = noise_scale(curve.values) / (abs(end) or 1.0)
        worse = rise(curve.values, TAIL).height > self.WORSE * (abs(end) or 1.0)
        trend = mann_kendall(late)
        return trend < -self.TREND or (trend > self.TREND and worse) or jitter > self.JITTER

    def examples(self) -> tuple[Example, ...]:
        flat = _then_flat(2.3, 0.8, 60)
        return (
            Example("level since a fifth of the run", record(train_loss=flat, val_loss=shaken(flat, 0.01, seed=1))),
            Example("only accuracies", record(val_accuracy=1 - shaken(_then_flat(0.8, 0.1, 60), 0.002, seed=1))),
            Example("noisy, but level", record(train_loss=flat, val_loss=shaken(flat, 0.06, seed=1))),
            Example("thirty epochs", record(train_loss=flat[:30], val_loss=shaken(flat[:30], 0.01, seed=1))),
            Example("a weak drift", record(train_loss=flat, val_loss=shaken(flat + _drift(0.01), 0.012, seed=3))),
            Example("it crept up by a fortieth", record(train_loss=flat, val_loss=shaken(flat + _drift(0.02), 0.004, seed=1))),
            Example("a quarter of the loss was gone", record(train_loss=flat, val_loss=shaken(_then_flat(1.0, 0.85, 60), 0.002, seed=1))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        flat = _then_flat(2.3, 0.8, 60)
        slow = falling(2.3, 0.5, 60, pace=15.0)
        return (
            Example("still improving", record(train_loss=slow, val_loss=shaken(slow, 0.01))),
            Example("it learned nothing before", record(train_loss=flat, val_loss=shaken(np.full(60, 2.3), 0.01, seed=1))),
            Example("too noisy to tell", record(train_loss=flat, val_loss=shaken(flat, 0.3, seed=1))),
            Example("it gained a little", record(train_loss=flat, val_loss=shaken(flat - _drift(0.03), 0.02))),
            Example("it still creeps down", record(train_loss=flat, val_loss=shaken(flat - _drift(0.012), 0.006, seed=1))),
            Example("it gets worse", record(train_loss=flat, val_loss=shaken(flat + _drift(0.1), 0.01, seed=1))),
            Example("fifteen epochs", record(train_loss=flat[:15], val_loss=shaken(flat[:15], 0.01, seed=1))),
        )


def _then_flat(start: float, end: float, epochs: int) -> np.ndarray:
    return joined(falling(start, end, 12, pace=2.0), np.full(epochs - 12, end))


def _drift(by: float) -> np.ndarray:
    return joined(np.zeros(30), straight(0.0, by, 30))


def _message(curve: Curve, share: float, first: int) -> str:
    came = f"came only {share:.1%} of its whole way" if share >= 0.0005 else "came no further"
    return (
        f"From {curve.at(first)} on, half of the run, the {curve.title} {came}: it was "
        f"{curve.told(first)} and ends at {curve.told_end(max(1, len(curve) // 10))}. First stop early, with some patience."
    )
