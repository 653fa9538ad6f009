"""Several processes that wrote one file at the same time: told apart by their counters, or taken for one where all wrote the same."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from advisor.readers.base import Column, Table
from advisor.readers.names import understood
from advisor.run import Bools, Floats, Ints

MOST_WRITERS = 4
FEWEST = 6  # rows below which alike ones may be chance
LEAST_SHARE = 0.2  # of the rows, that a writer must have


def without_copies(table: Table) -> Table:
    """Each row once, where every row stands equally often, as when each process of a job prints what one of them should."""
    told = [column for name, column in table.columns.items() if len(column) and understood(name).kind != "time"]
    if table.rows < FEWEST or not told or any(_differs(column, 2)[0] for column in told):
        return table
    first = np.flatnonzero(np.append(True, np.logical_or.reduce([_differs(column, table.rows) for column in told])))
    times = np.diff(np.append(first, table.rows))
    if len(first) * 2 > table.rows or (times[:-1] != times[0]).any() or times[-1] > times[0] or len(first) < FEWEST // 2:
        return table
    place = np.full(table.rows, -1, dtype=np.int64)
    place[first] = np.arange(len(first))
    return replace(
        table,
        columns={name: _of(column, place) for name, column in table.columns.items()},
        rows=len(first),
        notes=(*table.notes, f"every row stands {times[0]} times, as where several processes write the same; one of each is read"),
        about={**table.about, "copies": int(times[0])},
    )


def _differs(column: Column, rows: int) -> Bools:
    """Whether each of the first rows, from the second on, has another cell than the one before it."""
    cells = np.zeros(rows)
    there = np.zeros(rows, dtype=bool)
    within = column.rows < rows
    there[column.rows[within]] = True
    cells[column.rows[within]] = column.values[within]
    alike = (cells[1:] == cells[:-1]) | (np.isnan(cells[1:]) & np.isnan(cells[:-1]))
    return np.asarray((there[1:] != there[:-1]) | ~alike)


def writers(table: Table, roles: Mapping[str, object]) -> list[Table]:
    """A table for each writer, whose counters only go on; none where the counters do not come apart so."""
    counter = table.columns.get(str(roles.get("epoch", roles.get("step", ""))))
    if counter is None:
        return []
    which = _writer_of_each(counter.values)
    shares = np.bincount(which) / len(which) if len(which) else np.zeros(0)
    if not 1 < len(shares) <= MOST_WRITERS or shares.min() < LEAST_SHARE:
        return []
    by_row = _by_row(which, counter.rows, table.rows)
    return [_part(table, np.flatnonzero(by_row == writer), int(writer) + 1) for writer in range(len(shares))]


def _writer_of_each(counts: Floats) -> Ints:
    """For each count the writer whose last count is the nearest below it; a new one where there is none."""
    last: list[float] = []
    which = np.zeros(len(counts), dtype=np.int64)
    for place, count in enumerate(counts):
        below = [(known, writer) for writer, known in enumerate(last) if known < count]
        if not below and len(last) > MOST_WRITERS:
            return np.zeros(len(counts), dtype=np.int64)
        writer = max(below)[1] if below else len(last)
        last[writer : writer + 1] = [count]
        which[place] = writer
    return which


def _by_row(which: Ints, rows: Ints, length: int) -> Ints:
    """The writer of every row; one without a count belongs to the writer before it."""
    known = np.full(length, -1, dtype=np.int64)
    known[rows] = which
    before = np.maximum.accumulate(np.where(known >= 0, np.arange(length), 0))
    return np.maximum(known[before], 0)


def _part(table: Table, rows: Ints, number: int) -> Table:
    place = np.full(table.rows, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    columns = {name: _of(column, place) for name, column in table.columns.items()}
    notes = (*table.notes, "several processes wrote this file at the same time; their rows are told apart by the counter")
    return replace(
        table,
        name=f"{table.name} writer {number}",
        columns=columns,
        rows=len(rows),
        notes=notes,
        about={**table.about, "interleaved": True},
    )


def _of(column: Column, place: Ints) -> Column:
    """The cells of a column whose rows have a place."""
    mine = place[column.rows] >= 0
    return Column(column.values[mine], place[column.rows[mine]], column.places[mine])
