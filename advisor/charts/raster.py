"""Points → the lowest and highest value of each column → dots. Nothing is thinned, so no spike is lost."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from advisor.run import Bools, Floats, Ints

Transform = Callable[[Floats], Floats]

# A spacing this many times wider than those around it is a gap in the log: no line is drawn across.
GAP = 3.0
# Crossings of column boundaries interpolated at once; bounds the memory for logs that jump back and forth.
CHUNK = 1_000_000
HUGE = 1e307
TINY = 1e-290  # the shortest axis, in its own units


@dataclass(frozen=True)
class Columns:
    """`count` columns of dots between two places on the x axis (both included)."""

    count: int
    start: float
    end: float

    def positions(self, x: Floats) -> Floats:
        """Where x values lie, in columns from 0.0; the end of the axis belongs to the last column."""
        length = self.end - self.start
        scale = self.count / length * (1 - 1e-12) if length > 0 else 0.0
        return (x - self.start) * scale


@dataclass(frozen=True, eq=False)
class Extents:
    """The lowest and highest value drawn in each column, in transformed units; nan where nothing is."""

    low: Floats  # (columns,)
    high: Floats  # (columns,)


def linear(y: Floats) -> Floats:
    """Values as they are, but for those whose differences no number can hold."""
    return np.clip(y, -HUGE, HUGE)


def logarithm(y: Floats) -> Floats:
    """Powers of ten; whatever is not positive lies below everything."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(np.maximum(y, 0.0))


def extents(x: Floats, y: Floats, columns: Columns, transform: Transform = linear) -> Extents:
    """The exact range of the joined-up line in each column: its points and where it crosses the columns' edges.

    The line breaks at values that are not finite, at gaps, and where x goes backward.
    """
    known = np.isfinite(y) & np.isfinite(x)
    whole = bool(known.all())
    x, y = (x, y) if whole else (x[known], y[known])
    low, high = np.full(columns.count, np.inf), np.full(columns.count, -np.inf)
    if len(x) == 0:
        return Extents(np.full(columns.count, np.nan), np.full(columns.count, np.nan))
    positions = columns.positions(x)
    column = np.clip(np.floor(positions), -1, columns.count).astype(np.int64)
    moves = np.flatnonzero(column[1:] != column[:-1])
    _add_points((low, high), column, transform, (y, moves))
    joined = is_joined(x, moves) if whole else is_joined(x, moves) & (np.diff(np.flatnonzero(known))[moves] == 1)
    _add_crossings((low, high), positions, y, (moves[joined], transform))
    empty = low > high
    return Extents(np.where(empty, np.nan, low), np.where(empty, np.nan, high))


def dots(drawn: Extents, rows: int, ends: tuple[float, float]) -> Bools:  # (rows, columns), first row on top
    """The dots to light for a line's extents on an axis between `ends` (bottom, top), in transformed units."""
    bottom, top = ends
    scale = (rows - 1) / (top - bottom) if top - bottom > TINY else 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = ((np.rint((values - bottom) * scale)) for values in (drawn.low, drawn.high))
    level = np.arange(rows)[::-1, None]
    lit: Bools = (level >= low) & (level <= high)
    return lit


def _add_points(found: tuple[Floats, Floats], column: Ints, transform: Transform, points: tuple[Floats, Ints]) -> None:
    y, moves = points
    low, high = found
    starts = np.concatenate(([0], moves + 1))
    at = column[starts]
    inside = (at >= 0) & (at < len(low))
    np.minimum.at(low, at[inside], transform(np.minimum.reduceat(y, starts))[inside])
    np.maximum.at(high, at[inside], transform(np.maximum.reduceat(y, starts))[inside])


def is_joined(x: Floats, moves: Ints) -> Bools:  # (moves,)
    """Whether a line is drawn from each point in `moves` to the next: not backward and not across a gap."""
    step = x[moves + 1] - x[moves]
    around = np.stack([_spacing(x, moves + offset) for offset in (-2, -1, 1, 2)])
    usual = np.max(around, axis=0, initial=0.0, where=np.isfinite(around))
    told = np.isfinite(around[:2]).any(axis=0) & np.isfinite(around[2:]).any(axis=0)
    joined: Bools = (step >= 0) & ~(told & (step > GAP * usual))
    return joined


def _spacing(x: Floats, first: Ints) -> Floats:
    """The distance from each point to the next; nan where there is none or it is no step forward."""
    exists = (first >= 0) & (first + 1 < len(x))
    safe = np.clip(first, 0, max(len(x) - 2, 0))
    distance = x[np.minimum(safe + 1, len(x) - 1)] - x[safe]
    return np.where(exists & (distance > 0), distance, np.nan)


def _add_crossings(found: tuple[Floats, Floats], positions: Floats, y: Floats, joined: tuple[Ints, Transform]) -> None:
    moves, transform = joined
    columns = len(found[0])
    first = np.clip(np.floor(positions[moves]) + 1, 0, columns + 1).astype(np.int64)
    last = np.clip(np.floor(positions[moves + 1]), -1, columns).astype(np.int64)
    counts = np.maximum(last - first + 1, 0)
    for part in np.array_split(np.arange(len(moves)), 1 + int(counts.sum()) // CHUNK):
        edges, segment = _edges(first[part], counts[part])
        i = moves[part][segment]
        share = (edges - positions[i]) / (positions[i + 1] - positions[i])
        _light(found, edges, (1 - share) * transform(y[i]) + share * transform(y[i + 1]))


def _edges(first: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Every column edge that each segment crosses, and the segment it belongs to."""
    segment = np.repeat(np.arange(len(first)), counts)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[segment] + nth, segment


def _light(found: tuple[Floats, Floats], edges: Ints, values: Floats) -> None:
    """An edge belongs to the column on either side, so that the line has no holes."""
    low, high = found
    for column in (edges - 1, edges):
        inside = (column >= 0) & (column < len(low)) & ~np.isnan(values)
        np.minimum.at(low, column[inside], values[inside])
        np.maximum.at(high, column[inside], values[inside])
