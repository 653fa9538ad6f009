"""table: CSV, TSV, semicolons, bars or white space under a header; also what TensorBoard, W&B and Stable-Baselines export."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from advisor.decoding import decoded
from advisor.errors import ReadError
from advisor.readers import layouts, ruled
from advisor.readers.bare_splits import splits_by_file, stem
from advisor.readers.base import Column, Reader, Source
from advisor.readers.base import Table as Raw
from advisor.readers.bulk import LARGE, bulk_columns
from advisor.readers.comparing import TABLES, compared, refusal
from advisor.readers.grids import SPACES, WIDE_SPACES, Grid, columns_of, records
from advisor.readers.layouts import Layout
from advisor.readers.names import understood, words
from advisor.readers.numbers import is_number
from advisor.readers.opening import named
from advisor.readers.pivoting import keys_of, pivoted
from advisor.readers.vocabulary import JUDGED
from advisor.text import printable

CHART_OF_RUN = re.compile(r"^(?P<run>.+) - (?P<metric>.+?)$")
COMMA_NUMBER = re.compile(r"^-?\d+,\d+$")
INDEX = "column 1"  # what a nameless first column is called
INDICES = (INDEX, "Unnamed: 0", "#")  # columns that number the rows, where they do
SPACY = ("E", "#")  # how spaCy's table begins
MOST_ADDED = 1000  # columns that a header written anew on the way has more than the one before it; a longer line is broken
MONITOR = ("r", "l", "t")


class Table(Reader):
    """A table of numbers under a header line, one row a step or epoch, cells may be empty."""

    def recognises(self, source: Source) -> float:
        """By a header over numbers; surer where it names a loss."""
        layout = layouts.found(_head(source)) if source.text else None
        if layout is None:
            return 0.3 if source.text and _bare_numbers(source) else 0.0
        kinds = {understood(name).kind for name in layout.names}
        if keys_of(layout.names, _rows(source, layout)).name is not None:
            kinds.add("loss")
        if layout.rows == 0:
            return 0.35
        suffix = 0.1 if source.path.name.lower().endswith(TABLES) else 0.0
        return (0.8 if kinds.intersection(JUDGED) else 0.4) + suffix

    def read(self, source: Source) -> Iterator[Raw]:
        """One table, or one for each run that a column or chart tells apart."""
        layout = layouts.found(_head(source))
        if layout is None:
            yield _of_bare_numbers(source)
            return
        rows_seen = _rows(source, layout)
        keys = keys_of(layout.names, rows_seen)
        if by := compared(layout.names, rows_seen, keys):
            raise refusal(source.path, by)
        if keys:
            found = pivoted(stem(source.path), source.path, _grid(_unique(layout.names), _body(source, layout)), keys)
            if keys.name is not None or keys.split is not None or len(found) > 1:
                yield from found
                return
        columns, rows = _columns(source, layout)
        if rows == 0 or not any(map(len, columns.values())):
            what = "numbers" if rows else "rows"
            raise ReadError(
                f"{named(source.path)}: a header and no {what}; expected a row a step or epoch. Nothing was logged yet, or it was lost"
            )
        blanks = layout.delimiter not in (SPACES, WIDE_SPACES)
        table = Raw(stem(source.path), source.path, columns, rows, blanks=blanks, splits=splits_by_file(source.path, columns))
        yield from _runs(_with_dialect(table, source, layout))


def _head(source: Source) -> list[str]:
    """The first lines, as a table has them."""
    head = source.first_lines[:200]
    return ruled.plain(head) if ruled.is_drawn(head) else head


def _rows(source: Source, layout: Layout) -> list[list[str]]:
    """The first rows; none where they are broken as a table."""
    try:
        return [cells for _, cells in records(_head(source)[layout.header + 1 :], layout.delimiter)]
    except csv.Error:
        return []


def _columns(source: Source, layout: Layout) -> tuple[dict[str, Column], int]:
    names = _unique(layout.names)
    data = source.whole()
    if len(data) > LARGE and layout.delimiter not in (SPACES, WIDE_SPACES) and not ruled.is_drawn(source.first_lines):
        utf8 = data if data.isascii() else decoded(data).encode()
        columns = bulk_columns(utf8, names, layout.delimiter, layout.header)
        if columns is not None:
            return columns, 1 + max((int(column.rows[-1]) for column in columns.values() if len(column)), default=-1)
    return _slowly(source, layout, names)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names, told apart where two are alike; nameless columns are numbered."""
    unique: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        name = name or f"column {place}"
        unique[name if name not in unique else f"{name} ({place})"] = None
    return tuple(unique)


def _slowly(source: Source, layout: Layout, names: tuple[str, ...]) -> tuple[dict[str, Column], int]:
    body = _body(source, layout)
    sections = list(_sections(names, _without_cut_cell(body, len(names), source)))
    merged: dict[str, list[Column]] = {}
    for section, first in sections:
        for name, column in columns_of(section).items():
            merged.setdefault(name, []).append(Column(column.values, column.rows + first, column.places))
    return {name: _joined(parts) for name, parts in merged.items()}, len(body)


def _body(source: Source, layout: Layout) -> list[tuple[int, list[str]]]:
    lines = ruled.plain(source.lines) if ruled.is_drawn(source.first_lines) else source.lines
    try:
        return list(records(lines[layout.header + 1 :], layout.delimiter, first=layout.header + 2))
    except csv.Error as failure:
        raise ReadError(
            f"{named(source.path)}: broken as a table ({printable(str(failure))}); expected a row a line, cells under {layout.delimiter!r}"
        ) from None


