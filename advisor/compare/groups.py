"""Runs of one Config under several seeds, taken together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.compare.differences import SEED, settings
from advisor.compare.results import Result
from advisor.run import Run

ENOUGH_SEEDS = 3


@dataclass(frozen=True, eq=False)
class Group:
    """One Config with its runs, a seed each; a run alone where no other differs from it in the seed only."""

    name: str
    members: tuple[int, ...]  # (seeds,) which of the compared runs they are, from 0
    runs: tuple[Run, ...]  # (seeds,)
    results: tuple[Result, ...]  # (seeds,)

    @property
    def value(self) -> float:
        """The mean over its seeds; not finite as soon as one is not."""
        return float(np.mean([result.value for result in self.results]))

    @property
    def seeds(self) -> float:
        """The standard deviation over its seeds; 0 for one alone."""
        values = np.array([result.value for result in self.results])
        return float(np.std(values, ddof=1)) if len(values) > 1 and np.isfinite(values).all() else 0.0

    @property
    def late(self) -> float:
        """The largest late-epoch spread of its runs."""
        return max(result.late for result in self.results)

    @property
    def sampling(self) -> float | None:
        """The largest sampling error of its runs: they share the validation part, so that no mean lowers it."""
        known = [result.sampling for result in self.results if result.sampling is not None]
        return max(known, default=None)

    @property
    def has_enough_seeds(self) -> bool:
        """Whether the spread over seeds is known."""
        return len(self.runs) >= ENOUGH_SEEDS


def grouped(runs: Sequence[Run], names: Sequence[str], results: Sequence[Result]) -> list[Group]:
    """Runs that differ in train.seed only, together; in the order in which they were given. Where that is all, each by itself."""
    groups: dict[str, list[int]] = {}
    for i, run in enumerate(runs):
        groups.setdefault(_key(run, i), []).append(i)
    chosen = list(groups.values()) if len(groups) > 1 else [[i] for i in range(len(runs))]
    return [_group(members, runs, names, results) for members in chosen]


def _group(members: Sequence[int], runs: Sequence[Run], names: Sequence[str], results: Sequence[Result]) -> Group:
    name = names[members[0]] + (f" ({len(members)} seeds)" if len(members) > 1 else "")
    return Group(name, tuple(members), tuple(runs[i] for i in members), tuple(results[i] for i in members))


def _key(run: Run, nth: int) -> str:
    """The same for runs that differ in the seed only; runs of the same seed are no seeds of one Config."""
    known = settings(run)
    return repr(sorted((path, value) for path, value in known.items() if path != SEED)) if SEED in known else f"run {nth}"
