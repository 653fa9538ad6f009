"""Answers that got out before training began: validation samples that are learned from, and inputs that are the target."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from advisor.training.sources.base import Array

FEWEST = 30  # training samples; among fewer a column may tell the classes apart by luck
SAME = 0.9999  # of a correlation: the target in other units
BY_CHANCE = 0.05  # expected samples like a given one, beyond which equals are no wonder


def leaks_of(inputs: dict[str, Array], targets: dict[str, Array], task: str, columns: Sequence[str]) -> dict[str, Any]:
    """What facts say of leaks.

    `validation_copies`: the share of validation samples that stand in the training part, too, number for number; 0 where inputs take so
    few values that samples are alike by chance, and missing without a validation part. `answer_columns`: inputs that are constant within
    each class and together differ between any two classes, or that are the numbers to be predicted in other units; by the names of
    `columns`, else counted from 1.
    """
    x = inputs["training"]
    found = _answers(x, targets["training"], task) if x.ndim == 2 else []
    told: dict[str, Any] = {"answer_columns": list(dict.fromkeys(columns[i] if i < len(columns) else str(i + 1) for i in found))}
    if "validation" in inputs:
        told["validation_copies"] = _copies(x, inputs["validation"])
    return told


def _copies(x: Array, held_out: Array) -> float:
    firsts = {_digest(row): i for i, row in enumerate(x)}
    share = float(np.mean([_digest(row) in firsts for row in held_out]))
    return share if share and not _alike_by_chance(x[list(firsts.values())]) else 0.0


def _digest(row: Array) -> bytes:
    return blake2b(np.ascontiguousarray(row).tobytes(), digest_size=12).digest()


def _alike_by_chance(x: Array) -> bool:
    """Whether one of these different samples could as well be another: by chance, were each column drawn by itself."""
    expected = float(len(x))
    for column in x.reshape(len(x), -1).T:
        expected *= float(np.sum((np.unique(column, return_counts=True)[1] / len(x)) ** 2))
        if expected <= BY_CHANCE:
            return False
    return True


def _answers(x: Array, y: Array, task: str) -> list[int]:
    if len(x) < FEWEST or x.shape[1] < 2:
        return []
    if task == "regression":
        return [int(i) for i in np.flatnonzero(_correlations(x, y) > SAME)]
    return _telling_all(x, y.reshape(-1))


def _correlations(x: Array, y: Array) -> Array:  # (columns,)
    """The largest correlation of each column with a target, without its sign."""
    centred, wanted = x - x.mean(axis=0, dtype=np.float64), y - y.mean(axis=0, dtype=np.float64)
    spreads = np.sqrt((centred**2).sum(axis=0))[:, None] * np.sqrt((wanted**2).sum(axis=0))
    with np.errstate(all="ignore"):
        found: Array = np.nan_to_num(np.abs(centred.T @ wanted) / spreads).max(axis=1)
    return found


def _telling_all(x: Array, y: Array) -> list[int]:
    """Columns with one value a class, where together they tell every class."""
    by_class = [x[y == label] for label in np.unique(y)]
    still = np.all([(part == part[0]).all(axis=0) for part in by_class], axis=0)
    firsts = np.stack([part[0] for part in by_class])
    told = still & (firsts != firsts[0]).any(axis=0)
    return [int(i) for i in np.flatnonzero(told)] if len(np.unique(firsts[:, told], axis=0)) == len(by_class) > 1 else []
