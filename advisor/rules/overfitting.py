"""F101."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._settings import kept_epoch, told_of_labels
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, paired, thinned_together
from advisor.signals.progress import last_points
from advisor.signals.rise import Rise, early, level, rise
from advisor.signals.skill import answers_apart, answers_lost, answers_right, guess_loss, skill_if_logged
from advisor.signals.trend import mann_kendall

POINTS = 200  # a longer curve is judged by the medians of this many stretches
FLOOR = 0.01  # share of the way down below which a change of the loss is no change worth a word


@dataclass(frozen=True)
class Gap:
    """What validation and training did since validation was best."""

    val: Rise
    rose: float  # share of the best validation value
    fell: float  # share of the training value at that point
    trend: float  # of validation since then, in deviations; negative: it is recovering
    falling: float  # the same of training, upside down
    apart: float  # how many times the training value validation ends at; inf where they tell no ratio
    of_way: float  # the rise as a share of the way that training came down in all


class Overfitting(Rule):
    """Validation got worse while training went on improving.

    What it measures
    ----------------
    How far the validation loss ends above its best, as a share of that best, while the training loss went on falling by
    its own share since that point. The rise must exceed the validation loss's own jitter or go on steadily, and must not be on
    its way back; a small one many times that jitter, or beside a small fall as steady, is information, and where more answers became
    right. A rise within the jitter is told where training has left validation far behind: even one that stood still no longer follows;
    it is information unless the accuracies are as far apart. A short record needs more.

    Why it matters
    --------------
    Since its best epoch the model has been learning what is particular to the training samples, noise included, at the expense of what
    is true of new ones. The weights at the end are worse for their purpose than weights it already had.

    What helps
    ----------
    Keep the weights of the best epoch (early stopping), which costs nothing. To get further than that epoch: more or augmented data,
    weight decay or dropout, a smaller model. If the accuracy held while the loss rose, the model became overconfident: its classes are
    as good as before, its probabilities are not; temperature scaling or label smoothing mends those; where the loss ends above a
    guess's, they are worse than none. Where it rose, the last weights answer best. Large models rarely come down again (double descent).

    References
    ----------
    Prechelt 1998, Early Stopping - But When? (the rise above the best is its generalisation loss GL). Guo, Pleiss, Sun, Weinberger
    2017, On Calibration of Modern Neural Networks, arXiv:1706.04599. Nakkiran et al. 2020, Deep double descent, arXiv:1912.02292.
    """

    code = "F101"
    needs = "train + validation"
    fixes = ("stop-early", "add-dropout", "add-l2", "shrink-model", "add-noise", "get-more-data")
    excludes = ("trained-too-long", "stopped-too-early", "generalization-gap", "noisy-validation")

    RISE = 0.05  # Prechelt's GL5; labelled runs: overfitted ones 0.059 and more, healthy ones at most 0.028 beyond noise
    FALL = 0.1  # labelled runs: training fell by 0.12 and more since the best epoch, in healthy ones by at most 0.06
    NOISE = 3.5  # deviations of validation's jitter; one flat noisy curve in 300 gets there, labelled runs reach 3.6 and more
    CLEAR = 7.0  # deviations of a late jitter so small that less of a rise is one, too, ...
    CLEAR_RISE = 0.025  # ... this much; labelled runs: 0.030 and more, a tolerated one 0.022
    CLEAR_WAY = 0.03  # of training's way down, the same; labelled runs: 0.035 and more, others that rose so little 0.034
    SLOW_FALL = 0.04  # of training, where both curves go their ways steadily; a labelled run: 0.048
    CLIMBING = 3.0  # trend since the best, in deviations, which counts as much: one in 700 by chance
    BEHIND = 2.0  # times training's value, enough for a rise within the noise; labelled runs: 2.3 and more, others with such a rise 1.5
    FALL_BEHIND = 0.25  # of training, the same; labelled runs: 0.29 and more, healthy ones as above
    OF_WAY = 0.02  # of training's way down, the same: ratios explode near zero; labelled runs: 0.034 and more
    ENOUGH = 6  # validations that tell their jitter
    FEW_RISE = 0.1  # of fewer: of level ones with 4 % of jitter 7 in 100 rise by RISE, 2 by this; mild where more answers became right
    LARGE_RISE = 0.3  # enough where they are fewer; labelled runs: 0.39, and a smaller bump of three epochs is no turn
    LARGE_FALL = 0.5  # the same for training
    RECOVERING = -2.0  # trend since the best, in deviations: beyond this (one in forty by chance) validation is on its way back
    LOST = 0.02  # of validation accuracy since the best loss; less is within the sampling error of most validation sets ...
    FEW = 1.5  # of the validation samples: a single one that turned (recorded: of eighteen) is no loss
    LOST_R2 = 0.05  # the same of R²; recorded: 0.036 in a sound run at the floor of its noise, 0.09 and more in harmed ones
    AT_CHANCE = 0.04  # skill on training, at which nothing was learned that could be too particular (3 errors of 1500 samples)
    ACCURACY_GAP = 0.1  # ... and with training this close, or closer, it is worth a word and no warning (AutoTrainer's bound)
    FEWEST = 3  # validations

    def measure(self, run: Run) -> float:
        return self._gap(*self._curves(run)).rose

    def check(self, run: Run) -> Iterable[Finding]:
        train, val = self._curves(run)
        gap = self._gap(train, val)
        if not self._overfits(gap, len(val)) or self._learned_nothing(run):
            return
        bound, apart = self.RISE if gap.rose > self.RISE else self.CLEAR_RISE, answers_apart(run)
        answers = self._answers(run, val, gap.val.best)
        evidence = span(run, (val.role, train.role), int(val.points[gap.val.turn]), int(val.points[-1]))
        surely = self._surely(gap) or len(val) < self.ENOUGH
        text = (_message if surely else _within_noise)(train, val, gap)
        text += _first_of_better(run, val, gap) if answers > 0 else _first(val, gap, answers == 0 and surely)
        found = self.finding(text + told_of_labels(run), gap.rose, bound, evidence, confidence=0.95 if surely else 0.7)
        mild = bound < self.RISE or gap.fell <= self.FALL or (val.unit == "epoch" and kept_epoch(run) < val.x[-1])
        useless = val.role == "val_loss" and gap.val.end > guess_loss(run)
        as_good = (answers >= 0 and apart < self.ACCURACY_GAP) or (answers > 0 and gap.rose <= self.FEW_RISE)
        calm = mild or (as_good and not useless) or not (surely or self.ACCURACY_GAP <= apart < np.inf)
        yield replace(found, severity=Severity.INFO) if calm else found

    def _answers(self, run: Run, val: Curve, best: int) -> int:
        """Whether more (1), as many (0) or fewer (-1) are right than when the loss was best, as far as so many samples tell."""
        lost, samples = answers_lost(run, val, best), run.facts.get("validation_samples")
        if val.role == "val_loss" and run.get("val_accuracy") is None:
            return -1 if lost > self.LOST_R2 else 0
        chance = max(self.LOST, self.FEW / samples if isinstance(samples, int) and samples > 0 else 0.0)
        return int(lost < -chance) - int(lost > chance)

    def _learned_nothing(self, run: Run) -> bool:
        reached = skill_if_logged(run, "train")
        return (
            reached is not None
            and reached.known
            and float(np.median(reached.values[-last_points(len(reached.values)) :])) <= self.AT_CHANCE
        )

    def _overfits(self, gap: Gap, points: int) -> bool:
        opposite = gap.fell > self.SLOW_FALL and min(gap.trend, gap.falling) > self.CLIMBING
        if not (gap.fell > self.FALL or opposite) or gap.trend <= self.RECOVERING:
            return False
        clear = gap.val.in_late_noise > self.CLEAR and gap.rose > self.CLEAR_RISE and gap.of_way > self.CLEAR_WAY and points >= self.ENOUGH
        if clear or gap.rose <= self.RISE:
            return clear
        if points < self.ENOUGH:
            calm = gap.val.in_noise > self.NOISE and gap.rose > self.FEW_RISE
            return calm or (gap.rose > self.LARGE_RISE and gap.fell > self.LARGE_FALL)
        return self._surely(gap) or (gap.apart > self.BEHIND and gap.fell > self.FALL_BEHIND and gap.of_way > self.OF_WAY)

    def _surely(self, gap: Gap) -> bool:
        return gap.val.in_noise > self.NOISE or gap.trend > self.CLIMBING

    def _curves(self, run: Run) -> tuple[Curve, Curve]:
        train, val = paired(run)
        if len(val) < self.FEWEST:
            raise SignalUnavailable(f"{len(val)} of {self.FEWEST} validations that show a turn")
        return thinned_together(train, val, POINTS)

    def _gap(self, train: Curve, val: Curve) -> Gap:
        tail = last_points(len(val))
        measured = rise(val.values, tail, wanders=True)
        at_best, at_end = float(train.values[measured.best]), float(np.median(train.values[-tail:]))
        scale = level(at_best, early(train.values), FLOOR) or 1.0
        rose = measured.height / (level(measured.lowest, early(val.values), FLOOR) or 1.0)
        apart = measured.end / at_end if at_end > 0 else float(np.inf if at_end == 0 else 0)
        way = float(train.values.max()) - at_end
        of_way = measured.height / way if way > 0 else 0.0
        trend, falling = (mann_kendall(curve.values[measured.best :]) for curve in (val, train))
        return Gap(measured, rose, (at_best - at_end) / scale, trend, -falling, apart, of_way)

    def examples(self) -> tuple[Example, ...]:
        train = falling(2.3, 0.1, epochs=30)
        bottom = falling(2.3, 0.8, epochs=12, pace=3.0)
        climb, mild = joined(bottom, straight(0.82, 1.4, 18)), shaken(joined(bottom, straight(0.81, 0.88, 18)), by=0.008)
        slowly = joined(train[:12], straight(1.0, 0.83, 18) * train[11])
        return (
            Example("validation turns at epoch 12", record(train_loss=train, val_loss=shaken(climb, by=0.02))),
            Example("a mild turn", record(train_loss=train, val_loss=mild)),
            Example("noisy validation", record(train_loss=train, val_loss=shaken(climb, by=0.1))),
            Example(
                "it stood still, noisy, and ends clearly higher",
                record(train_loss=train + 0.7, val_loss=shaken(joined(bottom, [0.8] * 14, [1.0] * 4), by=0.04, seed=4)),
            ),
            Example("within its noise, but steadily", record(train_loss=train + 0.5, val_loss=_jagged(0.8, 1.3))),
            Example("within its noise, training far ahead: information", record(train_loss=train, val_loss=_jagged(0.8, 0.8))),
            Example("within its noise, the accuracies as far apart", _classes(train, _jagged(0.8, 0.8), held=0.85)),
            Example("training improves by a sixth only", record(train_loss=slowly, val_loss=climb)),
            Example("a clear small turn: information", _clear()),
            Example("both steadily: information", record(train_loss=straight(0.65, 0.615, 20), val_loss=straight(0.67, 0.73, 20))),
            Example("four epochs, up by a seventh", record(train_loss=[0.5, 0.3, 0.2, 0.12], val_loss=[0.32, 0.33, 0.345, 0.365])),
            Example("three epochs of fine-tuning", record(train_loss=[0.39, 0.23, 0.11], val_loss=[0.32, 0.32, 0.44])),
            Example("only accuracies were logged", record(train_accuracy=1 - train / 3, val_accuracy=0.7 - straight(0.0, 0.2, 30))),
            Example("overconfident: 97 % correct, but surer of it", _classes(train, climb, held=0.97)),
            Example("the accuracy held, far below training's", _classes(train, climb, held=0.85)),
            Example("accuracy fell by four points", _classes(train, climb, held=0.97, lost=0.04)),
            Example("more right answers, a loss worse by a twelfth: information", _classes(train, mild, 0.8, lost=-0.05)),
            Example("the same, and by three quarters", _classes(train, climb, 0.8, lost=-0.05)),
            Example("by one sample of eighteen: information", _classes(train, climb, held=1.0, lost=0.055, samples=18)),
            Example("the classes held, the loss ends above a guess's", _told(_classes(train, climb, held=0.97), class_shares=[0.5, 0.5])),
            Example("R² fell by four hundredths: information", _numbers(train, climb, lost=0.04)),
            Example("R² fell by a tenth", _numbers(train, climb, lost=0.1)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        train = falling(2.3, 0.1, epochs=30)
        bottom = falling(2.3, 0.8, epochs=12, pace=3.0)
        climb = joined(bottom, straight(0.82, 1.4, 18))
        still = joined(train[:12], straight(1.0, 0.93, 18) * train[11])
        return (
            Example("validation levels off", record(train_loss=train, val_loss=shaken(joined(bottom, [0.8] * 18), by=0.02))),
            Example("noise that wanders", _wandering()),
            Example(
                "a rise of four percent, a hundredth of training's way",
                record(train_loss=train, val_loss=joined(bottom, straight(0.81, 0.84, 18))),
            ),
            Example("a small turn, jittery", _clear(jitter=0.008)),
            Example("of two percent", _clear(end=3.63)),
            Example("of a fortieth of training's way", _clear(start=7.5)),
            Example("training stopped improving, too", record(train_loss=shaken(still, 0.01), val_loss=climb)),
            Example("training hardly moves", record(train_loss=straight(0.65, 0.63, 20), val_loss=straight(0.67, 0.73, 20))),
            Example("training rises as well: divergence", record(train_loss=joined(train[:12], straight(0.3, 0.9, 18)), val_loss=climb)),
            Example("one bump of validation", record(train_loss=train, val_loss=joined(bottom, [0.8] * 8, [1.6], [0.8] * 9))),
            Example("validation on its way back", record(train_loss=train, val_loss=joined(bottom, falling(2.0, 0.85, 18)))),
            Example("four epochs, up by a twelfth", record(train_loss=[0.5, 0.3, 0.2, 0.12], val_loss=[0.32, 0.328, 0.338, 0.347])),
            Example("a smaller bump after three epochs", record(train_loss=[0.39, 0.23, 0.11], val_loss=[0.32, 0.32, 0.38])),
            Example("three epochs, training barely falls", record(train_loss=[0.39, 0.33, 0.27], val_loss=[0.32, 0.32, 0.44])),
            Example("within its noise, training not far ahead", record(train_loss=train + 0.5, val_loss=_jagged(0.8, 0.8))),
            Example("within its noise, training fell by a fifth", record(train_loss=_by_a_fifth(train), val_loss=_jagged(0.8, 0.8))),
            Example("within its noise, and both near zero", record(train_loss=falling(2.3, 0.001, 30), val_loss=_jagged(0.1, 0.1))),
            Example("within its noise, five validations", record(train_loss=[1.0, 0.5, 0.3, 0.2, 0.1], val_loss=[0.8, 0.5, 0.7, 0.5, 0.6])),
            Example("training is at chance, too", _at_chance(train, climb)),
            Example("both near zero", record(train_loss=falling(2.3, 1e-6, 60), val_loss=joined(falling(2.3, 0.001, 58), [0.0015] * 2))),
        )


def _clear(start: float = 4.7, end: float = 3.72, jitter: float = 0.004) -> Run:
    val = joined(falling(4.1, 3.56, 6, pace=1.0), straight(3.58, end, 4))
    return record(train_loss=falling(start, 2.4, 10), val_loss=shaken(val, jitter * 3.6))


def _wandering() -> Run:
    """Validation is level behind the first epochs, but for noise in which neighbours are alike."""
    noise = np.convolve(np.random.default_rng(45).normal(0.0, 0.03, 109), 0.6 ** np.arange(20), "valid")
    level_off = joined(falling(2.3, 0.8, epochs=12, pace=3.0), [0.8] * 78)
    return record(train_loss=falling(2.3, 0.5, 90, pace=15.0), val_loss=level_off + noise)


def _classes(train: Floats, val: Floats, held: float, lost: float = 0.0, samples: int = 1000) -> Run:
    accuracy = joined(falling(0.3, held, 12, pace=1.0), straight(held, held - lost, len(val) - 12))
    return record(
        train_loss=train, val_loss=val, train_accuracy=1 - train / 3, val_accuracy=accuracy, facts={"validation_samples": samples}
    )


def _told(run: Run, **facts: object) -> Run:
    return replace(run, facts={**run.facts, "loss": "cross_entropy", **facts})


def _at_chance(train: Floats, val: Floats) -> Run:
    told: dict[str, Any] = {"train_accuracy": [0.125] * len(train), "val_accuracy": [0.1] * len(val)}
    return record(train_loss=train, val_loss=val, facts={"class_shares": [0.1] * 10}, **told)


def _numbers(train: Floats, val: Floats, lost: float) -> Run:
    explained = joined(falling(0.0, 0.9, 12, pace=1.0), straight(0.9, 0.9 - lost, len(val) - 12))
    columns = {"train_metric": "train_r2", "val_metric": "val_r2"}
    return record(columns=columns, train_loss=train, val_loss=val, train_metric=np.full(len(val), 0.92), val_metric=explained)


def _jagged(low: float, high: float) -> Floats:
    """Thirty epochs of a validation loss that settles at `low` by the tenth, swings by a sixth of it and ends at `high`."""
    swing: Floats = np.resize([0.85, 1.15], 30)
    return swing * joined(falling(2.3, low, 10, pace=2.5), straight(low, high, 20))


def _by_a_fifth(train: Floats) -> Floats:
    return joined(train[:10] - 0.4, straight(1.0, 0.8, 20) * (train[9] - 0.4))


def _within_noise(train: Curve, val: Curve, gap: Gap) -> str:
    of, ends = "error" if train.rises else "value", val.told_end(last_points(len(val)))
    return (
        f"The {val.title} ends at {ends}, worse than its best, {val.told(gap.val.turn)}. That lies within its jitter, but the "
        f"{train.title} went on improving by {gap.fell:.0%}, and validation stands at {gap.apart:.1f} times its {of}."
    )


def _message(train: Curve, val: Curve, gap: Gap) -> str:
    ends = f"{val.told(gap.val.turn)} and ends worse, at {val.told_end(last_points(len(val)))}"
    return f"The {val.title} was best at {ends}, while the {train.title} went on improving by {gap.fell:.0%}."


def _first(val: Curve, gap: Gap, held: bool) -> str:
    calm = "Validation accuracy held, so the classes are as good as before and the probabilities overconfident. " if held else ""
    return f" {calm}First keep the weights of {val.at(gap.val.turn)}: stop early."


def _first_of_better(run: Run, val: Curve, gap: Gap) -> str:
    rose = "from {:.1%} to {:.1%}".format(*answers_right(run, val, gap.val.best))
    return (
        f" Its accuracy rose all the same, {rose}: the answers got better and the probabilities overconfident. "
        f"First keep the last weights where answers count, and those of {val.at(gap.val.turn)} where probabilities do."
    )
