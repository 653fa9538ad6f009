"""Signs along curves that tell them apart without colour, set only where they hide nothing."""

import numpy as np

from advisor.charts.canvas import Canvas
from advisor.charts.glyphs import marker_of
from advisor.run import Bools, Ints

# Cells from one marker of a curve to its next, and how far curves are shifted against each other.
STRIDE = 18
SHIFT = 5


def place_markers(canvas: Canvas, lit: Bools, nth: int, style: str) -> None:
    """Put the nth curve's marker on its line: at its end, and every few columns, in cells that hold the whole column of it."""
    rows = _only_row(canvas.glyphs.numbers(lit) > 0)
    known = np.flatnonzero(rows >= 0)
    if len(known) == 0:
        return
    marker = marker_of(canvas.glyphs, nth)
    for column in {*range((SHIFT * (nth + 1)) % STRIDE, len(rows), STRIDE), int(known[-1])}:
        if rows[column] >= 0:
            canvas.put((int(rows[column]), column), marker, style)


def _only_row(touched: Bools) -> Ints:  # (columns,)
    """The one row that a curve takes in each column; -1 where there is none or more than one."""
    return np.where(touched.sum(axis=0) == 1, touched.argmax(axis=0), -1)
