"""How the text of a table is laid out: which line is the header, what parts the cells."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from advisor.readers.grids import SPACES, WIDE_SPACES, records
from advisor.readers.names import understood
from advisor.readers.numbers import ABSENT, is_number
from advisor.readers.patterns import CODE_LINE
from advisor.readers.vocabulary import JUDGED

DELIMITERS = (",", "\t", ";", "|", WIDE_SPACES, SPACES)
DEEPEST_HEADER = 40  # lines that may stand before it
PAIRED = frozenset({"=", ":", "->"})  # between a name and its value, which are no columns
TOLD = re.compile(
    r"(?<!Unnamed)(?<=[^\W\d])\s?[:=]\s?-?\d|(?<=\d)=-?\d|(?<=[^\W\d])\s-?\d+\.\d+$"
)  # a name with its value; pandas calls a nameless column Unnamed: 0
NUMBERED = re.compile(r"#\s*[,;\t|]")  # a column called #, and no comment
SAMPLE = 25  # lines looked at below it
LONGEST_NAME = 120  # characters of most names; a sentence with a comma in it is longer
NUMERIC = 0.5  # share of the cells that must be numbers or absent


@dataclass(frozen=True)
class Layout:
    """A header found in the first lines of a text."""

    header: int  # index of its line; -1 where the file has none
    delimiter: str
    names: tuple[str, ...]
    rows: int  # data rows seen in the sample
    score: float


def found(lines: Sequence[str]) -> Layout | None:
    """The most likely layout; None where the lines are no table."""
    return _found(tuple(lines[: DEEPEST_HEADER + 1 + SAMPLE]))


@lru_cache(maxsize=1000)  # asked when a folder is searched, when a file is recognised, and when it is read
def _found(lines: tuple[str, ...]) -> Layout | None:
    candidates = [layout for delimiter in DELIMITERS if (layout := _with(delimiter, lines))]
    return max(candidates, key=lambda layout: layout.score, default=None)


def _with(delimiter: str, lines: Sequence[str]) -> Layout | None:
    for place, line in enumerate(lines[:DEEPEST_HEADER]):
        if not line.strip() or (line.startswith(("#", "sep=", "{", "[")) and not NUMBERED.match(line)):
            continue
        names = _cells(delimiter, line)
        if _is_header(names):
            layout = _judged(delimiter, place, names, lines)
            if layout and line in lines[:place]:
                return None  # one of many small tables in a log
            if layout:
                return layout
        elif len(names) == 1 or not all(map(is_number, names)):
            continue
        else:
            return None
    return None


def _cells(delimiter: str, line: str) -> list[str]:
    try:
        return next((cells for _, cells in records([line], delimiter)), [])
    except csv.Error:
        return []


def _is_header(names: Sequence[str]) -> bool:
    told = [name for name in names if name]
    if (
        not told
        or PAIRED.intersection(told)
        or any(map(TOLD.search, told))
        or any(name.endswith(("[", "{")) for name in told)  # of a document
        or len({name.endswith(",") for name in told[:-1]}) > 1  # of a sentence
        or any(is_number(name.rstrip(",;")) or name.lower() == "nan" for name in told)
    ):
        return False
    if sum(len(name) > LONGEST_NAME for name in told) > len(told) / 2:
        return False
    return len(told) > 1 or ("=" not in told[0] and not told[0].endswith(":") and understood(told[0]).kind in ("loss", "accuracy"))


def _joined(names: Sequence[str], below: Sequence[str]) -> Sequence[str]:
    """The names with those of a second line of the header, as MATLAB draws it; one of numbers is no header."""
    if len(below) != len(names) or any(is_number(cell) and cell for cell in below) or not all(names):
        return names
    return [f"{name} {cell}".strip() for name, cell in zip(names, below, strict=True)]


def _levelled(names: Sequence[str], below: Sequence[str]) -> Sequence[str]:
    """The names of a header of two levels, as pandas writes one, `train,train,val,val` over `loss,acc,loss,acc`; else as they are."""
    if len(below) != len(names) or len(names) < 3 or list(below) == list(names) or any(is_number(cell) for cell in below):
        return names
    above: list[str] = []
    for name in names:
        above.append(name or (above[-1] if above else ""))
    told = [name for name in above if name]
    joined = [f"{over} {name}".strip() for over, name in zip(above, below, strict=True)]
    repeated = len(set(told)) < len(told) or len(set(filter(None, below))) < len(list(filter(None, below)))
    known = sum(understood(name).kind in JUDGED for name in joined)
    return joined if repeated and known and len(set(joined)) == len(joined) else names


def _are_indexed(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether each row begins with its number, which has no name: so pandas prints a table."""
    whole = [row for row in rows if len(row) == width + 1]
    counts = [int(row[0]) for row in whole if row[0].isdecimal()]
    return len(counts) > 1 and len(counts) == len(whole) > len(rows) / 2 and all(one < later for one, later in pairwise(counts))


def _with_levels(delimiter: str, place: int, names: Sequence[str], body: list[str]) -> tuple[int, Sequence[str], list[str]]:
    """Where the last line of the header stands, its names, and what is below; the name of an index has a line of its own."""
    joined = _levelled(names, _cells(delimiter, body[0])) if body else names
    if joined is names:
        return place, names, body
    index = _cells(delimiter, body[1]) if len(body) > 1 else []
    if index and index[0] and not is_number(index[0]) and not any(index[1:]):
        return place + 2, [index[0], *joined[1:]], body[2:]
    return place + 1, joined, body[1:]


def _is_of_a_program(line: str, names: Sequence[str]) -> bool:
    """Whether it is a line of code or of settings rather than a header without rows: `print(step, loss)` or `lr: 0.1, loss: mse`."""
    if CODE_LINE.search(line) and not line.rstrip().endswith(";"):
        return True
    return any(":" in name or "=" in name or name.count("(") != name.count(")") for name in names)


def _judged(delimiter: str, place: int, names: Sequence[str], lines: Sequence[str]) -> Layout | None:
    body = [line for line in lines[place + 1 : place + 1 + SAMPLE] if line.strip()]
    if body and delimiter == "|":
        names = _joined(names, _cells(delimiter, body[0]))
    else:
        place, names, body = _with_levels(delimiter, place, names, body)
    rows = [cells for line in body if (cells := _cells(delimiter, line)) and cells != list(names)]
    rows = list(takewhile(lambda cells: len(cells) == 1 or not _is_header(cells), rows)) or rows
    if delimiter in (SPACES, WIDE_SPACES) and _are_indexed(rows, len(names)):
        names = ["", *names]
    known = sum(understood(name).kind != "" for name in names)
    if rows and all(row[0].endswith((":", "=")) for row in rows) and len(names) > 1:
        return None  # settings or results, a name and what it is
    if not rows:
        plain = known and len(names) > 1 and delimiter != SPACES and not _is_of_a_program(lines[place], names)
        return Layout(place, delimiter, tuple(names), 0, 0.1 * known) if plain else None
    wide = sum(len(cells) == len(names) or (len(cells) == len(names) + 1 and not cells[-1]) for cells in rows) / len(rows)
    cells = [cell for row in rows for cell in row]
    numeric = sum(cell.lower() in ABSENT or is_number(cell) for cell in cells) / len(cells)
    if wide < 0.5 or (numeric < NUMERIC and not (known >= 2 and numeric > 0.2)):
        return None
    return Layout(place, delimiter, tuple(names), len(rows), wide + numeric + min(known, 4) + 0.01 * len(names))
