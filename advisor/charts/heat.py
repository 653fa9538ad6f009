"""Layers x time on a logarithmic scale: a row a layer, each cell a height and a colour, so that either alone can be read."""

from dataclasses import dataclass

import numpy as np

from advisor.charts.frame import Area, Mark, band, place, x_axis
from advisor.charts.glyphs import BRAILLE, Glyphs
from advisor.charts.levels import short_or_word
from advisor.charts.raster import Columns
from advisor.charts.rows import HEATS, Row, Span, runs
from advisor.run import Bools, Floats, Ints
from advisor.text import cells, cut

NAME_SHARE = 3  # names take at most this part of the width
VALUE_CELLS = 8  # for the last value, right of the map
ZERO = "0"


@dataclass(frozen=True, eq=False)
class Heat:
    """One statistic of all layers."""

    names: tuple[str, ...]  # (layers,)
    x: Floats  # (recordings,) increasing
    values: Floats  # (recordings, layers)
    recorded: Bools  # (recordings, layers) tells a recorded nan from an absent value
    axis: str = "step"
    marked: frozenset[int] = frozenset()  # layers that a finding speaks of
    cursor: float | None = None  # a place on the x axis


@dataclass(frozen=True)
class HeatScale:
    """From which power of ten to which the levels reach."""

    bottom: float
    top: float

    def levels(self, values: Floats) -> Ints:
        """1 (least) to HEATS (most); 0 for zero and below, -1 for what is not finite."""
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (np.log10(values) - self.bottom) / (self.top - self.bottom)
        found = np.clip(np.floor(np.nan_to_num(share, posinf=1.0, neginf=0.0) * HEATS) + 1, 1, HEATS).astype(np.int64)
        found = np.where(values <= 0, 0, found)
        return np.where(np.isfinite(values), found, -1)


def heat_scale(heat: Heat) -> HeatScale:
    """The scale on which all layers at all times fit; one decade at least."""
    known = heat.values[heat.recorded & np.isfinite(heat.values) & (heat.values > 0)]
    if len(known) == 0:
        return HeatScale(-1.0, 0.0)
    low, high = float(np.log10(known.min())), float(np.log10(known.max()))
    room = max(1.0 - (high - low), 0.0) / 2
    top = min(high + room, 0.0) if high <= 0.0 else high + room  # shares end at one
    return HeatScale(min(low, top - 1.0), top)


def heat_area(heat: Heat, width: int) -> Area:
    """Where the map is drawn in `width` cells."""
    names = max((cells(name) for name in heat.names), default=0) + 2
    gutter = max(min(names, width // NAME_SHARE), 4)
    columns = max(width - gutter - 1 - VALUE_CELLS, 1)
    ends = (float(heat.x[0]), float(heat.x[-1])) if len(heat.x) else (0.0, 1.0)
    return Area(columns, 1, gutter, *ends)


def heat_legend(heat: Heat, width: int, glyphs: Glyphs = BRAILLE) -> Row:
    """What the levels mean."""
    scale = heat_scale(heat)
    low, high = (short_or_word(10.0**power) for power in (scale.bottom, scale.top))
    parts = [Span(f"{low} "), *(Span(level, f"heat{i}") for i, level in enumerate(glyphs.levels, 1)), Span(f" {high}  log scale")]
    known = heat.values[heat.recorded]
    parts += [Span(f"  {ZERO} zero", "faint")] if (known == 0).any() else []
    parts += [Span(f"  {glyphs.not_finite} not finite", "error")] if not np.isfinite(known).all() else []
    kept, room = [], width
    for part in parts:
        room -= cells(part.text)
        if room >= 0:
            kept.append(part)
    return tuple(kept)


def heat_rows(heat: Heat, width: int, glyphs: Glyphs = BRAILLE) -> list[Row]:
    """One row a layer, first layer first: its name, its values in time, its last value."""
    area, scale = heat_area(heat, width), heat_scale(heat)
    known = heat.values[heat.recorded & np.isfinite(heat.values) & (heat.values > 0)]
    middle = float(np.median(np.log10(known))) if len(known) else 0.0
    columns = Columns(area.columns, area.start, area.end).positions(heat.x).astype(np.int64)
    drawn = []
    for nth, name in enumerate(heat.names):
        seen = heat.recorded[:, nth]
        by_column = _by_column(heat.values[seen, nth], columns[seen], area.columns, middle)
        drawn.append(_row(f"{'!' if nth in heat.marked else ' '} {name}", by_column, (area, scale), glyphs))
    if heat.cursor is not None:
        at = area.column(heat.cursor)
        drawn = [(label, _under_cursor(row, at), last) for label, row, last in drawn]
    return [(label, *row, last) for label, row, last in drawn]


def heat_axis(heat: Heat, width: int, glyphs: Glyphs = BRAILLE, mark: Mark | None = None) -> list[Row]:
    """The axis below the map, and below that the place of a finding."""
    area = heat_area(heat, width)
    return [*x_axis(area, heat.axis, glyphs), *([band([place(mark, area, glyphs)], area)] if mark else [])]


def _by_column(values: Floats, columns: Ints, count: int, middle: float) -> tuple[Floats, Bools]:
    """The most extreme value of each column, held until the next; and where there is one at all."""
    with np.errstate(divide="ignore", invalid="ignore"):
        extremeness = np.abs(np.log10(values) - middle)
    extremeness = np.where(np.isfinite(values), extremeness, np.inf)
    order = np.lexsort((extremeness, columns))  # the most extreme of a column comes last, and stays
    found, seen = np.full(count, np.nan), np.zeros(count, dtype=bool)
    found[columns[order]] = values[order]
    seen[columns] = True
    latest = np.maximum.accumulate(np.where(seen, np.arange(count), -1))
    return found[np.maximum(latest, 0)], latest >= 0


def _row(label: str, by_column: tuple[Floats, Bools], frame: tuple[Area, HeatScale], glyphs: Glyphs) -> tuple[Span, Row, Span]:
    (values, seen), (area, scale) = by_column, frame
    levels = scale.levels(values)
    characters, styles = [], []
    for level, is_seen in zip(levels, seen, strict=True):
        characters.append(" " if not is_seen else glyphs.not_finite if level < 0 else ZERO if level == 0 else glyphs.levels[level - 1])
        styles.append("error" if level < 0 else "faint" if level == 0 else f"heat{level}")
    name = cut(label, area.gutter, "…" if glyphs.patterns else "~")
    last = short_or_word(float(values[-1])) if seen.any() else ""
    return Span(name + " " * (area.gutter - cells(name)) + glyphs.vertical), runs(characters, styles), Span(f" {last:>{VALUE_CELLS - 1}}")


def _under_cursor(row: Row, at: int) -> Row:
    """The column that is looked at stands out."""
    characters = "".join(span.text for span in row)
    styles = [span.style for span in row for _ in span.text]
    styles[at] = "chosen"
    return runs(list(characters), styles)
