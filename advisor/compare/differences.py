"""What differs between the Configs of runs, key by key."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor import dotted
from advisor.outcome import shown
from advisor.run import Run

SEED = "train.seed"
# What the result is measured on: runs that differ here have not sat the same exam.
EXAM = (
    "data.source", "data.target", "data.task", "data.samples", "data.noise", "data.validation", "data.test", "data.missing", "data.seed",
    "data.scale_target",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A key of the Config, and its value in each run; None where a run has none."""

    path: str
    values: tuple[Any, ...]  # (runs,)


def differences(runs: Sequence[Run]) -> tuple[Difference, ...]:
    """The keys in which the Configs that are known differ, in their order."""
    trees = [settings(run) for run in runs]
    known = [tree for tree in trees if tree]
    paths = dict.fromkeys(path for tree in known for path in tree)
    return tuple(
        Difference(path, tuple(tree.get(path) for tree in trees))
        for path in paths
        if any(tree.get(path) != known[0].get(path) for tree in known)
    )


def settings(run: Run) -> dict[str, Any]:
    """A run's Config by dotted paths; files that it names as seen from here, so that the same file is the same in all runs."""
    return dict(_settled(run))


def _settled(run: Run) -> Iterator[tuple[str, Any]]:
    for path, value in dotted.leaves(run.config or {}):
        yield path, _from_here(run.path, value) if isinstance(value, str) and "/" in value else value


def _from_here(folder: Path, text: str) -> str:
    return shown(os.path.normpath(folder / text))


def only_seeds_differ(found: Sequence[Difference]) -> bool:
    """Whether the runs are seeds of one Config."""
    return [one.path for one in found] == [SEED] and None not in found[0].values


def exam_differs(found: Sequence[Difference]) -> list[str]:
    """The keys among the differences that change what results are measured on."""
    return [one.path for one in found if one.path in EXAM]
