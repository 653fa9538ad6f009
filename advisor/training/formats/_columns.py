"""Columns of text → numbers: as they are, 0 and 1 for booleans, one-hot for categories."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from advisor.errors import DataError
from advisor.text import printable
from advisor.training.formats._sheet import is_number
from advisor.training.sources.base import Array

MOST_CATEGORIES = 50
BOOLEANS = {"false": 0.0, "true": 1.0}

Kind = Literal["number", "decimal comma", "boolean", "category", "text", "empty"]


@dataclass(frozen=True)
class Column:
    """What a column was found to hold, by which files like it are read too."""

    name: str
    kind: Kind
    categories: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many inputs it becomes."""
        return len(self.categories) if self.kind == "category" else 1

    def encode(self, cells: list[str], where: str) -> Array:
        """The cells as numbers (rows, inputs), nan where they are empty; raises DataError for one that is not of the column's kind."""
        if self.kind == "category":
            return _one_hot(cells, self.categories)
        try:
            if self.kind == "number":
                return np.array([float(cell) if cell else np.nan for cell in cells])[:, None]
            return np.array([self._number(cell) for cell in cells])[:, None]
        except (KeyError, ValueError):
            wrong = next(cell for cell in cells if cell and self.kind != _kind([cell]))
            message = f"{where}: found {printable(wrong)[:40]!r} in the column {self.name!r}, expected {self.kind}s as in the training data"
            raise DataError(message) from None

    def _number(self, cell: str) -> float:
        if not cell:
            return float("nan")
        if self.kind == "boolean":
            return BOOLEANS[cell.lower()]
        return float(cell.replace(",", "."))


def column_of(name: str, cells: list[str]) -> Column:
    """What a column holds, judged by all its cells."""
    kind = _kind(cells)
    if kind != "text":
        return Column(name, kind)
    values = {cell for cell in cells if cell}
    return Column(name, "category", tuple(sorted(values))) if len(values) <= MOST_CATEGORIES else Column(name, "text")


def why_left_out(column: Column, cells: list[str]) -> str | None:
    """The note on a column that cannot be an input, or None for one that can."""
    if column.kind == "empty":
        return f"the column {column.name!r} is empty and was left out"
    if column.kind == "text":
        found = f"{len(set(cells) - {''})} different texts"
        odd = [cell for cell in cells if cell and not is_number(cell)]
        if len(odd) <= len(cells) / 10:
            found = f"mostly numbers, but also {printable(odd[0])[:40]!r}"
        return f"the column {column.name!r} holds {found} and was left out"
    return None


def _kind(cells: list[str]) -> Kind:
    values = {cell for cell in cells if cell}
    if not values:
        return "empty"
    if all(map(is_number, values)):
        return "number"
    if all(value.lower() in BOOLEANS for value in values):
        return "boolean"
    if all((value.count(",") == 1 and is_number(value.replace(",", "."))) or is_number(value) for value in values):
        return "decimal comma"
    return "text"


def _one_hot(cells: list[str], categories: tuple[str, ...]) -> Array:
    """1 in the column of a cell's category; 0 throughout for one that training has not; nan throughout for an empty cell."""
    codes = {category: code for code, category in enumerate(categories)}
    rows = np.zeros((len(cells), len(categories)))
    for row, cell in enumerate(cells):
        if not cell:
            rows[row] = np.nan
        elif cell in codes:
            rows[row, codes[cell]] = 1.0
    return rows
