"""Whether a fix helped: the result after it against the result before, in units of noise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isclose

import numpy as np

from advisor.repair.metrics import LOSS, R2, Metric
from advisor.repair.trials import Trial
from advisor.run import Floats
from advisor.signals.chance import last_epochs, late_noise, paired_error, seed_spread
from advisor.signals.trend import mann_kendall

ENOUGH_SEEDS = 3
FEW_SEEDS_UNITS = 3.0  # noise units that the gain of a single seed must exceed
# One seed tells nothing of it, and the best of a race is the luckiest too: a single gain has to be larger than seeds usually differ.
LARGE = 0.1  # of accuracy or R², or of the loss before; simulated: of useless fixes that win a race of five 16 % are kept, without it 77 %
LARGE_SHARE = 0.3  # of what R² lacks of 1: of two seeds of one Config the better one lacked up to 0.31 less, nineteen times in twenty
WITNESSED = 0.25  # of the loss before
UNITS = 3.0  # standard errors of the mean over seeds: Student's t at 5 % with three of them is 2.9; of two both have to gain
# The error of the validation part is shared by all seeds, so that no average lowers it: two of it leave one chance in forty.
SHARED_UNITS = 2.0
TREND = 2.0  # deviations; less is what swings do by chance, one time in twenty
# What an unfixed run may be held to in place of its result.
MEAN, BEST, GUESS = "the mean of its last epochs", "the best of its last epochs", "what the same answer for every sample comes to"


class Verdict(StrEnum):
    """What retraining with a Fix showed."""

    CURED = "cured"
    IMPROVED = "improved"
    NO_EFFECT = "no effect"
    WORSE = "worse"
    DROPPED = "dropped"  # behind others after a part of the epochs
    NOT_TRIED = "not tried"


KEPT = frozenset({Verdict.CURED, Verdict.IMPROVED})


@dataclass(frozen=True)
class Comparison:
    """One metric before and after a fix, seed by seed, and how far chance alone would carry it."""

    metric: Metric
    before: tuple[float, ...]  # (seeds,)
    after: tuple[float, ...]  # (seeds,)
    gain: float  # mean over seeds, positive where after is better; ±inf where only one side is finite
    noise: float  # the largest of seed spread, late-epoch spread and paired sampling error
    needed: float  # the gain that is beyond the noise with that many seeds
    held_to: tuple[float, ...]  # (seeds,) what the gain is taken over: `before`, or something better that `held_as` names
    held_as: str = ""  # in words, for the first seed where it is not `before`
    is_consistent: bool = True  # whether every further seed gains as well, where there are few
    too_few: int = 0  # validation samples, where only their number keeps the gain from being proven; else 0
    swings: float = 0.0  # how far the results after it go up and down at their end
    witness: "Comparison | None" = None  # the validation loss, where it is what proves the gain

    @property
    def is_better(self) -> bool:
        """Whether the result is better beyond the noise."""
        return self.gain > self.needed and self.is_consistent

    @property
    def is_worse(self) -> bool:
        """Whether the result is worse beyond the noise."""
        return self.gain < -self.needed

    @property
    def is_settled(self) -> bool:
        """Whether another seed could not earn a better verdict: it is proven, it is hopeless, or there are enough seeds.

        A gain must be proven; that no more was gained than noise brings needs no proof.
        """
        return self.gain <= self.noise or not self.is_consistent or self.is_better or len(self.after) >= ENOUGH_SEEDS


def compare(before: Sequence[Trial], after: Sequence[Trial], metric: Metric, *, same_loss: bool = False) -> Comparison:
    """Trainings before and after a fix, in the same order of seeds, all with a validation part.

    A gain that is more than noise, but not proven yet, is proven by the validation loss if that fell far beyond its own noise: it
    weighs how sure each answer is, where accuracy counts it as right or wrong.
    """
    found = _by_metric(before, after, metric)
    if not same_loss or found.is_better or not found.is_consistent or found.gain <= found.noise or metric is LOSS:
        return found
    witness = _compared(before, after, LOSS, _steady)
    is_proven = witness.is_better and witness.gain > WITNESSED * abs(witness.before[0])
    return replace(found, needed=found.noise, witness=witness, too_few=0) if is_proven else found


def _by_metric(before: Sequence[Trial], after: Sequence[Trial], metric: Metric) -> Comparison:
    """Decided by that metric alone.

    An unfixed run that swings is held to what it came to on the whole, its swings being noise; or, under several seeds and where that
    proves a gain sooner, to the very best of its last epochs, beyond which no luck of its end carries it.
    """
    usual = _compared(before, after, metric, _steady)
    if usual.is_better or len(after) < 2:
        return usual
    best = _compared(before, after, metric, _luckiest)
    return best if best.is_better else usual


def _compared(before: Sequence[Trial], after: Sequence[Trial], metric: Metric, hold: "Hold") -> Comparison:
    old, new = ([metric.value(trial.need_scores()) for trial in trials] for trials in (before, after))
    held = [_at_least_guessed(trial, metric, hold(trial, metric, was)) for trial, was in zip(before, old, strict=True)]
    gains = np.array([_gain(was.value, now, metric.higher_is_better) for was, now in zip(held, new, strict=True)])
    swings = max(late_noise(_late(trial, metric)) for trial in after)
    spread = max(seed_spread(gains) if np.isfinite(gains).all() else 0.0, swings, *(was.spread for was in held))
    shared = paired_error(_differences(before, after, metric))
    large = _large(metric, old[0])
    needed, gain = _needed(gains, spread, shared, large), float(np.mean(gains))
    is_consistent = len(gains) > ENOUGH_SEEDS or bool((gains[1:] > 0).all())
    held_to, held_as = tuple(was.value for was in held), next((was.name for was in held if was.name), "")
    too_few = len(after[0].need_scores().targets) if needed >= gain > _needed(gains, spread, 0.0, large) else 0
    noise = max(spread, shared)
    return Comparison(metric, tuple(old), tuple(new), gain, noise, needed, held_to, held_as, is_consistent, too_few, swings)


def _large(metric: Metric, value: float) -> float:
    """A gain over some value that is larger than seeds usually differ."""
    return LARGE * metric.missing(value) if metric is LOSS else min(LARGE, LARGE_SHARE * metric.missing(value))


def _needed(gains: Floats, spread: float, shared: float, large: float) -> float:
    """The gain that is beyond the noise; under enough seeds that all gain much, how much they differ in it matters less."""
    if len(gains) > 1:
        all_large = len(gains) >= ENOUGH_SEEDS and float(gains.min()) > large
        return max(spread * (1.0 if all_large else UNITS / float(np.sqrt(len(gains)))), SHARED_UNITS * shared)
    few = FEW_SEEDS_UNITS * max(spread, shared)
    return max(few, large) if np.isfinite(large) else few


def verdict(comparison: Comparison, is_silent: bool) -> Verdict:
    """What the comparison shows; `is_silent` where the rule no longer fires in any of the trainings after the fix."""
    if comparison.is_better:
        return Verdict.CURED if is_silent else Verdict.IMPROVED
    return Verdict.WORSE if comparison.is_worse else Verdict.NO_EFFECT


def _gain(before: float, after: float, higher_is_better: bool) -> float:
    """A result that is no number is worse than any that is."""
    if np.isfinite(before) and np.isfinite(after):
        return after - before if higher_is_better else before - after
    return float("inf") * (int(np.isfinite(after)) - int(np.isfinite(before))) if np.isfinite(before) != np.isfinite(after) else 0.0


@dataclass(frozen=True)
class _Held:
    """What an unfixed run is held to, and how far its last epochs leave that to chance."""

    value: float
    spread: float
    name: str = ""  # of the value, where it is not the result


def _steady(trial: Trial, metric: Metric, result: float) -> _Held:
    """The better of its result and the mean of its last epochs, so that a run that swings is not beaten by its own unlucky end.

    Against a mean of n epochs the swings count as √n less. A run that rises or falls to its end is what it came to.
    """
    values = _late(trial, metric)
    late, noise = last_epochs(values), late_noise(values)
    if len(late) < 2 or not np.isfinite(result) or abs(mann_kendall(late)) >= TREND:
        return _Held(result, noise)
    return _held(metric, result, float(np.mean(late)), noise / float(np.sqrt(len(late))), MEAN)


def _luckiest(trial: Trial, metric: Metric, result: float) -> _Held:
    """The best of its result and its last epochs; one that came to no number is what it is."""
    values = _late(trial, metric)
    late = last_epochs(values)
    if not len(late) or not np.isfinite(result):
        return _Held(result, late_noise(values))
    return _held(metric, result, float(late.max() if metric.higher_is_better else late.min()), 0.0, BEST)


def _at_least_guessed(trial: Trial, metric: Metric, held: _Held) -> _Held:
    """The same, or what guessing comes to where that is better: to rise to a guess is no gain."""
    if not metric.guessing or not np.isfinite(held.value):
        return held
    return _held(metric, held.value, metric.guessing(trial.need_scores()), held.spread, GUESS, held.name)


def _held(metric: Metric, result: float, other: float, spread: float, name: str, usual: str = "") -> _Held:
    """The better of two values, with the name of the one that is taken."""
    is_other = (other > result if metric.higher_is_better else other < result) and not isclose(other, result)  # a mean is rounded
    return _Held(other, spread, name) if is_other else _Held(result, spread, usual)


Hold = Callable[[Trial, Metric, float], _Held]


def _late(trial: Trial, metric: Metric) -> Floats:
    """The metric epoch by epoch; empty where it was not recorded."""
    role = next((role for role, column in trial.run.roles.items() if column == metric.name), metric.name)
    series = trial.run.get(role)
    values = series.values if series is not None else np.empty(0)
    return np.maximum(values, 0.0) if metric is R2 else values  # how far below a guess it swings is no matter; nan stays


def _differences(before: Sequence[Trial], after: Sequence[Trial], metric: Metric) -> Floats:  # (samples,)
    """The mean over seeds of after minus before, sample by sample."""
    pairs = [metric.by_sample(now.need_scores()) - _by_sample(was, metric) for was, now in zip(before, after, strict=True)]
    mean: Floats = np.mean(pairs, axis=0)
    return mean


def _by_sample(trial: Trial, metric: Metric) -> Floats:  # (samples,)
    """An unfixed run sample by sample; numbers that are worse than naming their mean, as that does."""
    scores = trial.need_scores()
    if metric is not R2 or metric.value(scores) >= 0:
        return metric.by_sample(scores)
    return metric.by_sample(replace(scores, predictions=np.broadcast_to(scores.targets.mean(axis=0), scores.targets.shape)))
