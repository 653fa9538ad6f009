"""L104."""

from collections.abc import Iterable

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._settings import constrained, is_straight, told_of_labels
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, later, record, shaken, straight
from advisor.run import Run
from advisor.signals.beginning import need_beginning
from advisor.signals.curves import Curve, any_curve, of_episodes, validation
from advisor.signals.noise import noise_scale
from advisor.signals.progress import ends
from advisor.signals.rise import level
from advisor.signals.skill import at_end, guessed_among, ranked, skill_if_logged
from advisor.signals.trend import mann_kendall
from advisor.text import counted, number

POINTS = 200  # a longer curve is judged by the medians of this many stretches
MEDIAN_ERROR = 1.2533  # √(π/2): the standard error of a median of normal noise, in those of a mean
LUCK = 3.0  # standard errors of an accuracy: of two equal classes √(1/4n), on the scale of skill 1/√n
END = 0.2  # of the points, whose median is the end
PERCEPTRON = {"model": {"kind": "perceptron"}}


class NotLearning(Rule):
    """The loss never left its start, or the accuracy stays at chance.

    What it measures
    ----------------
    The share of its first value by which the training loss came down until the end of the run. It counts as nothing if it
    is tiny, or less than the loss's own jitter without any downward trend, where that jitter could not hide a fall by half;
    of an agent's rewards it takes a hundred episodes to tell. Where an accuracy was logged it must agree: it is no better
    than always naming the commonest class; or than luck, on so few samples, while validation is no better than that; or,
    where the classes' shares are not known, it is low and hardly moved, or both it and the loss are those of a guess among
    as many classes. Without one, an area under the ROC curve of a half
    says the same. A model that was good from the start has nothing to learn and is left alone, and so is one that cannot
    express more; a run under way whose loss has begun to fall is given time.

    Why it matters
    --------------
    The model does not react to what it is shown; more epochs of the same change nothing. Almost always it is a mistake that can be
    found in minutes, not a matter of patience.

    What helps
    ----------
    Train on ten samples only: a sound setup reaches almost zero loss on them. If it does not, look at the gradients (none: a detached
    or frozen part, dead units; tiny at the first layers: vanishing), then at the learning rate (by factors of ten, both ways), the
    scale of the inputs, and whether labels and inputs still belong together. A few tasks do stand still for long before they give way:
    parity, arithmetic, rare rewards.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 11.5, Debugging Strategies. Karpathy 2019, A Recipe for Training Neural
    Networks.
    """

    code = "L104"
    severity = Severity.ERROR
    needs = "a loss"
    fixes = (
        *("unfreeze-layers", "find-learning-rate", "raise-learning-rate", "lower-learning-rate", "reinitialize", "scale-inputs"),
        *("connect-layers", "check-labels"),
    )
    by_config = ("unfreeze-layers",)
    explains = ("class-collapse",)
    excludes = ("underfitting", "plateau", "generalization-gap", "trained-too-long", "slow-learning", "stopped-too-early")

    FELL = 0.01  # share of the first loss; labelled runs that did not learn: 0.0025 and less, slow but healthy ones 0.016 and more
    FELL_AT_CHANCE = 0.06  # the same where the accuracy agrees: the first epoch's mean still holds the initial transient
    FELL_BY_LUCK = 0.03  # the same where luck could be all; recorded: 0.027 and less of nets that never learned, 0.041 of a slow one
    NOISE = 1.0  # deviations of the jitter: labelled runs without progress moved by 0.4 of them, others by 1.8 and more
    TREND = 2.0  # in deviations; anything beyond (one in twenty by chance) is slow learning, or divergence, and no standstill
    MANY = 20  # points, without which noise hides any learning there is
    EPISODES = 100  # the same of an agent that plays: it often earns nothing for long before it does
    HIDDEN = 0.5  # of the level: where noise may hide a fall by half, nothing can be told; a labelled run that did not learn: 0.4
    CHANCE = 0.04  # of skill: 3 standard errors of an accuracy over 1500 samples
    GOOD = 0.75  # plain accuracy; labelled fine-tunings that start near their floor: 0.84 and more, stuck ones 0.67 and less
    MOVED = 0.02  # of plain accuracy, gained over the whole run; labelled runs that did not learn: 0.01 and less, others 0.027
    FEWEST = 4  # points

    def measure(self, run: Run) -> float:
        return _fell(self._judged(run))

    def check(self, run: Run) -> Iterable[Finding]:
        if held := constrained(run) or self._at_its_best(run):
            raise SignalUnavailable(f"{held}: what a model cannot express it does not learn")
        if not self._at_chance(run):
            need_beginning(run)
        curve = self._judged(run)
        if not self._stands_still(curve, run) or self._sets_out(curve, run):
            return
        fell = _fell(curve)
        evidence = span(run, (curve.role,), int(curve.points[0]), int(curve.points[-1]))
        message = _message(curve, abs(fell) > self.FELL, self._why(curve, run)) + told_of_labels(run)
        yield self.finding(message, fell, self._bound(run), evidence, confidence=0.9)

    def _why(self, curve: Curve, run: Run) -> str:
        if classes := self._guesses_among(run):
            return f", and loss and accuracy are those of a guess among {classes} classes"
        jitter = f", which its jitter of {number(noise_scale(curve.values))} from point to point makes by chance"
        return {None: jitter, True: ", and the accuracy is no better for it", False: ""}[self._at_chance(run)]

    def _at_its_best(self, run: Run) -> str:
        """Why a model without hidden layers cannot do better, where its loss has levelled; else empty."""
        values = self._curve(run).values if is_straight(run) else np.empty(0)
        has_levelled = len(values) >= 2 * self.FEWEST and abs(mann_kendall(values[len(values) // 2 :])) < self.TREND
        return "no hidden layer (model.kind), and it has levelled" if has_levelled else ""

    def _sets_out(self, curve: Curve, run: Run) -> bool:
        """Whether a run that goes on has begun to fall, which it does before answers change."""
        return run.about.get("status") == "running" and _fell(curve) > self.FELL and mann_kendall(curve.values) <= -self.TREND

    def _curve(self, run: Run) -> Curve:
        curve = any_curve(run).thinned(POINTS)
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(curve), 'point')} of the {curve.title}; a standstill shows from {self.FEWEST} on")
        return curve

    def _stands_still(self, curve: Curve, run: Run) -> bool:
        if self._validation_improves(run):
            return False
        chance = self._at_chance(run)
        if chance is not None:
            return chance and abs(_fell(curve)) <= self._bound(run)
        many = self.EPISODES if of_episodes(run) else self.MANY
        return abs(_fell(curve)) <= self.FELL or (len(curve) >= many and self._lost_in_noise(curve))

    def _judged(self, run: Run) -> Curve:
        """The curve without its first point, if all that it ever fell was there, while accuracy stayed where guessing leaves it."""
        curve = self._curve(run)
        later = curve.since(1)
        stood = len(later) >= self.FEWEST and bool(self._at_chance(run)) and abs(_fell(later)) <= self.FELL
        return later if stood and not self._stands_still(curve, run) else curve

    def _validation_improves(self, run: Run) -> bool:
        try:
            curve = validation(run).thinned(POINTS)
        except SignalUnavailable:
            return False
        by_chance = len(curve) >= self.MANY and mann_kendall(curve.values) > -self.TREND
        return _fell(curve) > self._bound(run) and not by_chance

    def _bound(self, run: Run) -> float:
        by_luck = self._is_above_chance(run) and not self._validation_rose(run)
        return self.FELL if not self._at_chance(run) else self.FELL_BY_LUCK if by_luck else self.FELL_AT_CHANCE

    def _validation_rose(self, run: Run) -> bool:
        """Whether the validation loss ended above its start: then what training took off is learned by heart, and no slow beginning."""
        values = loss.finite.values if (loss := run.get("val_loss")) is not None else np.empty(0)
        return len(values) > 1 and ends(values, END)[1] > values[0]

    def _is_above_chance(self, run: Run) -> bool:
        """Whether it takes luck to call the accuracy no better than guessing."""
        reached = skill_if_logged(run, "train")
        return reached is not None and reached.known and reached.end > self.CHANCE

    def _at_chance(self, run: Run) -> bool | None:
        """Whether the accuracy says that nothing was learned; None where there is none."""
        if self._guesses_among(run):
            return True
        reached = skill_if_logged(run, "train")
        if reached is None:
            return self._ranks_by_chance(run)
        end = reached.end
        if reached.known:
            return end <= self.CHANCE or (end <= self._by_luck(run) and self._validation_at_chance(run))
        return end < self.GOOD and float(np.median(reached.values[-max(1, len(reached.values) // 5) :]) - reached.values[0]) <= self.MOVED

    def _guesses_among(self, run: Run) -> int:
        return guessed_among(run, "val" if run.get("train_accuracy") is None else "train", self.CHANCE)

    def _by_luck(self, run: Run) -> float:
        """The skill that answers at random may have on so few training samples; a linear model's may be all that it can express."""
        samples = run.facts.get("samples") if run.facts.get("class_shares") and not is_straight(run) else None
        return LUCK / float(np.sqrt(samples)) if samples else self.CHANCE

    def _validation_at_chance(self, run: Run) -> bool:
        reached = skill_if_logged(run, "val")
        return reached is not None and reached.end <= self.CHANCE

    def _ranks_by_chance(self, run: Run) -> bool | None:
        """The same by the area under the ROC curve, which guessing always leaves at a half."""
        try:
            area = ranked(run, "train")
        except SignalUnavailable:
            return None
        return at_end(area) <= self.CHANCE

    def _lost_in_noise(self, curve: Curve) -> bool:
        values, noise = curve.values, noise_scale(curve.values)
        start, end = ends(values, share=0.5)
        gained = float(np.median(values[: len(values) // 2])) - end
        hidden = gained + 2 * MEDIAN_ERROR * noise * np.sqrt(4 / len(values))  # with twice its standard error
        seen = hidden <= self.HIDDEN * abs(float(np.median(values)))
        return seen and abs(start - end) <= self.NOISE * noise and abs(mann_kendall(values)) < self.TREND

    def examples(self) -> tuple[Example, ...]:
        flat, jumping = straight(2.303, 2.29, 20), shaken([6.0] * 20, 1.5)
        ten = {"class_shares": [0.1] * 10}
        return (
            Example("the loss moves by half a percent", record(train_loss=flat)),
            Example("by noise alone, many points", record(train_loss=shaken([0.7] * 30, 0.15, seed=1))),
            Example(
                "accuracy stays at a tenth of ten classes", record(train_loss=flat, train_accuracy=shaken([0.1] * 20, 0.01), facts=ten)
            ),
            Example("accuracy two points above guessing", record(train_loss=straight(2.4, 2.3, 20), train_accuracy=[0.12] * 20, facts=ten)),
            Example("seven points of skill over 600 samples, none beyond them", _by_heart(val=0.49)),
            Example("a first transient, then nothing", record(train_loss=joined([2.4], [2.302] * 19), train_accuracy=[0.11] * 20)),
            Example("a large one: the first loss was off", record(train_loss=joined([2.9], [2.302] * 19), train_accuracy=[0.11] * 20)),
            Example("the area under the ROC curve stays at a half", _area(0.505)),
            Example("150 episodes, no more than at first", _episodes(150)),
            Example("66 % from the first epoch to the last", record(train_loss=flat, train_accuracy=straight(0.66, 0.67, 20))),
            Example(
                "the same, beside a validation that jitters",
                record(train_loss=joined([2.4], [2.302] * 19), train_accuracy=[0.11] * 20, val_loss=joined([9.0], jumping[1:])),
            ),
            Example("a perceptron whose loss still falls", record(train_loss=flat, config=PERCEPTRON)),
            Example("ln 2, half of them right", _half(0.5)),
            Example("four epochs", record(train_loss=[0.3432, 0.3432, 0.3431, 0.3431], train_accuracy=[0.667] * 4)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        flat = straight(2.303, 2.29, 20)
        ten = {"class_shares": [0.1] * 10}
        noisy = shaken([0.7] * 20, 0.25, seed=1)
        return (
            Example("the last part of a longer training", later(record(train_loss=flat), 180)),
            Example("the loss moves by three percent", record(train_loss=straight(2.303, 2.23, 20))),
            Example("as noisy, but it falls by more than the noise", record(train_loss=shaken(straight(1.1, 0.4, 40), 0.25, seed=1))),
            Example("less than the noise, but a clear trend", record(train_loss=shaken(straight(0.7, 0.5, 200), 0.2, seed=1))),
            Example("accuracy rises from chance", record(train_loss=flat, train_accuracy=straight(0.1, 0.2, 20), facts=ten)),
            Example("seven points of skill, but the loss moves by four percent", _by_heart(val=0.49, end=0.67)),
            Example("seven points of skill, of which validation shows as many", _by_heart(val=0.535)),
            Example("seven points of skill over 6000 samples", _by_heart(val=0.49, samples=6000)),
            Example("the loss moves by four percent, on validation too", _by_heart(val=0.49, end=0.67, val_end=0.68)),
            Example("good from the start: fine-tuning", record(train_loss=straight(0.1, 0.099, 20), train_accuracy=[0.97] * 20)),
            Example("the accuracy moves by three points", record(train_loss=flat, train_accuracy=straight(0.60, 0.63, 20))),
            Example("validation learns, noise hides it from training", record(train_loss=noisy, val_loss=falling(0.9, 0.8, 20))),
            Example(
                "a large transient, and it falls on", record(train_loss=joined([2.9], straight(2.3, 2.2, 19)), train_accuracy=[0.11] * 20)
            ),
            Example("validation jitters, and falls", record(train_loss=noisy, val_loss=shaken([6.0] * 20, 1.5) * straight(1.0, 0.6, 20))),
            Example(
                "by two percent, accuracy at chance, and still running",
                record(train_loss=straight(2.3, 2.25, 10), train_accuracy=[0.11] * 10, about={"status": "running"}),
            ),
            Example("ln 2, but 56 % of them", _half(0.56)),
            Example("an area of 0.6", _area(0.6)),
            Example("80 episodes: who knows", _episodes(80)),
            Example("single samples, so noisy that a half may be gone", record(train_loss=np.random.default_rng(1).gamma(2.0, 0.6, 24))),
            Example("a perceptron that has levelled", record(train_loss=joined([1.14], shaken([1.099] * 19, 0.002)), config=PERCEPTRON)),
            Example("linear units", record(train_loss=flat, config={"model": {"kind": "mlp", "activation": "linear", "hidden": [64]}})),
            Example("the loss rises instead", record(train_loss=straight(2.3, 2.9, 20))),
            Example("three epochs", record(train_loss=[0.3432, 0.3432, 0.3431])),
        )


def _by_heart(val: float, samples: int = 600, end: float = 0.68, val_end: float = 0.7) -> Run:
    train, held_out, held_loss = straight(0.5, 0.535, 20), shaken([val] * 20, 0.005), straight(0.70, val_end, 20)
    told = {"class_shares": [0.5, 0.5], "samples": samples}
    return record(train_loss=straight(0.70, end, 20), train_accuracy=train, val_accuracy=held_out, val_loss=held_loss, facts=told)


def _half(right: float) -> Run:
    told = joined([right - 0.03], [right] * 9)
    return record(train_loss=straight(0.71, 0.694, 10), train_accuracy=told, facts={"loss": "cross_entropy"})


def _area(reached: float) -> Run:
    return record(
        train_loss=joined([0.79], straight(0.699, 0.6932, 19)), train_metric=straight(0.5, reached, 20), columns={"train_metric": "auc"}
    )


def _episodes(count: int) -> Run:
    return record(train_metric=shaken([100.0] * count, 30.0), columns={"train_metric": "episode_reward"})


def _fell(curve: Curve) -> float:
    start, end = ends(curve.values, share=END)
    return (start - end) / (level(min(start, end), start, 1.0) or 1.0)


def _message(curve: Curve, moved: bool, why: str) -> str:
    """What the loss did; where it moved at all, why that is no learning."""
    start, end = ends(curve.values, share=END)
    changed = f"it changed by {abs(start - end) / abs(start):.2%}" if start else "it did not move"
    return (
        f"The {curve.title} began at {curve.told(0)} and ends at {curve.told_end(round(END * len(curve)) or 1)}: {changed}"
        f"{why if moved else ''}. First see whether the model can learn ten samples by heart; if not, something is broken."
    )
