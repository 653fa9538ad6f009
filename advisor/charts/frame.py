"""What stands around the plot area: legend, y labels, x axis, and the places of findings below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.charts.glyphs import Glyphs
from advisor.charts.raster import Columns
from advisor.charts.rows import Row, Span, row_cells, runs
from advisor.charts.scale import nice, short
from advisor.text import cells, cut

TICK_CELLS = 8  # wanted between two labels of the x axis


@dataclass(frozen=True)
class Area:
    """The plot area in cells, left of it the gutter with the y labels, and the part of the x axis that it shows."""

    columns: int
    rows: int
    gutter: int
    start: float
    end: float

    def column(self, x: float) -> int:
        """The column of cells that holds a place on the x axis; the nearest one where it lies outside."""
        nearest = min(max(x, self.start), self.end)
        return int(Columns(self.columns, self.start, self.end).positions(np.array(nearest)))

    def place(self, column: int) -> float:
        """The middle of a column of cells on the x axis; the nearest one's where there is no such column."""
        inside = min(max(column, 0), self.columns - 1)
        return self.start + (inside + 0.5) / self.columns * (self.end - self.start)


@dataclass(frozen=True)
class Parts:
    """How many rows each part of a chart gets."""

    head: int
    plot: int
    axis: int
    below: int


@dataclass(frozen=True)
class Place:
    """A text below the axis, and the columns that it takes."""

    text: str
    first: int
    last: int
    style: str


def fit(height: int, wanted: tuple[int, int, int], least: int) -> Parts:
    """Share out `height` rows over head, plot, axis and what is below; the plot keeps `least`, the axis goes last.

    >>> fit(10, (1, 2, 2), 2), fit(4, (1, 2, 2), 2)
    (Parts(head=1, plot=5, axis=2, below=2), Parts(head=0, plot=2, axis=2, below=0))
    """
    head, axis, below = wanted
    spare = max(height - least, 0)
    axis = min(axis, spare)
    head = min(head, spare - axis)
    below = min(below, spare - axis - head)
    return Parts(head, max(height - head - axis - below, 0), axis, below)


def legend(title: str, entries: Sequence[Span], width: int) -> list[Row]:
    """The title and the entries, on as many rows as they need."""
    parts = ([Span(cut(title, width), "title")] if title else []) + [Span(cut(entry.text, width), entry.style) for entry in entries]
    rows: list[Row] = []
    for part in parts:
        if rows and row_cells(rows[-1]) + 3 + cells(part.text) <= width:
            rows[-1] = (*rows[-1], Span("   "), part)
        else:
            rows.append((part,))
    return rows


def with_gutter(body: Sequence[Row], labels: Mapping[int, str], area: Area, glyphs: Glyphs) -> list[Row]:
    """The plot's rows with the y labels and the line to their left."""
    return [(Span(_right(labels.get(i, ""), area.gutter) + glyphs.vertical, "axis"), *row) for i, row in enumerate(body)]


def _right(label: str, gutter: int) -> str:
    """A label against the line, with a blank between where there is room for one."""
    room = max(gutter - 1, 0)
    return " " * (room - cells(label)) + label + " " * (gutter - room) if cells(label) <= room else " " * gutter


def x_axis(area: Area, name: str, glyphs: Glyphs, best: float | None = None) -> list[Row]:
    """The line under the plot, and the labels under the line."""
    columns = {area.column(x): short(x) for x in x_ticks(area)}
    line = [glyphs.tick if column in columns else glyphs.horizontal for column in range(area.columns)]
    styles = ["axis"] * area.columns
    if best is not None and area.start <= best <= area.end:
        line[area.column(best)], styles[area.column(best)] = glyphs.best, "best"
    labels = _labels(columns, area.columns, name)
    return [(Span(" " * area.gutter + glyphs.corner, "axis"), *runs(line, styles)), (Span(" " * (area.gutter + 1) + labels, "axis"),)]


def x_ticks(area: Area) -> list[float]:
    """Round places on the x axis; epochs and steps are whole numbers, so ticks are too where the axis is long enough."""
    ticks = nice(area.start, area.end, max(2, area.columns // TICK_CELLS))
    whole = [x for x in ticks if x == int(x)]
    ticks = whole or ticks
    return [area.start, *(x for x in ticks if area.column(x) - area.column(area.start) > cells(short(area.start)) + 1)]


def _labels(columns: Mapping[int, str], width: int, name: str) -> str:
    line = [" "] * width
    room = width - cells(name) - 1 if cells(name) + 8 < width else width
    free = 0
    for column, label in columns.items():
        first = max(0, min(column - len(label) // 2, width - len(label)))
        if first >= free and first + len(label) <= room:
            line[first : first + len(label)] = label
            free = first + len(label) + 1
    text = "".join(line)
    return text[: room + 1] + name if room < width else text


@dataclass(frozen=True)
class Mark:
    """The place of a finding on the x axis, both ends included, with the number or word that its text refers to."""

    label: str
    start: float
    end: float
    style: str = "warning"


def place(mark: Mark, area: Area, glyphs: Glyphs) -> Place:
    """Where a mark goes: a bracket around its label, or the label alone where the bracket would be too small."""
    label, style = mark.label, mark.style
    first, last = area.column(mark.start), area.column(mark.end)
    left, middle, right = tuple(glyphs.bracket)
    inner = last - first - 1 - cells(label)
    if inner >= 0:
        before = inner // 2
        return Place(left + middle * before + label + middle * (inner - before) + right, first, last, style)
    label = cut(label, area.columns)
    first = max(0, min(first, area.columns - cells(label)))
    return Place(label, first, first + cells(label) - 1, style)


def pack(places: Sequence[Place]) -> list[list[Place]]:
    """Places in as few lines as they need without touching each other, in their order."""
    lines: list[list[Place]] = []
    for new in places:
        free = (line for line in lines if all(new.first > old.last + 1 or new.last < old.first - 1 for old in line))
        line = next(free, None)
        if line is None:
            lines.append([new])
        else:
            line.append(new)
    return lines


def band(line: Sequence[Place], area: Area) -> Row:
    """One line of places under the axis."""
    spans, at = [Span(" " * (area.gutter + 1))], 0
    for item in sorted(line, key=lambda item: item.first):
        spans += [Span(" " * (item.first - at)), Span(item.text, item.style)]
        at = item.last + 1
    return tuple(spans)
