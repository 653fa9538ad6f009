"""Records with keys, one after the other → columns: nested keys joined by `/`, splits told by a key or by the caller."""

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from advisor.readers.base import Column
from advisor.readers.names import understood
from advisor.readers.numbers import number
from advisor.readers.vocabulary import SPLITS
from advisor.run import Floats, Ints

DEEPEST = 6
MOST_COLUMNS = 20_000
LONGEST_NUMBER = 40  # characters of a text that may be a number
VALUES = ("loss", "accuracy", "metric", "")  # kinds of which each split has its own
SPLIT_KEYS = frozenset({"mode", "split", "phase", "stage", "subset", "partition", "dataset_split"})
NAMED_SPLITS = ("train", "training", "validation", "valid", "val", "eval")  # what records may be called; a test is as often a run
NAME_KEYS = ("metric", "tag", "key", "name", "metric_name", "title")
Filling = tuple["array[float]", "array[int]"]  # values, rows


@dataclass
class Cells:
    """Columns while they are being filled, a record at a time."""

    filled: dict[str, Filling] = field(default_factory=dict)
    under: dict[str, set[str]] = field(default_factory=dict)  # column -> the splits its records were of
    known: dict[str, dict[str, Filling]] = field(default_factory=dict)  # split -> key -> what its cells go into
    places: "array[int]" = field(default_factory=lambda: array("q"))  # (rows,)

    @property
    def rows(self) -> int:
        """How many records there are."""
        return len(self.places)

    def add(self, place: int, record: Iterable[tuple[str, float]], split: str = "") -> None:
        """One record that stands at `place`; `split` is that of the whole record, if it has one."""
        row = len(self.places)
        known = self.known.setdefault(split, {})
        for key, value in record:
            values, rows = known.get(key) or self._new(key, split)
            values.append(value)
            rows.append(row)
        self.places.append(place)

    def _new(self, key: str, split: str) -> Filling:
        others = self.under.get(key, {split}) - {split}
        is_open = key != "batches" and not understood(key).split and understood(key).kind in VALUES
        apart = others and is_open and not {"val", "test"}.isdisjoint({split} | others)
        name = f"{split or 'train'}/{key}" if apart else key
        if name not in self.filled and len(self.filled) >= MOST_COLUMNS:
            return array("d"), array("q")
        self.under.setdefault(name, set()).add(split)
        self.known[split][key] = self.filled.setdefault(name, (array("d"), array("q")))
        return self.filled[name]

    def columns(self) -> dict[str, Column]:
        """The finished columns, in the order in which their keys appeared."""
        places = np.array(self.places, dtype=np.int64)
        return {
            name: _column(np.array(values, dtype=np.float64), np.array(rows, dtype=np.int64), places)
            for name, (values, rows) in self.filled.items()
        }

    def splits(self) -> dict[str, str]:
        """The split of each column whose records were all of one."""
        return {name: next(iter(found)) for name, found in self.under.items() if len(found) == 1 and found != {""}}


def _column(values: Floats, rows: Ints, places: Ints) -> Column:
    """One column; of two values that a record has under one name the first."""
    first = np.append(True, np.diff(rows) > 0)
    return Column(values[first], rows[first], places[rows[first]])


def renamed(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record of one metric, {"metric": "val_loss", "value": 0.5}, under the metric's own name; any other as it is."""
    if "value" not in record:
        return record
    name = next((record[key] for key in NAME_KEYS if isinstance(record.get(key), str)), None)
    if name is None:
        return record
    more = record.get("variant", record.get("subtag"))
    rest = {key: value for key, value in record.items() if key != "value"}
    return {**rest, (f"{name}/{more}" if isinstance(more, str) else name): record["value"]}


def split_of(record: Mapping[str, Any]) -> str:
    """The split that a record says it is of, as mmcv's "mode" does; empty where it does not say."""
    if record.get("name") in NAMED_SPLITS:
        return SPLITS[record["name"]]
    if SPLIT_KEYS.isdisjoint(record):
        return ""
    return next((SPLITS[said] for key in SPLIT_KEYS if isinstance(said := record.get(key), str) and said in SPLITS), "")


def numbers_in(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, float]]:
    """Every number of a record with its key, nested ones with the path to them; text that holds a number counts."""
    for key, value in record.items():
        if type(value) is float:
            yield prefix + key, value
        elif isinstance(value, dict):
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
