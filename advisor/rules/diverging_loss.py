"""L101."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._cycles import is_cyclic
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, any_curve, curve, of_episodes, validation
from advisor.signals.rise import Rise, level, rise
from advisor.signals.trend import mann_kendall
from advisor.text import counted, number

POINTS = 200  # a longer curve is judged by the medians of this many stretches
FIRST = 3  # points whose median is the start, so that one wild first value does not blur all that follows
SPIKE = (0.6, 6.0, 4.0, 2.5)
FLOOR = 0.1  # share of the way down below which a change of the loss is no change worth a word


class DivergingLoss(Rule):
    """The loss ends far above where it was, beyond its noise.

    What it measures
    ----------------
    How far the training loss, or what an agent that plays earns, ends above its lowest point, as a share of that lowest loss
    (never less than a tenth of the way it came down; for a loss below zero, and for rewards, as a share of that way).
    Both are medians, so that one bad batch does not count. It must also exceed the loss's own jitter several times, and
    still stand: a jump that was soon and mostly recovered is a spike, not divergence. Where validation rose as well, half of that
    rise is enough. A rise within the last epoch is looked for in the losses of single steps, where those were logged and the epoch ended
    high as well. It is no divergence where the rate was raised again, as in cycles and warm restarts, and the loss stays within
    what it was at such a rate before; nor where it rose as high before and came back, from a rise half as long, or while this one
    is coming down, too; nor where validation came down as far meanwhile, by its loss or, where that only jitters, by its wrong
    answers: then training has been given something harder, and the model became better. Where validation had come down and merely
    stayed there, it is told as information: a model whose weights were thrown off predicts worse.

    Why it matters
    --------------
    Each step now makes the model worse at the very thing it is trained on, so every further epoch is wasted and the best
    weights are already behind. The usual cause is a step size beyond what the loss surface's curvature allows.

    What helps
    ----------
    Go back to the weights from before the rise and continue with a learning rate three to ten times lower; clip the
    gradient norm if the rise came as a jump; decay the rate towards the end of training. If the gradient norms stay
    small while the loss rises, look for a changed data order or a bad batch instead.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 8.3.1. LeCun, Bottou, Orr, Mueller 1998, Efficient
    BackProp, section 5.1 on the largest step that still converges.
    """

    code = "L101"
    severity = Severity.ERROR
    needs = "a loss"
    fixes = ("lower-learning-rate", "find-learning-rate", "clip-gradients", "add-warmup", "add-schedule")
    explains = ("class-collapse",)
    excludes = (
        "overfitting", "underfitting", "plateau", "not-learning", "generalization-gap", "slow-learning", "learning-rate-too-low",
        "stopped-too-early", "trained-too-long", "loss-spikes", "oscillating-loss", "noisy-validation",
        "suspicious-validation",
    )  # fmt: skip

    RISE = 0.2  # labelled runs: diverged ones end 0.25 or more above their best, others at most 0.12 beyond their noise
    NOISE = 5.0  # the lowest of 200 points is 3 deviations low by luck; labelled runs that diverged exceed 20, steps of sound ones 3.6
    STEPS = 50  # steps, that show what a last epoch was like; recorded runs in which it all happened there had 100 and more
    KEPT = 0.5  # share of the highest rise still there at the end: less than half of a jump is left of a spike, unless ...
    LASTING = 2.0  # times the points up to its best: where as many followed without coming back, it is lost and no spike
    HELD = 0.05  # of where validation stood at training's best; with diverged ones of the labelled runs it lost 0.23 and more
    BOTH = 0.1  # a smaller rise, where validation rose by RISE as well: two curves do not leave their noise together by chance
    CLIMBING = 1.0  # ... the curve still climbs by this trend, in deviations; labelled runs: 1.8 and more, recovered ones below 0
    FEWEST = 5  # points; with fewer, a bump and a trend look alike
    TAIL = 3  # points whose median is the end, so that one bad epoch is not the end

    def measure(self, run: Run) -> float:
        return next((found.measured for found in self.check(run)), self._relative(run))

    def _relative(self, run: Run) -> float:
        curve = self._curve(run)
        measured = self._rise(curve)
        return measured.height / self._level(curve, measured)

    def check(self, run: Run) -> Iterable[Finding]:
        found = [*self._judged(run)]
        if not found and self._ends_high(run):
            found = [*self._judged(replace(run, series=run.step_series))]
        return found

    def _ends_high(self, run: Run) -> bool:
        """Whether the last epoch alone stands far above the best one, with steps enough to see on what way."""
        steps, last = run.step_series.get("train_loss"), run.get("val_loss") or run.get("train_loss")
        if steps is None or last is None or len(steps.finite) < self.STEPS or len(last.finite) < 2:
            return False
        values = last.finite.values
        lowest = float(values.min())
        return float(values[-1]) - lowest > self.RISE * level(lowest, float(np.median(values[:FIRST])), FLOOR)

    def _judged(self, run: Run) -> Iterable[Finding]:
        curve = self._curve(run)
        measured = self._rise(curve)
        relative = measured.height / self._level(curve, measured)
        risen = relative > self.RISE or (relative > self.BOTH and self._validation_rose(run))
        if not risen or measured.in_noise <= self.NOISE or self._recovers(curve, measured) or is_cyclic(run, curve, measured):
            return
        # Without a training curve, a validation loss above its best may as well be overfitting.
        if curve.role.startswith("val") and measured.end <= curve.values[0]:
            return
        gained = self._validation_gained(run, curve, measured)
        if gained > self.RISE:
            return
        held = gained >= -self.HELD
        evidence = span(run, (curve.role,), int(curve.points[measured.turn]), int(curve.points[-1]))
        found = self.finding(_message(curve, measured, self.TAIL, held), relative, self.RISE, evidence, confidence=0.9)
        yield replace(found, severity=Severity.INFO) if held else found

    def _curve(self, run: Run) -> Curve:
        curve = any_curve(run).thinned(POINTS)
        if of_episodes(run) and curve.role.endswith("_loss"):
            raise SignalUnavailable("the loss of an agent grows with what there is to win, and what it earns was not logged")
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(curve), 'point')} of the {curve.title}; a trend shows from {self.FEWEST} on")
        return curve

    def _rise(self, curve: Curve) -> Rise:
        return rise(curve.values, self.TAIL)

    def _recovers(self, curve: Curve, measured: Rise) -> bool:
        soon = measured.best == 0 or len(curve) - measured.best < self.LASTING * (measured.best + 1)  # at once: there was nothing to lose
        return soon and measured.kept <= self.KEPT and mann_kendall(curve.values[measured.best :]) <= self.CLIMBING

    def _validation_rose(self, run: Run) -> bool:
        """Whether validation, too, ends far above its best, beyond its noise."""
        val = _logged(validation, run)
        if val is None:
            return False
        measured = self._rise(val)
        return measured.height > self.RISE * self._level(val, measured) and measured.in_noise > self.NOISE

    def _validation_gained(self, run: Run, curve: Curve, measured: Rise) -> float:
        """How far validation ends below where it was at training's best, as a share of that; -inf where it cannot vouch for the model.

        Told by its loss, or, where that did not rise beyond its noise, by its wrong answers.
        """
        if curve.role.startswith("val"):
            return -np.inf
        at = measured.best / (len(curve) - 1)
        by_loss = self._gained(_logged(validation, run), at)
        return by_loss if self._validation_rose(run) else max(by_loss, self._gained(_logged(_answers, run), at))

    def _gained(self, val: Curve | None, at: float) -> float:
        """The same of one curve, with training's best at a share of the way along it."""
        if val is None or len(val) < self.FEWEST:
            return -np.inf
        best = round(at * (len(val) - 1))
        then, end = float(np.median(val.values[max(0, best - 1) : best + 2])), float(np.median(val.values[-self.TAIL :]))
        learned = float(val.values[0]) - then > self.RISE * abs(then)
        gained = (then - end) / abs(then) if then else 0.0
        return gained if learned or gained > self.RISE else -np.inf

    def _level(self, curve: Curve, measured: Rise) -> float:
        return level(measured.lowest, float(np.median(curve.values[:FIRST])), FLOOR) or 1.0

    def examples(self) -> tuple[Example, ...]:
        down = falling(2.3, 0.5, epochs=20)
        return (
            Example("the loss turns and climbs", record(train_loss=joined(down, straight(0.5, 2.0, 15)))),
            Example("it climbs by a third", record(train_loss=joined(down, straight(0.53, 0.7, 10)))),
            Example("a jump that stays", record(train_loss=shaken(joined(down, falling(1.6, 1.05, 15)), by=0.02))),
            Example("and validation with it", record(train_loss=joined(down, [0.8] * 15), val_loss=joined(down + 0.2, [1.1] * 15))),
            Example("a jump of which most stays", record(train_loss=joined(down, falling(1.6, 1.3, 10)))),
            Example("it climbs, with a spike far above", record(train_loss=joined(down, SPIKE, straight(0.7, 0.9, 5)))),
            Example("two thirds of a jump came back, in thrice the time before it", record(train_loss=_collapsed(40))),
            Example("by a seventh, and validation with it", _both(straight(0.65, 0.9, 15))),
            Example("a wave before came back, this one stays", record(train_loss=joined(_cycles(24), [0.6] * 30))),
            Example("noisy, but far beyond the noise", record(train_loss=shaken(joined(down, straight(0.5, 0.8, 15)), by=0.1))),
            Example("an agent earns less and less", record(**_earned(joined(straight(0, 200, 20), straight(200, 90, 20))))),
            Example("within six epochs", record(train_loss=[2.3, 1.6, 1.2, 2.5, 5.0, 9.0])),
            Example("in the steps of the last epoch", _turned(9, 0.1, 1.8)),
            Example("in the last of 54 steps", _turned(4, 0.1, 1.8)),
            Example("validation stays where it was: information", _both([0.6] * 15, end=1.0)),
            Example("validation a thirteenth worse", _both([0.69] * 15, end=1.0)),
            Example("validation jitters, and its answers are as good as then: information", _another_term(0.96)),
            Example("validation jitters, and its answers get worse", _another_term(0.8)),
            Example("validation rises with it, whatever its answers do", _another_term(0.99, val=[0.4] * 15)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        down = falling(2.3, 0.5, epochs=20)
        return (
            Example("it climbs by a tenth", record(train_loss=joined(down, straight(0.53, 0.6, 10)))),
            Example("a jump that recovers", record(train_loss=shaken(joined(down, falling(3.6, 0.5, 15, pace=6.0)), by=0.02))),
            Example("two thirds of a jump came back, soon", record(train_loss=_collapsed(25))),
            Example("by a seventh, and validation goes on falling", _both(straight(0.65, 0.6, 15))),
            Example("waves before came back", record(train_loss=_cycles(40))),
            Example("one wave before, that lasted as long", record(train_loss=_cycles(27))),
            Example("one a third as long, and it is coming down", record(train_loss=_restarts())),
            Example("no further than its noise", record(train_loss=shaken(joined(down, [0.5] * 15), by=0.1))),
            Example("a warm restart, as the one before", record(train_loss=_cycles(16), lr=0.1 * _cosine(16))),
            Example("an agent's loss grows with what it earns", record(train_loss=straight(1, 20, 40), **_earned(straight(0, 200, 40)))),
            Example("by episode, without what it earns", _by_episode(straight(1, 20, 40))),
            Example(
                "from epoch 20 on harder samples", record(train_loss=joined(down, [0.8] * 15), val_loss=falling(2.3, 0.4, 35, pace=12.0))
            ),
            Example("a term joins the loss, whose validation jitters, and the answers get better", _another_term(0.99)),
            Example("one bad last epoch", record(train_loss=joined(down, [2.0]))),
            Example("a loss of almost nothing", record(train_loss=joined(falling(2.3, 0.001, 40), straight(0.0018, 0.004, 10)))),
            Example("four epochs", record(train_loss=[2.3, 1.2, 2.5, 5.0])),
            Example("the steps of the last epoch climb, and validation ends as it was", _turned(9, 0.1, 0.11)),
            Example("in the last of 44 steps", _turned(3, 0.1, 1.8)),
        )


def _logged(part: Callable[[Run], Curve], run: Run) -> Curve | None:
    try:
        return part(run).thinned(POINTS)
    except SignalUnavailable:
        return None


def _answers(run: Run) -> Curve:
    return curve(run, "val_accuracy")


def _earned(rewards: Floats) -> dict[str, Any]:
    return {"train_metric": rewards, "columns": {"train_metric": "episode_reward"}}


def _by_episode(losses: Floats) -> Run:
    run = record(train_loss=losses)
    return replace(run, roles={**run.roles, "epoch": "episode"})


def _collapsed(epochs: int) -> Floats:
    return joined(falling(1.0, 0.3, 12, pace=3.0), falling(1.0, 0.5, 28, pace=4.0))[:epochs]


def _both(val: ArrayLike, end: float = 0.63) -> Run:
    train = shaken(joined(falling(2.3, 0.5, 20), straight(0.55, end, 15)), by=0.005)
    return record(train_loss=train, val_loss=shaken(joined(falling(2.4, 0.6, 20), val), by=0.005))


def _turned(epochs: int, best: float, end: float) -> Run:
    """So many epochs of ten steps down to `best`, and one more of 14 steps up, after which validation stands at `end`."""
    down = falling(2.3, best, 10 * epochs)
    steps = joined(shaken(down, 0.01), np.geomspace(best, 4.0, 14))
    return record(train_loss=joined(down[9::10], [1.0]), val_loss=joined(down[9::10], [end]), steps_train_loss=steps)


def _another_term(right: float, val: ArrayLike | None = None) -> Run:
    """Training jumps from 0.02 to 0.7 and stays; validation jitters, a little higher than before; its accuracy was 0.96."""
    jitter: ArrayLike = shaken([0.03] * 15, 0.01, seed=1) if val is None else val
    losses, accuracies = joined(falling(0.4, 0.02, 8, 1.0), jitter), joined(falling(0.8, 0.96, 8, 1.0), straight(0.96, right, 15))
    return record(train_loss=joined(falling(0.5, 0.02, 8, 1.0), straight(0.71, 0.69, 15)), val_loss=losses, val_accuracy=accuracies)


def _cycles(epochs: int) -> Floats:
    """Cycles of twelve epochs, each with half a cosine of the rate."""
    return falling(1.0, 0.3, epochs, pace=10.0) + 0.3 * _cosine(epochs)


def _restarts() -> Floats:
    """Cycles of 10, 20 and more epochs: at each restart the loss doubles, and comes down slowly."""
    return joined(falling(1.0, 0.5, 10), falling(1.0, 0.25, 20, pace=8.0), falling(0.55, 0.4, 19, pace=10.0))


def _cosine(epochs: int) -> Floats:
    return 0.5 * (1 + np.cos(np.pi * (np.arange(epochs) % 12) / 12))


def _message(curve: Curve, measured: Rise, tail: int, held: bool) -> str:
    beyond = f", which is {number(measured.in_noise)} times its noise" if np.isfinite(measured.in_noise) else ""
    ends = f"The {curve.title} was best at {curve.told(measured.turn)} and ends far worse, at {curve.told_end(tail)}{beyond}"
    if held:
        return (
            f"{ends}, but validation is as good as it was then. First see whether training was given something harder, "
            "or whether a term was added to its loss or weighs more."
        )
    return f"{ends}. First go back to the weights of {curve.at(measured.turn)} and lower the learning rate."
