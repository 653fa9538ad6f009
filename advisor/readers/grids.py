"""Lines of text → a grid of cells with its header → columns."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.readers.base import Column
from advisor.readers.names import understood
from advisor.readers.numbers import number, with_comma

COUNT = re.compile(r"^(?:[^\W\d]+\W{0,3})?(\d+)(?:\s*/\s*\d+)?$")
PARTS = re.compile(r"^\[\s*+[-\d.][^\[\]]*?[\s,][^\[\]]*\d\s*\]$")  # [0.5, 0.1]: DeepXDE tells a loss by its parts
PART = re.compile(r"[-+]?\d++\.?\d*+(?:[eE][-+]?\d++)?")
GAP = re.compile(r"\s{2,}|\t")
LONGEST_CELL = 1 << 20
WIDE_SPACES = "  "  # the same where names hold single spaces
SPACES = " "  # the delimiter of tables whose columns are apart by white space


@dataclass(frozen=True)
class Grid:
    """A table as text."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]  # (rows,) where each row ends in the file, from 1
    comma: bool = False  # decimal commas


def records(lines: Iterable[str], delimiter: str, first: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The records of some lines with the number of the line each ends on; empty ones are left out."""
    if delimiter == SPACES:
        yield from ((place, cells) for place, line in enumerate(lines, start=first) if (cells := line.split()))
        return
    if delimiter == WIDE_SPACES:
        found = ((place, GAP.split(line.strip())) for place, line in enumerate(lines, start=first))
        yield from ((place, cells) for place, cells in found if any(cells))
        return
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    for cells in reader:
        if any(cells):
            yield reader.line_num + first - 1, [cell.strip() for cell in cells]


def grid(lines: Iterable[str], delimiter: str) -> Grid:
    """The grid under a header in the first line; raises csv.Error where the lines are no table."""
    found = records(lines, delimiter)
    _, names = next(found, (0, []))
    body = list(found)
    return Grid(tuple(names), [cells for _, cells in body], [place for place, _ in body])


def columns_of(cells: Grid) -> dict[str, Column]:
    """The numbers of each column; cells that hold none are absent."""
    read = with_comma if cells.comma else number
    places = np.asarray(cells.lines, dtype=np.int64)
    return {name: _read(name, [row[k] if k < len(row) else "" for row in cells.rows], places, read) for k, name in enumerate(cells.names)}


def _read(name: str, texts: Sequence[str], places: np.ndarray, read: Callable[[str], float | None]) -> Column:
    if any(map(PARTS.match, texts[:1])) and understood(name).kind == "loss":
        texts = [str(sum(map(float, PART.findall(text)))) if PARTS.match(text) else text for text in texts]
    found = column(texts, places, read)
    if len(found) or understood(name).kind not in ("epoch", "step"):
        return found
    return column([match[1] if (match := COUNT.match(text)) else "" for text in texts], places)  # Epoch 3, 3/90, 12,000


def column(texts: Sequence[str], places: np.ndarray, read: Callable[[str], float | None] = number) -> Column:
    """One column from its cells."""
    try:
        return Column(np.array([float(text) for text in texts]), np.arange(len(texts)), places)
    except ValueError:
        values = [read(text) for text in texts]
        rows = np.array([row for row, value in enumerate(values) if value is not None], dtype=np.int64)
        return Column(np.array([value for value in values if value is not None], dtype=np.float64), rows, places[rows])
