"""L103."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, later, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.beginning import need_beginning
from advisor.signals.curves import Curve, any_curve, curve, of_episodes
from advisor.signals.noise import noise_scale
from advisor.signals.progress import ends
from advisor.signals.rise import level
from advisor.signals.trend import mann_kendall
from advisor.text import counted, part_of

POINTS = 200  # a longer curve is judged by the medians of this many stretches
LATE = 0.5  # of the points, whose median is the level
OTHERS = ("val_loss", "train_accuracy", "val_accuracy")  # what swings with the loss, if the weights do
FLOOR = 0.05  # share of the way down below which a change of the loss is no change worth a word


@dataclass(frozen=True)
class Swing:
    """How much a curve swings from point to point."""

    of_level: float  # share of the curve's own size
    progress: float  # how many swings it came down from its first value to its late level
    trend: float  # in deviations, negative: it falls all the same


class OscillatingLoss(Rule):
    """The loss swings about as much as it gains, epoch after epoch.

    What it measures
    ----------------
    The jitter of the training loss from point to point, as a share of its own late level, and how many times that jitter it came
    down in all. Both are taken over the whole run, so a bump or a few spikes do not count. An accuracy or a validation loss that improves
    beyond its own jitter shows that only single batches were logged. Where the loss falls beyond doubt all the same, or rewards of
    episodes were logged, whose losses and scores swing by nature, it is told as information.

    Why it matters
    --------------
    What one epoch gains the next one loses: the weights are thrown across the valley rather than carried down into it, and the
    result depends on which epoch happened to be the last.

    What helps
    ----------
    Lower the learning rate by three to ten, or let it fall during training; average each step over more samples. If single
    batches were logged, average the log over an epoch first: batches of a few samples swing by nature.

    References
    ----------
    Bottou, Curtis, Nocedal 2018, Optimization Methods for Large-Scale Machine Learning, arXiv:1606.04838, theorem 4.6: at a fixed
    rate the loss settles no closer than a distance in proportion to it. von Neumann 1941 on the successive difference.
    """

    code = "L103"
    needs = "a loss"
    fixes = ("lower-learning-rate", "change-batch-size", "add-schedule", "find-learning-rate", "clip-gradients")
    explains = ("plateau", "underfitting", "noisy-validation")

    SWING = 0.1  # of its own level; labelled runs that oscillate: 0.36 and more, others that gained as little 0.034
    PROGRESS = 5.0  # swings gained in all; labelled runs: 3.7 and less, noisy sound ones 46 and more
    FALLS = -3.0  # trend in deviations, beyond which it falls all the same (one in 700 by chance)
    FEWEST = 10  # points

    def measure(self, run: Run) -> float:
        return _swing(self._curve(run).values).of_level

    def check(self, run: Run) -> Iterable[Finding]:
        need_beginning(run)
        loss = self._curve(run)
        swing = _swing(loss.values)
        if not swing.of_level > self.SWING or swing.progress >= self.PROGRESS or self._others_improve(run, loss):
            return
        evidence = span(run, (loss.role,), int(loss.points[0]), int(loss.points[-1]))
        found = self.finding(_message(loss, swing), swing.of_level, self.SWING, evidence, confidence=0.8)
        yield replace(found, severity=Severity.INFO) if swing.trend <= self.FALLS or of_episodes(run) else found

    def _curve(self, run: Run) -> Curve:
        loss = any_curve(run).thinned(POINTS)
        if len(loss) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(loss), 'point')} of the {loss.title}; a swing shows from {self.FEWEST} on")
        return loss

    def _others_improve(self, run: Run, of: Curve) -> bool:
        """Whether another figure improves epoch by epoch: then the swings are those of the batches that were logged."""
        for role in OTHERS:
            if role != of.role and run.get(role) is not None and np.isfinite(run.series[role].values).any():
                other = curve(run, role).thinned(POINTS)
                swing = _swing(other.values)
                if len(other) >= self.FEWEST and swing.progress >= self.PROGRESS and swing.trend <= self.FALLS:
                    return True
        return False

    def examples(self) -> tuple[Example, ...]:
        wild = _swinging(0.7, 0.7, by=0.25)
        return (
            Example("up and down by a third", record(train_loss=wild)),
            Example("a quarter, hardly any progress", record(train_loss=_swinging(0.8, 0.7, by=0.19))),
            Example("three swings of progress", record(train_loss=joined([1.6], _swinging(0.8, 0.5, by=0.25)[1:]))),
            Example("it falls all the same", record(train_loss=_swinging(0.9, 0.4, by=0.2))),
            Example("rewards: information", record(train_metric=-_swinging(0.7, 0.7, by=0.25), columns={"train_metric": "reward"})),
            Example("with a weak trend", record(train_loss=_swinging(0.75, 0.6, by=0.2))),
            Example("twelve epochs", record(train_loss=_swinging(0.7, 0.7, by=0.35)[:12])),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("the last part of a longer training", later(record(train_loss=_swinging(0.7, 0.7, by=0.2)), 180)),
            Example("by a thirteenth of its level", record(train_loss=_swinging(0.7, 0.7, by=0.06))),
            Example("it came down by many swings", record(train_loss=shaken(falling(2.3, 0.2, 40), 0.06))),
            Example("six swings of progress", record(train_loss=joined([2.1], _swinging(0.8, 0.5, by=0.22)[1:]))),
            Example("a loss of almost nothing", record(train_loss=np.abs(shaken(falling(2.3, 0.001, 60), 0.0008)))),
            Example("a cyclic rate: waves of twelve epochs", record(train_loss=_waves())),
            Example(
                "single batches: the accuracy rises all along", record(train_loss=_swinging(0.9, 0.4, by=0.2), train_accuracy=_rising())
            ),
            Example(
                "single batches: validation comes down", record(train_loss=_swinging(0.7, 0.7, by=0.25), val_loss=falling(0.9, 0.4, 40))
            ),
            Example("a log-density, below zero", record(train_loss=shaken(falling(3.0, -5.0, 40), 0.2))),
            Example("eight epochs", record(train_loss=_swinging(0.7, 0.7, by=0.25)[:8])),
        )


def _rising() -> Floats:
    return shaken(straight(0.4, 0.9, 40), by=0.02)


def _swinging(start: float, end: float, by: float) -> Floats:
    return np.abs(shaken(straight(start, end, 40), by, seed=1))


def _waves() -> Floats:
    epochs = np.arange(60)
    return falling(2.3, 0.5, 60, pace=8.0) * (1 + 0.3 * np.sin(2 * np.pi * epochs / 12))


def _swing(values: Floats) -> Swing:
    start, end = ends(values, LATE)
    noise = noise_scale(values)
    size = level(end, start, FLOOR)
    return Swing(noise / size if size > 0 else 0.0, (start - end) / noise if noise else np.inf, mann_kendall(values))


def _message(curve: Curve, swing: Swing) -> str:
    came, come = ("rose", "rise") if curve.rises else ("came down", "come down")
    gained = f"{came} by {swing.progress:.1f} of these swings in all" if swing.progress > 0.05 else f"did not {come}"
    return (
        f"The {curve.title} swings by {part_of(swing.of_level)} its level from one point to the next and {gained}, from "
        f"{curve.told(0)} to {curve.told_end(int(LATE * len(curve)))}. First lower the learning rate by a factor of three to ten."
    )
