"""Curves over epochs or steps, with the places of findings marked: what is drawn, and how its parts are stacked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from advisor.charts import frame
from advisor.charts.canvas import Canvas
from advisor.charts.frame import Area, Mark, Parts, Place
from advisor.charts.glyphs import BRAILLE, Glyphs, marker_of
from advisor.charts.markers import place_markers
from advisor.charts.raster import Columns, Extents, dots, extents
from advisor.charts.rows import CURVES, Row, Span
from advisor.charts.scale import Reach, Scale, reach, scale_over
from advisor.run import Floats
from advisor.text import cells

MIN_PLOT_ROWS = 2
PLOT_SHARE = 0.4  # of the rows at least
MIN_COLUMNS = 8
AXIS_ROWS = 2
ROWS_A_TICK = 3

_drawn: "WeakKeyDictionary[Curve, tuple[tuple[Columns, bool], Extents]]" = WeakKeyDictionary()
_reaches: "WeakKeyDictionary[Curve, Reach]" = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Curve:
    """A named line, or a nameless one that the legend leaves out. Values that are not finite are marked, not joined."""

    label: str
    x: Floats  # (points,)
    y: Floats  # (points,)
    faint: bool = False  # drawn in the background: a raw curve, or the run before a fix
    hue: int | None = None  # which colour and marker; None: by its place among the curves


@dataclass(frozen=True, eq=False)
class Plot:
    """Everything that one chart shows."""

    curves: tuple[Curve, ...]
    title: str = ""
    axis: str = "epoch"
    marks: tuple[Mark, ...] = ()
    best: float | None = None  # where on the x axis the best value lies
    log: bool | None = None  # None: where the values ask for it
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    cursor: float | None = None  # a place on the x axis that is looked at
    gutter: int = 0  # cells left of the plot area at least, so that charts above each other line up
    readings: tuple[str, ...] = ()  # what stands behind each label: the value at the cursor


@dataclass(frozen=True)
class Cells:
    """A rectangle of terminal cells."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Size:
    """Terminal cells, two across at least; a chart fills the height exactly and never exceeds the width."""

    width: int
    height: int


def draw(plot: Plot, size: Size, glyphs: Glyphs = BRAILLE) -> list[Row]:
    """The chart as exactly `size.height` rows, none wider than `size.width` cells.

    Where room is short, the places of findings go first, then the legend, then the x axis.
    """
    scale, ticks, _ = _frame(plot, size)
    area, head, lines, parts = _stacked(plot, size, glyphs)
    return [
        *head[: parts.head],
        *frame.with_gutter(_body(plot, scale, area, glyphs), _y_labels(scale, ticks, (parts.plot, glyphs.down)), area, glyphs),
        *frame.x_axis(area, plot.axis, glyphs, plot.best)[: parts.axis],
        *(frame.band(line, area) for line in lines[: parts.below]),
    ]


def marked_cells(plot: Plot, size: Size, glyphs: Glyphs) -> Cells | None:
    """The cells of the plot area that the first mark covers; None where there is none, or nothing else."""
    area, _, _, parts = _stacked(plot, size, glyphs)
    if not plot.marks or max(plot.marks[0].start, area.start) > min(plot.marks[0].end, area.end):
        return None
    first, last = (area.column(place) for place in (plot.marks[0].start, plot.marks[0].end))
    left = area.gutter + 1
    return None if last - first + 1 >= area.columns else Cells(left + first, parts.head, last - first + 1, parts.plot)


def _stacked(plot: Plot, size: Size, glyphs: Glyphs) -> tuple[Area, list[Row], list[list[Place]], Parts]:
    """The plot area, the legend above and the places below it, and how many rows each part gets."""
    scale, _, area = _frame(plot, size)
    head = frame.legend(_title(plot, scale), _entries(plot, glyphs), size.width)
    lines = frame.pack([frame.place(mark, area, glyphs) for mark in plot.marks])
    least = max(MIN_PLOT_ROWS, int(size.height * PLOT_SHARE))
    parts = frame.fit(size.height, (len(head), AXIS_ROWS, len(lines)), least)
    return replace(area, rows=parts.plot), head, lines, parts


def area_of(plot: Plot, size: Size) -> Area:
    """Where in the cells of a chart its curves are drawn, and which part of the x axis that is."""
    return _frame(plot, size)[2]


