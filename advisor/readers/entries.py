"""Records with keys, one after the other → columns: nested keys joined by `/`, splits told by a key or by the caller."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from advisor.readers.base import Column
from advisor.readers.names import understood
from advisor.readers.numbers import number
from advisor.readers.vocabulary import SPLITS

DEEPEST = 6
MOST_COLUMNS = 20_000
LONGEST_NUMBER = 40  # characters of a text that may be a number
VALUES = ("loss", "accuracy", "metric", "")  # kinds of which each split has its own
SPLIT_KEYS = ("mode", "split", "phase", "stage", "subset", "partition", "dataset_split")


@dataclass
class Cells:
    """Columns while they are being filled, a record at a time."""

    filled: dict[str, tuple[list[float], list[int], list[int]]] = field(default_factory=dict)
    under: dict[str, set[str]] = field(default_factory=dict)  # column -> the splits its records were of
    rows: int = 0

    def add(self, place: int, record: Iterable[tuple[str, float]], split: str = "") -> None:
        """One record that stands at `place`; `split` is that of the whole record, if it has one."""
        for key, value in record:
            name = f"{split}/{key}" if split in ("val", "test") and self._is_of_another_split(key, split) else key
            cells = self.filled.get(name)
            if cells is None:
                if len(self.filled) >= MOST_COLUMNS:
                    continue
                cells = self.filled[name] = ([], [], [])
            self.under.setdefault(name, set()).add(split)
            values, rows, places = cells
            if not rows or rows[-1] != self.rows:
                values.append(value)
                rows.append(self.rows)
                places.append(place)
        self.rows += 1

    def _is_of_another_split(self, key: str, split: str) -> bool:
        return key in self.under and self.under[key] != {split} and understood(key).kind in VALUES

    def columns(self) -> dict[str, Column]:
        """The finished columns, in the order in which their keys appeared."""
        return {name: Column(*map(np.asarray, cells)) for name, cells in self.filled.items()}

    def splits(self) -> dict[str, str]:
        """The split of each column whose records were all of one."""
        return {name: next(iter(found)) for name, found in self.under.items() if len(found) == 1 and found != {""}}


def split_of(record: Mapping[str, Any]) -> str:
    """The split that a record says it is of, as mmcv's "mode" does; empty where it does not say."""
    return next((SPLITS[said] for key in SPLIT_KEYS if isinstance(said := record.get(key), str) and said in SPLITS), "")


def numbers_in(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, float]]:
    """Every number of a record with its key, nested ones with the path to them; text that holds a number counts."""
    for key, value in record.items():
        if isinstance(value, Mapping):
            if depth < DEEPEST:
                yield from numbers_in(value, f"{prefix}{key}/", depth + 1)
        elif (found := as_number(value)) is not None:
            yield f"{prefix}{key}", found


def as_number(value: Any) -> float | None:
    """A JSON value as a number; None where it is none. A list of one number is that number."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _float(value)
    if isinstance(value, str):
        return number(value) if len(value) < LONGEST_NUMBER else None
    return as_number(value[0]) if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], list) else None


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond what a float holds
        return math.inf if value > 0 else -math.inf
