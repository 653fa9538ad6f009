"""Tables: .csv and .tsv, compressed or not."""

import numpy as np

from advisor.config import Config
from advisor.errors import DataError
from advisor.text import nearest, printable
from advisor.training.formats._columns import Column, column_of, why_left_out
from advisor.training.formats._sheet import Sheet, read_sheet
from advisor.training.formats.base import SOURCE, Format, existing, shown
from advisor.training.sources.base import Array, Part, RawData

SHOWN = 20  # columns named in a message


class Table(Format):
    """A header, a row for each sample, a column to predict; text columns become one input a category."""

    def read(self, texts: dict[str, str], config: Config) -> RawData:
        sheets = {key: read_sheet(existing(text, config)) for key, text in texts.items()}
        source = sheets.pop(SOURCE)
        target = column_of(*_target(source, config.data.target))
        inputs, notes = _inputs(source, target.name)
        parts = {key: _part(sheet, inputs, target) for key, sheet in sheets.items()}
        columns = tuple(column.name for column in inputs for _ in range(column.width))
        return RawData(_part(source, inputs, target), parts, columns, notes=(*source.notes, *notes))


def _target(sheet: Sheet, asked: str) -> tuple[str, list[str]]:
    """The name and the cells of the column to predict: the last one unless told otherwise."""
    name = printable(asked) or list(sheet.columns)[-1]
    cells = _cells(sheet, name, f'data.target = "{name}"')
    if not any(cells):
        raise DataError(f"{shown(sheet.path)}: the column {name!r} is empty, expected what is to be predicted; name another data.target")
    return name, cells


def _cells(sheet: Sheet, name: str, what: str) -> list[str]:
    if name not in sheet.columns:
        names = list(sheet.columns)
        there = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        raise DataError(f"{shown(sheet.path)}: found no column for {what}, expected one of: {there}{_hint(name, names)}")
    return sheet.columns[name]


def _hint(name: str, names: list[str]) -> str:
    hint = nearest(name, names)
    return hint and f"; {hint}"


def _inputs(sheet: Sheet, target: str) -> tuple[list[Column], tuple[str, ...]]:
    """The columns to learn from, and why others are none."""
    names = [name for name in sheet.columns if name != target]
    counting = {name for name in names[:1] if _counts_rows(name, sheet.columns[name])}
    columns = [column_of(name, sheet.columns[name]) for name in names if name not in counting]
    reasons = {column.name: why_left_out(column, sheet.columns[column.name]) for column in columns}
    inputs = [column for column in columns if reasons[column.name] is None]
    if not inputs:
        raise DataError(f"{shown(sheet.path)}: found no column to learn from beside the target {target!r}, expected numbers or categories")
    notes = ["the first column has no name and counts the rows: it was left out"] if counting else []
    return inputs, (*notes, *(reason for reason in reasons.values() if reason))


def _counts_rows(name: str, cells: list[str]) -> bool:
    """Whether a column is the index that data frames write in front of their own."""
    if name not in {"column1", "Unnamed: 0"} or len(cells) < 2:
        return False
    start = cells[0]
    return start in {"0", "1"} and cells == [str(row) for row in range(int(start), len(cells) + int(start))]


def _part(sheet: Sheet, inputs: list[Column], target: Column) -> Part:
    where = shown(sheet.path)
    x = [column.encode(_cells(sheet, column.name, f'the input "{column.name}"'), where) for column in inputs]
    return Part(np.concatenate(x, axis=1), _targets(target, _cells(sheet, target.name, f'the target "{target.name}"'), where))


def _targets(column: Column, cells: list[str], where: str) -> Array:
    """Numbers, or text with None for an empty cell."""
    if column.kind in {"number", "decimal comma"}:
        return column.encode(cells, where)[:, 0]
    return np.array([cell or None for cell in cells], dtype=object)
