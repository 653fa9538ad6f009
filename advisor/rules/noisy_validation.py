"""F105."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, validation
from advisor.signals.noise import noise_error, noise_scale
from advisor.signals.progress import ends
from advisor.signals.rise import level
from advisor.signals.trend import in_order
from advisor.text import counted, number

POINTS = 200  # a longer curve is judged by the medians of this many stretches
FIRST = 3  # points whose median is the start, so that one wild first value does not count as progress
LATE = 0.2  # of the points, whose median is the end
FLOOR = 0.05  # share of the way down below which a change of the loss is no change worth a word


@dataclass(frozen=True)
class Jitter:
    """How noisy a validation curve is."""

    at_least: float  # share of its own late size, less what so few points may overstate it by
    progress: float  # how many times its jitter it came down, from the better of its first values


class NoisyValidation(Rule):
    """Validation is too noisy to steer by.

    What it measures
    ----------------
    The jitter of the validation loss from one validation to the next, as a share of its late level and less one standard error,
    since a few points show it poorly, and how many times that jitter
    it came down in all. Where both say that the noise is of the size of the progress, the best epoch is best by luck; unless nearly
    each validation was better than those before it, so that the order tells what the sizes hide. The same of the second half alone,
    where the noise is a large share of what is left.

    Why it matters
    --------------
    Early stopping, schedules that wait for a plateau and the choice between two settings all go by this number; so noisy, they go
    by chance.

    What helps
    ----------
    More validation samples (four times as many halve the noise), or the mean of several validations; a lower rate towards the
    end, or averaged weights, if the model itself changes that much between validations; and patience of several epochs. Compare
    settings over several seeds.

    References
    ----------
    Bouthillier et al. 2021, Accounting for Variance in Machine Learning Benchmarks, arXiv:2103.03098. Izmailov et al. 2018,
    Averaging Weights Leads to Wider Optima, arXiv:1803.05407.
    """

    code = "F105"
    severity = Severity.INFO
    needs = "validation"
    fixes = ("hold-out-validation", "get-more-data", "add-schedule", "lower-learning-rate", "change-batch-size")

    JITTER = 0.0215  # of the late level; labelled runs: 0.023 and more, others that gained as little 0.020 and less
    PROGRESS = 10.0  # jitters gained in all; labelled runs: 9.4 and less, sound ones as noisy 66
    LATE_JITTER = 0.2  # the same in the second half alone, where most of the way lay before: a labelled run 0.46, sound ones 0.15 ...
    LATE_PROGRESS = 2.0  # ... or gained more than so many jitters; a labelled run: 0.7, a sound one as noisy 3.6
    FEWEST_LATE = 8  # validations of it
    ORDER = 0.8  # nine pairs in ten say the same, whatever the jitter; labelled noisy runs: 0.72 and less, a sound one 0.85
    FEWEST = 6  # validations

    def measure(self, run: Run) -> float:
        return _jitter(self._judged(run)[0].values).at_least

    def check(self, run: Run) -> Iterable[Finding]:
        curve, is_late = self._judged(run)
        if not is_late and not self._is_noisy(curve, (self.JITTER, self.PROGRESS)):
            return
        jitter, bound = _jitter(curve.values), self.LATE_JITTER if is_late else self.JITTER
        evidence = span(run, (curve.role,), int(curve.points[0]), int(curve.points[-1]))
        yield self.finding(_message(curve, jitter, is_late), jitter.at_least, bound, evidence, confidence=0.65)

    def _judged(self, run: Run) -> tuple[Curve, bool]:
        """The validation curve, or its second half where that alone is noisy, and whether it is."""
        curve = self._curve(run)
        late = curve.since(len(curve) // 2)
        is_late = len(late) >= self.FEWEST_LATE and self._is_noisy(late, (self.LATE_JITTER, self.LATE_PROGRESS))
        alone = is_late and not self._is_noisy(curve, (self.JITTER, self.PROGRESS))
        return (late, True) if alone else (curve, False)

    def _is_noisy(self, curve: Curve, bounds: tuple[float, float]) -> bool:
        jitter, (least, most) = _jitter(curve.values), bounds
        return jitter.at_least > least and jitter.progress < most and in_order(curve.values) <= self.ORDER

    def _curve(self, run: Run) -> Curve:
        curve = validation(run).thinned(POINTS)
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(curve), 'validation')}; noise shows from {self.FEWEST} on")
        return curve

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a tenth up and down, hardly any progress", _run(_noisy(1.0, 0.8, by=0.1))),
            Example("by four percent", _run(_noisy(1.0, 0.9, by=0.045))),
            Example("eight times its jitter gained", _run(_noisy(1.6, 0.8, by=0.1))),
            Example("only accuracies", record(train_accuracy=falling(0.3, 0.9, 40), val_accuracy=1 - _noisy(0.35, 0.3, by=0.03))),
            Example("most of its way at first, then a third up and down", _run(_settled(by=0.3))),
            Example("coming on by a little more than that", _run(_settled(by=0.35, end=0.33))),
            Example("the same in a short run", _run(_settled(by=0.4, half=10))),
            Example("eight validations", _run(_noisy(1.0, 0.8, by=0.1)[:8])),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("by one percent", _run(_noisy(1.0, 0.9, by=0.012))),
            Example("noisy, but it came a long way", _run(shaken(falling(2.3, 0.3, 40), by=0.03))),
            Example("fifteen times its jitter gained", _run(_noisy(2.3, 0.8, by=0.1))),
            Example("most of its way at first, then a fifth up and down", _run(_settled(by=0.2))),
            Example("a third up and down, but it comes on", _run(_settled(by=0.3, end=0.2))),
            Example("seven validations behind the way", _run(_settled(by=0.4, half=7))),
            Example("unevenly, but better each time", _run(np.cumsum([0.88] + [-0.002, -0.02] * 6))),
            Example("only training is noisy", record(train_loss=_noisy(1.0, 0.8, by=0.2), val_loss=falling(1.0, 0.8, 40))),
            Example("one bump", _run(np.where(np.arange(40) == 20, 1.5, straight(1.0, 0.8, 40)))),
            Example("five validations", _run(_noisy(1.0, 0.8, by=0.1)[:5])),
        )


def _run(values: Floats) -> Run:
    return record(train_loss=falling(1.0, 0.6, len(values)), val_loss=values)


def _noisy(start: float, end: float, by: float) -> Floats:
    return np.abs(shaken(straight(start, end, 40), by, seed=3))


def _settled(by: float, end: float = 0.5, half: int = 20) -> Floats:
    """It comes down to a half within half of the run, and on to `end`."""
    return joined(falling(30.0, 0.5, half, pace=half / 7), np.abs(straight(0.5, end, half) * shaken([1.0] * half, by, seed=3)))


def _jitter(values: Floats) -> Jitter:
    first, end = ends(values, LATE)
    start = min(first, float(np.median(values[:FIRST])))
    noise = noise_scale(values)
    size = level(end, start, FLOOR)
    surely = noise * (1 - noise_error(len(values)))
    return Jitter(surely / size if size > 0 else 0.0, (start - end) / noise if noise else np.inf)


def _message(curve: Curve, jitter: Jitter, is_late: bool) -> str:
    best, where = int(np.argmin(curve.values)), "there" if is_late else "in all"
    gained = f"and gained {jitter.progress:.1f} times as much {where}" if jitter.progress >= 0.05 else f"and gained nothing {where}"
    return (
        f"{'In the second half of the run the' if is_late else 'The'} {curve.title} jitters by {number(noise_scale(curve.values))} from "
        f"one validation to the next, {gained}: that {curve.told(best)} is its best is partly luck. "
        "First measure on more samples, or go by the mean of several validations."
    )
