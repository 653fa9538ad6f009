"""Tables that are written newest row first, turned round."""

from dataclasses import replace

import numpy as np

from advisor.readers.base import Column, Table
from advisor.readers.roles import Roles

FEWEST = 4  # rows by which an order can be told


def forward(table: Table, found: Roles) -> Table:
    """The table with its oldest row first; the same one where its counter does not go down all the way."""
    counter = table.columns.get(found.axes.get("epoch", found.axes.get("step", "")))
    if counter is None or len(counter) < FEWEST or not (counter.values[1:] <= counter.values[:-1]).all():
        return table
    if len(np.unique(counter.values)) < 0.5 * len(counter):
        return table
    columns = {name: _turned(column, table.rows) for name, column in table.columns.items()}
    return replace(table, columns=columns, notes=(*table.notes, "the file has its newest row first; it was read from the end"))


def _turned(column: Column, rows: int) -> Column:
    return Column(column.values[::-1], (rows - 1 - column.rows)[::-1], column.places[::-1])
