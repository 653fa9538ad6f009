"""transposed-table: a row a metric, a column an epoch; as spreadsheets and a turned data frame have it."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.numbers import ABSENT, number
from advisor.readers.opening import named
from advisor.readers.vocabulary import JUDGED

DELIMITERS = (",", "\t", ";")
FEWEST = 4  # columns of numbers
MOST_ROWS = 60
COUNT = re.compile(r"^(?P<axis>epoch|ep|step|iter|iteration|e)?[ _\-]?(?P<count>\d+)$", re.IGNORECASE)


class TransposedTable(Reader):
    """Named rows of numbers, under a row of counts or under nothing."""

    def recognises(self, source: Source) -> float:
        """By the names in the first column, and numbers everywhere else."""
        lines = [line for line in source.first_lines[: MOST_ROWS + 1] if line.strip()]
        return 0.95 if source.text and len(lines) <= MOST_ROWS and _turned(lines) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row for each column."""
        turned = _turned([line for line in source.lines if line.strip()])
        if not turned:
            raise ReadError(f"{named(source.path)}: no rows of numbers with names; expected `train_loss,0.9,0.5,...`")
        cells = Cells()
        for column in range(max(map(len, turned.values()))):
            row = ((name, value) for name, texts in turned.items() if column < len(texts) and (value := number(texts[column])) is not None)
            cells.add(column + 2, row)  # the first column holds the names
        yield Table(source.path.stem, source.path, cells.columns(), cells.rows, "records")


def _turned(lines: Sequence[str]) -> dict[str, list[str]]:
    """The rows by name, counts first; empty where they are no such table."""
    for delimiter in DELIMITERS:
        try:
            rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        header = _counts(rows[0]) if rows else None
        named_rows = rows[1:] if header else rows
        if named_rows and all(_is_row(row) for row in named_rows) and any(understood(row[0]).kind in JUDGED for row in named_rows):
            return (header or {}) | {row[0]: row[1:] for row in named_rows}
    return {}


def _counts(row: Sequence[str]) -> dict[str, list[str]] | None:
    """The axis that a first row counts, with its counts."""
    found = [COUNT.match(cell) for cell in row[1:]]
    if len(found) < FEWEST or not all(found):
        return None
    counts = [match["count"] for match in found if match]
    if any(int(later) <= int(one) for one, later in pairwise(counts)):
        return None
    said = f"{row[0]} {found[0]['axis'] if found[0] else ''}".lower()
    return {"step" if "step" in said or "iter" in said else "epoch": counts}


def _is_row(row: Sequence[str]) -> bool:
    cells = row[1:]
    named_row = bool(row) and number(row[0]) is None and understood(row[0]).kind not in ("epoch", "step")
    return named_row and len(cells) >= FEWEST and all(number(cell) is not None or cell.lower() in ABSENT for cell in cells)
