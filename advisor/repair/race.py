"""Who stays in a race: candidates that were trained for a part of the epochs, told apart by their results so far.

After successive halving (Jamieson, Talwalkar 2016, arXiv:1502.07943), made safe for slow starters: beside the best so far stays one
that moves more than it does, be it that its training loss falls faster, be it that its results rise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from advisor.repair.metrics import Metric
from advisor.run import Floats, Run

LATE = 3  # the last third of the epochs so far makes the standing, so that no single epoch decides
SETTLED = 5  # results that the noise is measured by, where there are as many
NEAR = 0.05  # of accuracy or R²: few epochs do not tell apart who is so near
WORST = -float("inf")


@dataclass(frozen=True, eq=False)
class Runner:
    """One candidate in a race: its results epoch by epoch, as far as it has come, higher being better."""

    results: Floats  # (epochs,)
    losses: Floats = field(default_factory=lambda: np.empty(0))  # (epochs,) of training

    @property
    def fall(self) -> float:
        """The share of the first training loss that is gone: what moves while the results still stand at chance."""
        first, last = (float(self.losses[0]), float(self.losses[-1])) if len(self.losses) > 1 else (1.0, 1.0)
        return (first - last) / abs(first) if np.isfinite(first) and np.isfinite(last) and first else 0.0

    @property
    def standing(self) -> float:
        """The mean over the last third of the epochs so far; -inf where the last result is no number."""
        if not len(self.results) or not np.isfinite(self.results[-1]):
            return WORST
        late = self.results[-_third(self.results) :]
        return float(np.mean(late[np.isfinite(late)]))

    @property
    def noise(self) -> float:
        """How far the results jump from epoch to epoch, beside a steady rise: √(mean (v[i-1] - 2 v[i] + v[i+1])² / 6)."""
        finite = self.results[np.isfinite(self.results)]
        bends = np.diff(finite[-max(SETTLED, _third(finite)) :], n=2)
        return float(np.sqrt(np.mean(bends**2) / 6)) if len(bends) else 0.0

    def projected(self, epochs: int) -> float:
        """Where it would stand after so many epochs at the pace of its last two thirds; it is never expected to fall."""
        third = _third(self.results)
        known = self.results[np.isfinite(self.results)]
        if self.standing == WORST or len(known) < 2 * third:
            return self.standing
        pace = (float(np.mean(known[-third:])) - float(np.mean(known[-2 * third : -third]))) / third
        return self.standing + max(pace, 0.0) * max(epochs - len(self.results), 0)


def _third(results: Floats) -> int:
    return max(1, ceil(len(results) / LATE))


def runner(run: Run, metric: Metric, until: int) -> Runner:
    """How a run does in a race, by its first `until` epochs."""
    role = next((role for role, column in run.roles.items() if column == metric.name), metric.name)
    series = run.get(role)
    if series is None:
        return Runner(np.empty(0))
    values, losses = series.values[:until], run.get("train_loss")
    return Runner(values if metric.higher_is_better else -values, losses.values[:until] if losses is not None else np.empty(0))


def ranked(runners: Sequence[Runner]) -> list[int]:
    """The places of the runners, best first; of those within the noise of the best the first named comes first."""
    best = max(runners, key=lambda each: each.standing, default=None)
    if best is None:
        return []
    needed = best.standing - min(best.noise, NEAR) if np.isfinite(best.standing) else best.standing
    close = [i for i, each in enumerate(runners) if each.standing >= needed]
    others = sorted((i for i in range(len(runners)) if i not in close), key=lambda i: -runners[i].standing)
    return [*close, *others]


def staying(runners: Sequence[Runner], epochs: int) -> list[int]:
    """The places of those who stay: the best so far, and the one to fear, where there is any.

    That is whose training loss falls faster than the best one's; where none does, who comes furthest within `epochs` at its pace, if
    that is as far as the best one is already.
    """
    order = ranked(runners)
    if len(order) < 2:  # none at all where every training was refused
        return order
    first, *rest = order
    mover = max(rest, key=lambda place: runners[place].fall)
    climber = max(rest, key=lambda place: runners[place].projected(epochs))
    if runners[mover].fall > runners[first].fall:
        return [first, mover]
    needed = runners[first].standing - max(runners[first].noise, NEAR)
    return [first, climber] if runners[climber].projected(epochs) >= needed else [first]
