"""A table file as named columns of text."""

import csv
import gzip
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from advisor.decoding import decoded, is_binary
from advisor.errors import DataError
from advisor.text import printable
from advisor.training.formats.base import shown

GZIP_MARK = b"\x1f\x8b"
SEPARATORS = ",;\t|"
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "<na>", "#n/a", "?"})  # in lower case, none longer than 4
LONGEST_CELL = 2**24  # characters

HEADERLESS = "the first row holds numbers: it was taken as data, and the columns were named column1, column2, ..."

Rows = list[list[str]]


@dataclass(frozen=True)
class Sheet:
    """The cells of one table, by column; an empty cell is the empty text whatever stood there."""

    path: Path
    columns: dict[str, list[str]]  # by names that are printable and unique
    notes: tuple[str, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """The table in a .csv or .tsv file, compressed or not, in whatever encoding; raises DataError where it holds none."""
    rows = _rows(_text(path), path)
    names, notes = _names(rows[0])
    body = rows[0 if notes else 1 :]
    if not body:
        raise DataError(f"{shown(path)}: found a header and no rows, expected a row for each sample")
    longest = max(len(row) for row in body)
    if longest > len(names):
        first = next(number for number, row in enumerate(body, 1) if len(row) > len(names))
        raise DataError(
            f"{shown(path)}: sample {first} has {len(body[first - 1])} cells, expected {len(names)}; quote cells that hold separators"
        )
    columns = zip(*(_cleaned(row, len(names)) for row in body), strict=True)
    return Sheet(path, dict(zip(names, map(list, columns), strict=True)), notes)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(GZIP_MARK) else data
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            f"{shown(path)}: cannot be read ({printable(reason)}), expected a table with a header and a row for each sample"
        ) from error
    if is_binary(data):
        raise DataError(f"{shown(path)}: found binary data, expected a table of text with a header and a row for each sample")
    return decoded(data)


def _rows(text: str, path: Path) -> Rows:
    first = text.lstrip().partition("\n")[0]
    separator = "\t" if path.name.lower().removesuffix(".gz").endswith(".tsv") else max(SEPARATORS, key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True) if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise DataError(f"{shown(path)}: is no table ({error}), expected cells separated by commas or tabs") from error
    if not rows:
        raise DataError(f"{shown(path)}: is empty, expected a header and a row for each sample")
    return rows


def _names(first: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The names of the columns; with a note where the first row must already be data."""
    cells = [cell.strip() for cell in first]
    numeric = [cell for cell in cells if is_number(cell)]
    if len(numeric) == len(cells) or any("." in cell for cell in numeric):
        return [f"column{number}" for number in range(1, len(cells) + 1)], (
            "the first row holds numbers: it was taken as data, not as names",
        )
    seen: Counter[str] = Counter()
    names = []
    for number, cell in enumerate(cells, 1):
        name = printable(cell) or f"column{number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names, ()


def _cleaned(row: list[str], width: int) -> list[str]:
    cells = ["" if len(bare := cell.strip()) < 5 and bare.lower() in MISSING else bare for cell in row]
    return cells + [""] * (width - len(cells))


def is_number(cell: str) -> bool:
    """Whether a cell can be read as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
