"""L106."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._cycles import is_cyclic
from advisor.rules._settings import may_overlap
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.achieved import best_skill
from advisor.signals.changes import change_points
from advisor.signals.curves import Curve, any_curve, validation
from advisor.signals.progress import Late, ends, late_gain
from advisor.signals.rise import Rise, level, rise
from advisor.signals.skill import skill
from advisor.signals.trend import mann_kendall
from advisor.text import counted

POINTS = 100  # a longer curve is judged by the medians of this many stretches
TAIL = 5  # points whose median is the end
FLOOR = 0.05  # share of the way down below which a change of the loss is no change worth a word
FIRST = 3  # points whose median is the start
HALF = 0.5  # of the run; what happened after it is "late"
PARTS = ("train", "val")
LATEST_BEST = 0.75  # of the run; a best after it is too young to stand above


class Plateau(Rule):
    """It learned, then stopped improving well before the end, while still poor or worse than it had been.

    What it measures
    ----------------
    The share of the whole way down that the loss came in the second half of the run, where it had come some way before, and what that
    is of the level reached, so that a wild first value makes no standstill. Standing
    still is no fault of a run that is done: it counts only while the accuracy is still poor, on validation samples too if that was
    logged and ever changed, or, where none was logged, while the loss, and validation where it was logged, stands clearly above what it
    had been before, which shows that better is possible. Where the settings show nothing that holds the model down, a level a quarter
    of the way up or more is told as information: the classes may overlap.

    Why it matters
    --------------
    Half of the time was spent without result, at a place that is not good enough: the steps cancel each other or lead along
    a flat stretch, and more of the same will not leave it.

    What helps
    ----------
    Cut the learning rate by ten where the loss levels off (or by a schedule that does): if the loss drops at once, the
    steps were too large to settle. If it does not, the model is what holds it: see underfitting.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, sections 8.2 and 8.3. Dauphin et al. 2014, Identifying and attacking the
    saddle point problem, arXiv:1406.2572.
    """

    code = "L106"
    needs = "a loss"
    fixes = ("add-schedule", "lower-learning-rate", "find-learning-rate", "switch-optimizer", "widen-model", "stop-early")
    excludes = ("trained-too-long", "stopped-too-early")

    LATE_SHARE = 0.05  # of the way down, in the second half of the run; a healthy decay with the run as its time constant comes 0.3
    GAIN = 0.04  # of the level, in the second half: with as much it goes on, however steep the start; labelled plateaus: 0.018 and less ...
    GAIN_NOISE = 3.0  # ... where it exceeded this, in deviations: in others it is 1.6 and less
    LEARNED = 0.05  # share of the first loss; labelled plateaus: 0.07 and more; less has not learned at all
    POOR = 0.6  # accuracy; labelled plateaus that are not done: 0.57 and less, finished runs 0.75 and more
    POOR_STILL = 0.72  # the same where guessing is unknown and nothing moves; labelled plateaus: 0.714 and less
    HELD_BACK = 0.05  # of accuracy below validation, from where on mixed samples or dropout hold training back; labelled plateau: 0.005
    STILL = 2.0  # trend of the second half, in deviations, below which nothing moves; labelled plateaus: 1.4 and less
    DONE = 0.9  # of the first loss gone: with only validation poor, that is overfitting; labelled plateaus: 0.73 and less, others 0.97
    ABOVE = 0.05  # share of the earlier best; labelled runs stuck above it: 0.07 and more, healthy ones wander by 0.03
    NOISE = 4.8  # deviations of the jitter that it must stand above its best; labelled runs: 4.9 and more, healthy ones 3.2
    DRIFT = 3.0  # upward trend of the second half, in deviations; beyond it (one in 700 by chance) it is no standstill
    FLOOR = 0.25  # skill, as for underfitting: above it classes that overlap are as likely a reason
    FEWEST = 6  # points
    RUNNING = 20  # ... of a run that goes on, which need not be told in haste

    def measure(self, run: Run) -> float:
        return late_gain(self._curve(run).values, HALF).share

    def check(self, run: Run) -> Iterable[Finding]:
        curve = self._curve(run)
        late = late_gain(curve.values, HALF)
        share, moves = late.share, self._falls(curve, late) or mann_kendall(curve.values[len(curve) // 2 :]) > self.DRIFT
        if not share <= self.LATE_SHARE or not self._learned(curve) or moves:
            return
        poor = self._is_poor(run, curve)
        above = poor is None and self._is_above(run, curve)
        if not poor and not above:
            return
        evidence = span(run, (curve.role,), int(curve.points[len(curve) // 2]), int(curve.points[-1]))
        found = self.finding(_message(curve, share, above), share, self.LATE_SHARE, evidence, confidence=0.75)
        yield replace(found, severity=Severity.INFO) if poor and self._may_be_done(run, curve) else found

    def _curve(self, run: Run) -> Curve:
        curve = any_curve(run).thinned(POINTS)
        fewest = self.RUNNING if run.about.get("status") == "running" else self.FEWEST
        if len(curve) < fewest:
            raise SignalUnavailable(f"{counted(len(curve), 'point')} of the {curve.title}; a standstill shows from {fewest} on")
        return curve

    def _falls(self, curve: Curve, late: Late) -> bool:
        """Whether the late gain is small only beside a wild first value."""
        start, end = ends(curve.values, share=0.1)
        return late.in_noise > self.GAIN_NOISE and late.share * (start - end) > self.GAIN * abs(end)

    def _learned(self, curve: Curve) -> bool:
        start, lowest = float(curve.values[0]), float(curve.values.min())
        return (start - lowest) / (level(lowest, start, 1.0) or 1.0) >= self.LEARNED

    def _is_poor(self, run: Run, curve: Curve) -> bool | None:
        """Whether the accuracy is poor; None without one. R² does not count: noise in the target bounds it, and nothing tells how."""
        known = [part for part in PARTS if run.get(f"{part}_accuracy") is not None]
        if not known:
            return None
        if known == ["val"] and curve.role.startswith("train") and _gone(curve) > self.DONE:
            return False
        still = abs(mann_kendall(curve.values[len(curve) // 2 :])) < self.STILL and not self._is_held_back(run, known)
        moving = [part for part in known if len(set(run.series[f"{part}_accuracy"].finite.values)) > 1]  # others give one answer for all
        return all(
            self._is_poor_on(run, part, still) for part in moving or known
        )  # mixup or noisy labels hide from one what the other shows

    def _is_held_back(self, run: Run, known: Sequence[str]) -> bool:
        """Whether training stands so far below validation that its standing still tells nothing."""
        if len(known) < len(PARTS):
            return False
        train, val = (skill(run, part).right for part in PARTS)
        return val - train > self.HELD_BACK

    def _is_poor_on(self, run: Run, part: str, still: bool) -> bool:
        reached = skill(run, part)
        return reached.right < (self.POOR_STILL if still and not reached.known else self.POOR)

    def _may_be_done(self, run: Run, curve: Curve) -> bool:
        """Whether the level may be what the data allow."""
        part = "train" if run.get("train_accuracy") is not None and curve.role.startswith("train") else "val"
        return may_overlap(run) and best_skill(run) >= self.FLOOR and skill(run, part).known

    def _is_above(self, run: Run, curve: Curve) -> bool:
        """Whether it stands above what it had been, and so does validation: else the model is as good as it ever was."""
        measured = rise(curve.values, TAIL)
        if is_cyclic(run, curve, measured) or not self._stuck(curve, measured) > self.ABOVE:
            return False
        return measured.best < len(curve) * LATEST_BEST and measured.in_noise > self.NOISE and not self._validation_held(run, curve)

    def _stuck(self, curve: Curve, measured: Rise) -> float:
        return measured.height / (level(measured.lowest, float(np.median(curve.values[:FIRST])), FLOOR) or 1.0)

    def _validation_held(self, run: Run, curve: Curve) -> bool:
        try:
            val = validation(run).thinned(POINTS)
        except SignalUnavailable:
            return False
        known = curve.role.startswith("train") and len(val) >= self.FEWEST and self._learned(val)
        return known and self._stuck(val, rise(val.values, TAIL)) <= self.ABOVE

    def examples(self) -> tuple[Example, ...]:
        flat = falling(2.3, 1.7, 40, pace=4.0)
        poor = _rising(0.4)
        low = falling(2.3, 0.5, 18, pace=3.0)
        jittery = shaken(flat, 0.01, seed=39)
        still = shaken(falling(2.3, 1.7, 40, pace=2.0), 0.01, seed=39)
        drifting = joined(still[:20], shaken(straight(1.705, 1.695, 20), 0.01, seed=3))
        return (
            Example("45 % correct, and no further for half of the run", record(train_loss=jittery, train_accuracy=poor)),
            Example("59 %", record(val_loss=flat, val_accuracy=_rising(0.59))),
            Example("a twentieth better than at first", record(train_loss=falling(2.3, 2.17, 40, pace=4.0), train_accuracy=poor)),
            Example("stuck a tenth above its earlier best", record(train_loss=shaken(joined(low, [0.55] * 22), 0.003))),
            Example("and validation a tenth above its own", _above([0.55] * 22)),
            Example(
                "a fortieth of the way in the second half",
                record(train_loss=joined(flat[:20], straight(1.71, 1.695, 20)), train_accuracy=poor),
            ),
            Example("70 % of classes unknown, and nothing moves", record(train_loss=drifting, val_accuracy=_rising(0.7))),
            Example("64 %, and hardly anything moves", record(train_loss=drifting, train_accuracy=_rising(0.64))),
            Example(
                "45 % correct, and one answer for all on validation",
                record(train_loss=jittery, train_accuracy=poor, val_accuracy=[0.75] * 40),
            ),
            Example(
                "67 % on training, 70 % on validation, and nothing moves",
                record(train_loss=drifting, train_accuracy=_rising(0.67), val_accuracy=_rising(0.7)),
            ),
            Example("64 units, 45 % of ten known classes: information", _plain(flat, 0.45)),
            Example("64 units, 20 % of them", _plain(flat, 0.2)),
            Example("eight epochs", record(train_loss=falling(2.3, 1.7, 8, pace=1.0), train_accuracy=poor[:8])),
            Example("a wild first value, and a fiftieth of the level later", _wild(straight(1.4, 1.344, 39))),
            Example("a sixteenth, within the noise", _wild(shaken(straight(1.4, 1.23, 39), 0.05))),
            Example("30 epochs, and still running", record(train_loss=flat[:30], train_accuracy=poor[:30], about={"status": "running"})),
        )

    def near_misses(self) -> tuple[Example, ...]:
        flat = falling(2.3, 1.7, 40, pace=4.0)
        poor = _rising(0.4)
        low = falling(2.3, 0.5, 18, pace=3.0)
        still = shaken(falling(2.3, 1.7, 40, pace=2.0), 0.01, seed=39)
        jittery = shaken(flat, 0.01, seed=39)
        good = _rising(0.65)
        return (
            Example("done: 95 % correct", record(train_loss=flat, train_accuracy=_rising(0.95))),
            Example(
                "45 % on noisy labels, 90 % on validation",
                record(train_loss=jittery, train_accuracy=poor, val_accuracy=_rising(0.9)),
            ),
            Example("stuck a tenth above its best, and validation at its own: a term was added to the loss", _above([0.5] * 22)),
            Example(
                "45 % on mixed samples, 70 % on validation",
                record(train_loss=still, train_accuracy=poor, val_accuracy=_rising(0.7)),
            ),
            Example("65 % correct, and it creeps on", record(train_loss=jittery, train_accuracy=_rising(0.65))),
            Example(
                "65 % of classes whose shares are known", record(train_loss=still, train_accuracy=good, facts={"class_shares": [0.4, 0.6]})
            ),
            Example("validation is poor, training is done", record(train_loss=falling(2.3, 0.2, 40, pace=3.0), val_accuracy=poor)),
            Example(
                "R² of 0.5: noise may bound it", record(train_loss=still, train_metric=poor + 0.1, columns={"train_metric": "train_r2"})
            ),
            Example("nothing tells how good it is", record(train_loss=flat)),
            Example(
                "a tenth of the way in the second half", record(train_loss=joined(flat[:20], straight(1.70, 1.64, 20)), train_accuracy=poor)
            ),
            Example("it had learned next to nothing", record(train_loss=falling(2.3, 2.22, 40, pace=4.0), train_accuracy=poor)),
            Example("three percent above its earlier best", record(train_loss=shaken(joined(low, [0.52] * 22), 0.004))),
            Example("above its best, in its noise", record(train_loss=shaken(joined(low, [0.52] * 22), 0.05))),
            Example("it drifts upwards", record(train_loss=joined(flat[:20], straight(1.71, 1.75, 20)), train_accuracy=poor)),
            Example("a wild first value, and a sixteenth", _wild(straight(1.4, 1.24, 39))),
            Example("15 epochs, and still running", record(train_loss=flat[:15], train_accuracy=poor[:15], about={"status": "running"})),
            Example("five epochs", record(train_loss=falling(2.3, 1.7, 5, pace=0.5), train_accuracy=poor[:5])),
        )


def _rising(accuracy: float) -> Floats:
    return falling(0.1, accuracy, 40, pace=4.0)


def _above(val: ArrayLike) -> Run:
    low = falling(2.3, 0.5, 18, pace=3.0)
    return record(train_loss=shaken(joined(low, [0.55] * 22), 0.003), val_loss=shaken(joined(low, val), 0.003, seed=1))


def _wild(rest: Floats) -> Run:
    return record(train_loss=joined([43.0], rest), train_accuracy=_rising(0.4))


def _plain(loss: Floats, accuracy: float) -> Run:
    config = {"model": {"kind": "mlp", "hidden": [64]}}
    right = falling(0.1, accuracy, len(loss), pace=4.0)
    return record(config=config, facts={"class_shares": [0.1] * 10}, train_loss=loss, train_accuracy=right)


def _gone(curve: Curve) -> float:
    """The share of its first value that is gone at the end."""
    start, end = ends(curve.values, share=0.1)
    return (start - end) / start if start > 0 else 0.0


def _message(curve: Curve, share: float, above: bool) -> str:
    half = len(curve) // 2
    way, beyond = ("up", "below") if curve.rises else ("down", "above")
    stuck = (
        f", and stands {beyond} the {curve.told(int(np.argmin(curve.values)))} it had reached"
        if above
        else " while the accuracy is still poor"
    )
    return (
        f"In the second half of the run (from {curve.at(half)}) the {curve.title} came only {max(share, 0.0):.0%} of its whole way {way}"
        f"{stuck}; it ends at {curve.told_end(TAIL)}. First cut the learning rate by ten {_where(curve)}."
    )


def _where(curve: Curve) -> str:
    """Where it levelled off, in words: behind the last change of its level, if that lies before the second half."""
    changes = change_points(curve.values)
    early = len(changes) > 0 and changes[-1] <= len(curve) // 2
    return f"at about {curve.at(int(changes[-1]))}, where it levelled off" if early else "where it levels off"
