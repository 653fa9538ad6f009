"""Tables whose rows are told apart by text: by the metric's name, by the split, by the run. Each run becomes a table of its own."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from advisor.readers.base import Table
from advisor.readers.entries import SPLIT_KEYS, Cells
from advisor.readers.grids import Grid
from advisor.readers.names import understood, words
from advisor.readers.numbers import number
from advisor.readers.vocabulary import JUDGED, SPLITS

SAMPLE = 400  # rows looked at
MOST_RUNS = 100
KEYS = frozenset(
    {("tag",), ("tags",), ("metric",), ("metrics",), ("key",), ("name",), ("variable",), ("metric", "name"), ("scalar",), ("series",)}
)
VALUES = frozenset({("value",), ("values",), ("metric", "value"), ("scalar", "value")})
RUNS = frozenset(
    {
        ("run",),
        ("run", "id"),
        ("run", "name"),
        ("run", "uuid"),
        ("seed",),
        ("fold",),
        ("experiment",),
        ("exp",),
        ("trial",),
        ("trial", "id"),
    }
    | {("repeat",), ("replicate",), ("exp", "name"), ("experiment", "name"), ("model",), ("model", "name"), ("config",), ("dir", "name")}
)
COUNTERS = ("epoch", "step", "time")


@dataclass(frozen=True)
class Keys:
    """Which columns tell the rows apart, by their places; None where there is no such column."""

    name: int | None
    value: int | None
    split: int | None
    run: int | None

    def __bool__(self) -> bool:
        return self.name is not None or self.split is not None or self.run is not None


def keys_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Keys:
    """The telling columns of a table, by their names and by what the first rows hold."""
    whole = [row for row in rows if len(row) >= len(names)]
    said = [words(name) for name in names]
    value = next((place for place, name in enumerate(said) if name in VALUES), None)
    name = next((place for place, name in enumerate(said) if name in KEYS and _names_metrics(whole, place)), None)
    split = next((place for place, name in enumerate(names) if name.strip().lower() in SPLIT_KEYS and _names_splits(whole, place)), None)
    run = next(
        (place for place, name in enumerate(said) if name in RUNS and place != split and len({row[place] for row in whole}) > 0), None
    )
    return Keys(name if value is not None else None, value if name is not None else None, split, run)


def _names_metrics(rows: Sequence[Sequence[str]], place: int) -> bool:
    return any(understood(name).kind in JUDGED for name in {row[place] for row in rows[:SAMPLE]})


def _names_splits(rows: Sequence[Sequence[str]], place: int) -> bool:
    said = {row[place].strip().lower() for row in rows[:SAMPLE]}
    return bool(said) and said <= SPLITS.keys()


def pivoted(name: str, path: Path, grid: Grid, keys: Keys) -> list[Table]:
    """A table for each run; one where the column that could name runs does not."""
    groups: dict[str, Cells] = {}
    runs = _runs(grid, keys)
    for place, row in zip(grid.lines, grid.rows, strict=True):
        run = row[keys.run] if runs and keys.run is not None and keys.run < len(row) else ""
        split = SPLITS.get(row[keys.split].strip().lower(), "") if keys.split is not None and keys.split < len(row) else ""
        groups.setdefault(run, Cells()).add(place, _cells(grid, row, keys), split)
    label = "" if keys.run is None or any(map(_is_telling, runs)) else f"{grid.names[keys.run]} "
    return [Table(f"{label}{run}" or name, path, cells.columns(), cells.rows, splits=cells.splits()) for run, cells in groups.items()]


def _is_telling(run: str) -> bool:
    return number(run) is None


def _runs(grid: Grid, keys: Keys) -> set[str]:
    """The names of the runs, where several are told apart whose counters overlap; else none."""
    counter = next((place for kind in ("epoch", "step") for place, name in enumerate(grid.names) if understood(name).kind == kind), None)
    if keys.run is None or counter is None:
        return set()
    spans: dict[str, list[float]] = {}
    for row in grid.rows:
        if keys.run < len(row) and counter < len(row) and (count := number(row[counter])) is not None:
            spans.setdefault(row[keys.run], []).append(count)
    ranges = sorted((min(counts), max(counts)) for counts in spans.values())
    overlap = sum(one[1] > other[0] for one, other in pairwise(ranges))
    several = 1 < len(spans) <= MOST_RUNS and min(map(len, spans.values())) > 1
    return set(spans) if several and overlap >= 0.8 * (len(ranges) - 1) else set()


def _cells(grid: Grid, row: Sequence[str], keys: Keys) -> Iterator[tuple[str, float]]:
    told = (keys.name, keys.value, keys.split, keys.run)
    for place, (name, cell) in enumerate(zip(grid.names, row, strict=False)):
        if place in told or (keys.name is not None and understood(name).kind not in COUNTERS):
            continue
        if (value := number(cell)) is not None:
            yield name, value
    if keys.name is not None and keys.value is not None and keys.value < len(row):
        value = number(row[keys.value])
        if value is not None:
            yield row[keys.name], math.nan if _is_nan(grid, row) else value


def _is_nan(grid: Grid, row: Sequence[str]) -> bool:
    """MLflow writes 0 and says in another column that it was none."""
    place = grid.names.index("is_nan") if "is_nan" in grid.names else None
    return place is not None and place < len(row) and row[place].lower() in ("1", "true")
