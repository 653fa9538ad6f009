"""What a method gets, and what it has to hand back."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from injected.cache import Cache
from injected.programs import BASE

from advisor import dotted
from advisor.config import parse
from advisor.errors import AdvisorError
from advisor.readers import load
from advisor.run import Run

BUDGET = 6.0  # full trainings' worth of epochs, for every method


@dataclass(frozen=True)
class Broken:
    """A broken training under one seed."""

    name: str
    tree: Mapping[str, Any]
    seed: int
    folder: Path  # its run folder
    cache: Cache

    @property
    def run(self) -> Run:
        """Its record."""
        return load(self.folder)


@dataclass(frozen=True)
class Mended:
    """What a method made of it."""

    folder: Path  # the run to use from now on
    trainings: float  # full trainings' worth of epochs of the broken one
    claim: str = "cured"  # what the method itself says of it: cured, improved or unchanged
    detail: str = ""
    seeds: int = 1  # under which the largest of its comparisons was made


Method = Callable[[Broken], Mended]


def edited(tree: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any] | None:
    """The Config with other values; None where that is no Config, or the same."""
    changed = dict(tree)
    for path, value in edits.items():
        changed = dotted.put(changed, path, value)
    try:
        same = parse(changed, BASE).tree() == parse(tree, BASE).tree()
    except AdvisorError:
        return None
    return None if same else changed


def trained(broken: Broken, tree: Mapping[str, Any]) -> tuple[Path, float] | None:
    """The run folder of a Config and what it cost; None where it cannot be trained."""
    try:
        folder = broken.cache.run(tree)
    except AdvisorError:
        return None
    return folder, (load(folder).epochs or 0) / float(dotted.get(broken.tree, "train.epochs", 30))


def validation(folder: Path) -> tuple[float, float]:
    """What a method may choose by: balanced accuracy or R² of the validation part, then its loss; higher is better."""
    result = load(folder).about.get("result") or {}
    score = result.get("val_balanced_accuracy", result.get("val_r2"))
    return _number(score), -_number(result.get("val_loss"), worst=math.inf)


def _number(value: Any, worst: float = -math.inf) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else worst


def best_of(broken: Broken, trees: Iterable[Mapping[str, Any] | None]) -> Mended:
    """The best by validation of the broken run and of what the budget allows of some Configs."""
    folders, spent = [broken.folder], 0.0
    for tree in trees:
        if spent + 1 > BUDGET:
            break
        made = trained(broken, tree) if tree else None
        if made:
            folders.append(made[0])
            spent += made[1]
    best = max(folders, key=validation)
    return Mended(best, spent, "unchanged" if best == broken.folder else "cured")