def _frame(plot: Plot, size: Size) -> tuple[Scale, list[tuple[float, str]], Area]:
    scale = scale_over([_reach(curve) for curve in plot.curves], plot.log, plot.y_limits)
    ticks = scale.ticks(max(2, size.height // ROWS_A_TICK))
    gutter = min(max(*(cells(label) + 1 for _, label in ticks), plot.gutter), max(size.width - MIN_COLUMNS, 0))
    return scale, ticks, Area(max(size.width - gutter - 1, 1), 1, gutter, *x_limits(plot))


def _title(plot: Plot, scale: Scale) -> str:
    return f"{plot.title} (log)".strip() if scale.log else plot.title


def _entries(plot: Plot, glyphs: Glyphs) -> list[Span]:
    """The legend: each curve by its marker and name, the best place, and what a lost value looks like."""
    marked = sum(bool(curve.label) for curve in plot.curves) > 1 or not glyphs.patterns
    readings = plot.readings or ("",) * len(plot.curves)
    texts = [f"{curve.label} {reading}".strip() for curve, reading in zip(plot.curves, readings, strict=True)]
    entries = [
        Span(f"{_marker(glyphs, plot.curves, i)} {text}" if marked else text, curve_style(plot.curves, i))
        for i, text in enumerate(texts)
        if plot.curves[i].label
    ]
    if plot.best is not None:
        entries.append(Span(f"{glyphs.best} best", "best"))
    if not all(_reach(curve).is_finite for curve in plot.curves):
        entries.append(Span(f"{glyphs.not_finite} not finite", "error"))
    return entries


def _hue(curves: Sequence[Curve], i: int) -> int:
    hue = curves[i].hue
    return i if hue is None else hue


def _marker(glyphs: Glyphs, curves: Sequence[Curve], i: int) -> str:
    return marker_of(glyphs, _hue(curves, i))


def curve_style(curves: Sequence[Curve], i: int) -> str:
    """The style in which the i-th curve is drawn."""
    return "faint" if curves[i].faint else f"curve{_hue(curves, i) % CURVES + 1}"


def x_limits(plot: Plot) -> tuple[float, float]:
    """The part of the x axis that is shown: as asked, else from the first place to the last."""
    if plot.x_limits:
        return plot.x_limits
    known = [curve.x[np.isfinite(curve.x)] for curve in plot.curves]
    ends = [(float(x.min()), float(x.max())) for x in known if len(x)]
    return (min(start for start, _ in ends), max(end for _, end in ends)) if ends else (0.0, 1.0)


def _body(plot: Plot, scale: Scale, area: Area, glyphs: Glyphs) -> list[Row]:
    canvas = Canvas(area.rows, area.columns, glyphs)
    columns = Columns(area.columns * glyphs.across, area.start, area.end)
    # What matters lies on top: faint curves are drawn first, the first of the others last.
    order = sorted(range(len(plot.curves)), key=lambda i: (not plot.curves[i].faint, -i))
    lit = {i: dots(_extents(plot.curves[i], columns, scale), area.rows * glyphs.down, scale.ends) for i in order}
    for i in order:
        canvas.curve(lit[i], _marker(glyphs, plot.curves, i), curve_style(plot.curves, i))
    if sum(bool(curve.label) for curve in plot.curves) > 1 and glyphs.patterns:
        for i in (i for i in order if plot.curves[i].label):
            place_markers(canvas, lit[i], _hue(plot.curves, i), curve_style(plot.curves, i))
    if plot.cursor is not None and area.start <= plot.cursor <= area.end:
        canvas.behind(area.column(plot.cursor), glyphs.vertical, "cursor")
    _mark_edges(canvas, plot.marks, area)
    for curve in (curve for curve in plot.curves if not _reach(curve).is_finite):
        _mark_not_finite(canvas, curve, area)
    return canvas.rows()


def _extents(curve: Curve, columns: Columns, scale: Scale) -> Extents:
    """As drawn the last time, where nothing but a cursor or the height of the chart has changed since."""
    asked = (columns, scale.log)
    kept = _drawn.get(curve)
    if kept is None or kept[0] != asked:
        kept = _drawn[curve] = (asked, extents(curve.x, curve.y, columns, scale.transform))
    return kept[1]


def _reach(curve: Curve) -> Reach:
    """Looked for once in the life of a curve: it is asked for at every frame."""
    if curve not in _reaches:
        _reaches[curve] = reach(curve.y)
    return _reaches[curve]


def _mark_edges(canvas: Canvas, marks: Sequence[Mark], area: Area) -> None:
    for mark in marks:
        for x in {mark.start, mark.end}:
            if 0 < area.column(x) < area.columns - 1:
                canvas.behind(area.column(x), canvas.glyphs.edge, mark.style)


def _mark_not_finite(canvas: Canvas, curve: Curve, area: Area) -> None:
    """Values without a place on the axis, at its upper border (-inf at the lower one)."""
    shown = ~np.isfinite(curve.y) & (curve.x >= area.start) & (curve.x <= area.end)
    lost, x = curve.y[shown], curve.x[shown]
    for row, chosen in ((0, lost != -np.inf), (area.rows - 1, lost == -np.inf)):
        positions = Columns(area.columns, area.start, area.end).positions(x[chosen])
        for column in np.unique(positions.astype(np.int64)):
            canvas.put((row, int(column)), canvas.glyphs.not_finite, "error")


def _y_labels(scale: Scale, ticks: Sequence[tuple[float, str]], shape: tuple[int, int]) -> dict[int, str]:
    """The labels by row, each in the row that holds the dot of its value; `shape` is rows and dots down a row."""
    rows, down = shape
    share = (rows * down - 1) / (scale.top - scale.bottom)
    return {rows - 1 - round((value - scale.bottom) * share) // down: label for value, label in ticks}
