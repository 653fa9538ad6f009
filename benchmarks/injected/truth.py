"""Truth by intervention: a fault counts only where taking it out makes the test result better, over three seeds and beyond their noise.

`python benchmarks/injected_truth.py --cache FOLDER` trains every candidate beside its healthy twin and writes truth.csv, which lies in
the repository: with it, cases are known without training. Scores are points: 100 times balanced accuracy or R² (not below 0) of the
test part, which nothing is chosen by; faults of sureness are told by the test loss.
"""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from injected.cache import Cache
from injected.case import Case, candidates
from injected.programs import BASE, SEEDS

FILE = BASE / "truth.csv"
LEAST_POINTS = 3.0  # a fault that costs less is none worth naming
LEAST_RATIO = 1.25  # of test losses, for faults told by the loss
BEYOND = 2.0  # standard errors of the difference between the means
FLOOR = 0.5  # points: the least standard error, since three seeds may agree by luck
MILD = (3.0, 15.0)  # points


@dataclass(frozen=True)
class Truth:
    """What taking the fault out of one case changes on the test part, means over the seeds."""

    case: str
    healthy: float  # points
    faulty: float  # points
    cost: float  # points
    error: float  # standard error of the cost
    loss_ratio: float  # faulty test loss over healthy test loss
    counts: bool

    @property
    def severity(self) -> str:
        """`mild` from 3 to 15 points, `moderate` to 40, `gross` above; `loss` where it is told by the loss."""
        if self.cost < MILD[0]:
            return "loss"
        return "mild" if self.cost <= MILD[1] else "moderate" if self.cost <= 40 else "gross"


def score(folder: Path) -> float:
    """The test result of a run in points; 0 where it broke down."""
    result = _result(folder)
    value = result.get("test_balanced_accuracy", result.get("test_r2", 0.0))
    return 100.0 * max(0.0, float(value)) if _is_number(value) else 0.0


def test_loss(folder: Path) -> float:
    """The test loss of a run; infinite where it broke down."""
    value = _result(folder).get("test_loss")
    return float(value) if _is_number(value) else math.inf


def _result(folder: Path) -> Mapping[str, Any]:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))["result"] or {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def measure(case: Case, cache: Cache) -> Truth:
    """Trains a case and its healthy twin under all seeds, and compares; one seed is enough where nothing is lost."""
    first = _compared(case, cache, SEEDS[:1])
    clear = first.cost > LEAST_POINTS / 2 or (case.fault.by == "loss" and first.loss_ratio > 1.1)
    return _compared(case, cache, SEEDS) if clear else first


def _compared(case: Case, cache: Cache, seeds: Iterable[int]) -> Truth:
    trees = [tree for seed in seeds for tree in (case.healthy(seed), case.tree(seed))]
    cache.prepare(trees)
    folders = [cache.place(tree) for tree in trees]
    sound, sick = ([score(folder) for folder in folders[start::2]] for start in (0, 1))
    ratio = float(np.mean([test_loss(folder) for folder in folders[1::2]]) / np.mean([test_loss(folder) for folder in folders[::2]]))
    cost, error = float(np.mean(sound) - np.mean(sick)), _error(sound, sick)
    counts = len(sound) == len(SEEDS) and _is_beyond(case, cost, error, ratio)
    return Truth(case.name, *(round(value, 2) for value in (float(np.mean(sound)), float(np.mean(sick)), cost, error, ratio)), counts)


def _is_beyond(case: Case, cost: float, error: float, ratio: float) -> bool:
    in_points = cost >= max(LEAST_POINTS, BEYOND * error)
    return in_points or (case.fault.by == "loss" and ratio >= LEAST_RATIO)


def _error(sound: list[float], sick: list[float]) -> float:
    if len(sound) < 2:
        return math.inf
    return max(FLOOR, float(np.sqrt((np.var(sound, ddof=1) + np.var(sick, ddof=1)) / len(sound))))


def measured(cache: Cache, only: Iterable[Case] | None = None) -> Iterator[Truth]:
    """The truth of every candidate, in order."""
    for case in candidates() if only is None else only:
        yield measure(case, cache)


def write(truths: Iterable[Truth], file: Path = FILE) -> None:
    """Writes truth.csv."""
    rows = [asdict(truth) for truth in truths]
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(Truth.__dataclass_fields__), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


@cache
def known() -> Mapping[str, Truth]:
    """What truth.csv says, by case."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return {row["case"]: _read(row) for row in csv.DictReader(rows)}


def _read(row: Mapping[str, str]) -> Truth:
    numbers = [float(row[name]) for name in ("healthy", "faulty", "cost", "error", "loss_ratio")]
    return Truth(row["case"], *numbers, row["counts"] == "True")
