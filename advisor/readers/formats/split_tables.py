"""split-tables: after each epoch a small table with a column, or a row, for each split; Ludwig and AllenNLP print such."""

import re
from collections.abc import Iterator, Sequence

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.numbers import number
from advisor.readers.opening import named
from advisor.readers.patterns import EPOCH, ESCAPES, STAMP
from advisor.readers.ruled import FRAMES, RULER
from advisor.readers.vocabulary import JUDGED, SPLITS

ENOUGH = 3  # tables
LONGEST = 400  # characters of a line
PREFIX = re.compile(r"^[\s\-]*+(?:\S++ - )*(?:[^|]{0,160}\b(?:INFO|DEBUG)\s*+\|)?")  # what a logger puts before a line
WHOLE = ("", "combined")  # labels of the table that is about the whole model
Block = tuple[int, float | None, dict[str, float]]  # line, epoch, figures by name


class SplitTables(Reader):
    """A table of figures by split, again and again."""

    def recognises(self, source: Source) -> float:
        """By several of them."""
        found = list(_blocks(source.first_lines)) if source.text else []
        told = any(understood(name).kind in JUDGED for _, _, figures in found for name in figures)
        return 0.75 if told and len(found) >= ENOUGH else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row for each that was printed."""
        cells = Cells()
        for place, epoch, figures in _blocks(source.lines):
            cells.add(place, [*([] if epoch is None else [("epoch", epoch)]), *figures.items()])
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: no table of figures by split; expected lines such as `| loss | 0.12 | 0.15 |`")
        yield Table(source.path.stem, source.path, cells.columns(), cells.rows)


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The tables, each with the epoch that the lines before it named."""
    epoch: float | None = None
    header: list[str] = []
    figures: dict[str, float] = {}
    place = 0
    for place, line in enumerate([*lines, ""], start=1):
        cells = _cells(line)
        if cells is None:
            continue
        found = _figures(header, cells)
        if found:
            figures |= found
            continue
        if figures:
            yield place - 1, epoch, figures
        header, figures = (cells if len(cells) > 1 else []), {}
        if len(cells) < 2 and (match := EPOCH.search(STAMP.sub(" ", line[:LONGEST]))):
            epoch = float(match[2])


def _cells(line: str) -> list[str] | None:
    """The cells of a line; None of a ruler, one cell where it has none."""
    bare = ESCAPES.sub("", line[:LONGEST])
    if RULER.match(bare):
        return None
    plain = PREFIX.sub("", STAMP.sub("", bare.translate(FRAMES)).strip()).strip()
    inner = plain[1:-1] if plain.startswith("|") and plain.endswith("|") else plain
    return [cell.strip() for cell in inner.split("|")]


def _figures(header: Sequence[str], cells: Sequence[str]) -> dict[str, float]:
    """The figures of a row under a header, named by split and metric; empty where the two do not fit."""
    across = [_split(cell) for cell in header]
    if sum(map(bool, across)) >= 2 and len(cells) >= 2 and not _split(cells[0]):
        values = zip(across[-(len(cells) - 1) :], map(number, cells[1:]), strict=False)
        label = header[0].lower() if len(header) == len(cells) and not across[0] else ""
        return {_name(split, label, cells[0]): value for split, value in values if split and value is not None}
    split = _split(cells[0])
    if split and len(cells) == len(header) > 1 and not any(across):
        values = zip(header[1:], map(number, cells[1:]), strict=True)
        return {_name(split, header[0].lower(), name): value for name, value in values if value is not None}
    return {}


def _name(split: str, label: str, metric: str) -> str:
    return f"{split}/{metric}" if label in WHOLE else f"{split}/{label}/{metric}"


def _split(cell: str) -> str:
    return SPLITS.get(cell.lower(), "")