def _joined(parts: Sequence[Column]) -> Column:
    if len(parts) == 1:
        return parts[0]
    import numpy as np

    return Column(*(np.concatenate([getattr(part, key) for part in parts]) for key in ("values", "rows", "places")))


def _without_cut_cell(body: list[tuple[int, list[str]]], width: int, source: Source) -> list[tuple[int, list[str]]]:
    """A last line without an end and with cells missing was cut while it was written: its last number cannot be trusted."""
    if body and len(body[-1][1]) < width and source.lines[-1].strip():
        place, cells = body[-1]
        return [*body[:-1], (place, cells[:-1])]
    return body


def _sections(names: tuple[str, ...], body: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[Grid, int]]:
    """The parts of a table whose header changes on the way, each with its first row."""
    first = 0
    for place, (_, cells) in enumerate(body):
        if _is_new_header(cells, names):
            yield _grid(names, body[first:place]), first
            names, first = _unique(cells), place
    yield _grid(names, body[first:]), first


def _is_new_header(cells: Sequence[str], names: Sequence[str]) -> bool:
    if not 2 <= len(cells) <= len(names) + MOST_ADDED or any(is_number(cell) for cell in cells) or list(cells) == list(names):
        return False
    if len(cells) == len(names) and all(name.endswith(cell) for name, cell in zip(names, cells, strict=True)):
        return False  # the second line of the header
    return sum(understood(cell).kind != "" for cell in cells) >= 2 and any(understood(cell).kind in JUDGED for cell in cells)


def _grid(names: tuple[str, ...], body: Sequence[tuple[int, list[str]]]) -> Grid:
    sample = [cell for _, cells in body[:50] for cell in cells]
    comma = any(COMMA_NUMBER.match(cell) for cell in sample)
    return Grid(names, [cells for _, cells in body], [place for place, _ in body], comma)


def _with_dialect(table: Raw, source: Source, layout: Layout) -> Raw:
    """The same table with what is known of the tool that wrote it."""
    if layout.names[:2] == SPACY and layout.names[-1] == "SCORE":
        return replace(table, roles={"epoch": "E", "step": "#", "val_metric": "SCORE"})
    if source.text.startswith("#{") and layout.names == MONITOR:
        return replace(table, roles={"train_metric": "r", "time": "t"})
    index = layout.names[0] or INDEX
    if index in INDICES and _is_index(table.columns.get(index)) and not _counts(table.columns):
        return replace(table, roles={"epoch": index})
    values = [name for name in table.columns if understood(name).kind == ""]
    others = [name for name in table.columns if name not in values]
    if (
        len(values) == 1
        and words(values[0]) in (("value",), ("values",))
        and all(understood(name).kind in ("step", "epoch", "time") for name in others)
    ):
        return replace(
            table, columns={(_tag(source.path) if name == values[0] else name): column for name, column in table.columns.items()}
        )
    return table


def _is_index(column: Column | None) -> bool:
    """Whether a nameless first column numbers the rows, as pandas writes its index."""
    return (
        column is not None
        and len(column) > 1
        and bool((column.values - column.rows == column.values[0]).all())
        and column.values[0] in (0, 1)
    )


def _counts(names: Iterable[str]) -> bool:
    return any(understood(name).kind in ("epoch", "step") for name in names)


def _tag(path: Path) -> str:
    """The tag that TensorBoard's download puts into the file's name, with the run where that tells the split."""
    run, _, tag = stem(path).removeprefix("run-").rpartition("-tag-")
    tag = re.sub(r" \(\d+\)$", "", tag)
    return f"{run}/{tag}" if run and understood(f"{run} loss").split and not understood(tag).split else tag


def _runs(table: Raw) -> Iterator[Raw]:
    """A W&B chart holds a column a run: a table for each; anything else is one run."""
    charts = {name: match["run"] for name in table.columns if (match := CHART_OF_RUN.match(name))}
    names = list(dict.fromkeys(charts.values()))
    rest = [name for name in table.columns if name not in charts]
    if not names or any(understood(name).kind in JUDGED for name in rest):
        yield table
        return
    for run in names:
        columns = {name: column for name, column in table.columns.items() if charts.get(name, run) == run}
        yield replace(table, name=run, columns=_of_this_run(columns), blanks=False)


def _of_this_run(columns: Mapping[str, Column]) -> dict[str, Column]:
    return {name: column for name, column in columns.items() if not name.endswith(("__MIN", "__MAX"))}


def _bare_numbers(source: Source) -> bool:
    lines = [line for line in source.first_lines[:50] if line.strip()]
    return len(lines) > 1 and all(is_number(cell) for line in lines for cell in re.split(r"[,;\s]+", line.strip()) if cell)


def _of_bare_numbers(source: Source) -> Raw:
    """Numbers without a header: one column takes the file's name, several can only be told apart with --map."""
    body = [(place, re.split(r"[,;\s]+", line.strip())) for place, line in enumerate(source.lines, start=1) if line.strip()]
    width = max(len(cells) for _, cells in body)
    counted = width == 2 and all(cells[0].isdigit() for _, cells in body) and understood(stem(source.path)).kind in JUDGED
    names = (
        (stem(source.path),)
        if width == 1
        else ("step", stem(source.path))
        if counted
        else tuple(f"column {place}" for place in range(1, width + 1))
    )
    return Raw(stem(source.path), source.path, columns_of(_grid(names, body)), len(body))
