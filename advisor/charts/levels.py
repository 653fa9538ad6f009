"""One number a layer on a logarithmic axis, before and after: a row a layer, readable without colour."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.charts.glyphs import BRAILLE, Glyphs
from advisor.charts.rows import Row, Span, runs
from advisor.charts.scale import Scale, scale_of, short
from advisor.text import cells, cut, number

NAME_SHARE = 3  # names take at most this part of the width
MIN_COLUMNS = 10
ARROW = {True: " → ", False: " > "}


@dataclass(frozen=True)
class Level:
    """A layer's number: before and, if there is one, after."""

    label: str
    before: float
    after: float | None = None


def draw_levels(levels: Sequence[Level], width: int, glyphs: Glyphs = BRAILLE, title: str = "") -> list[Row]:
    """A row a level and a head, none wider than `width` cells. Zero and what is not finite stand as text only."""
    if not levels:
        return []
    values = [np.array([value for value in (level.before, level.after) if value is not None and value > 0]) for level in levels]
    scale = scale_of(values, log=True)
    names = max(2, min(max(cells(level.label) for level in levels), width // NAME_SHARE))
    numbers = [_numbers(level, glyphs) for level in levels]
    columns = width - names - max(map(len, numbers)) - 3
    if columns < MIN_COLUMNS:
        return [_head(title, levels, width, glyphs), *(_narrow(level, text, width) for level, text in zip(levels, numbers, strict=True))]
    rows: list[Row] = [_head(title, levels, width, glyphs)]
    for level, text in zip(levels, numbers, strict=True):
        label = cut(level.label, names)
        gap = Span(" " * (names - cells(label)))
        rows.append((Span(label), gap, Span(glyphs.vertical, "axis"), *_line(level, scale, columns, glyphs), Span("  " + text)))
    return [*rows, *_axis(scale, names, columns, glyphs)]


def _head(title: str, levels: Sequence[Level], width: int, glyphs: Glyphs) -> Row:
    text = cut(f"{title} (log)".strip(), width)
    if not any(level.after is not None for level in levels):
        return (Span(text, "title"),)
    legend = f"{glyphs.markers[0]} before", f"{glyphs.markers[1]} after"
    if cells(text) + sum(map(len, legend)) + 6 > width:
        return (Span(text, "title"),)
    return (Span(text, "title"), Span("   "), Span(legend[0], "curve1"), Span("   "), Span(legend[1], "curve2"))


def _narrow(level: Level, numbers: str, width: int) -> Row:
    room = max(width - len(numbers) - 1, 0)
    return (Span(cut(cut(level.label, room) + " " + numbers, width)),)


def _numbers(level: Level, glyphs: Glyphs) -> str:
    before = short_or_word(level.before)
    if level.after is None:
        return f"{before:>7}"
    return f"{before:>7}{ARROW[bool(glyphs.patterns)]}{short_or_word(level.after):<7}"


def short_or_word(value: float) -> str:
    """A number with two digits, also where it is not finite.

    >>> short_or_word(1.234e-7), short_or_word(0.5678), short_or_word(12.0), short_or_word(float("nan"))
    ('1.2e-7', '0.57', '12', 'NaN')
    """
    if not np.isfinite(value):
        return number(value)
    return short(float(f"{value:.2g}")) if value else "0"


def _line(level: Level, scale: Scale, columns: int, glyphs: Glyphs) -> Row:
    """The way from before to after; a single number is drawn from the left border."""
    characters, styles = [" "] * columns, [""] * columns
    before = _column(level.before, scale, columns)
    after = None if level.after is None else _column(level.after, scale, columns)
    ends = (0 if level.after is None else before, before if level.after is None else after)
    if ends[0] is not None and ends[1] is not None:
        for column in range(min(ends[0], ends[1]), max(ends[0], ends[1]) + 1):
            characters[column], styles[column] = glyphs.horizontal, "curve1" if level.after is None else "faint"
    for nth, column_of_end in enumerate((before, after)):
        if column_of_end is not None:
            characters[column_of_end], styles[column_of_end] = glyphs.markers[nth], f"curve{nth + 1}"
    return runs(characters, styles)


def _column(value: float, scale: Scale, columns: int) -> int | None:
    if not (np.isfinite(value) and value > 0):
        return None
    return round((float(np.log10(value)) - scale.bottom) / (scale.top - scale.bottom) * (columns - 1))


def _axis(scale: Scale, names: int, columns: int, glyphs: Glyphs) -> list[Row]:
    line, labels = [glyphs.horizontal] * columns, [" "] * columns
    free = 0
    for value, label in scale.ticks(max(2, columns // 10)):
        column = round((value - scale.bottom) / (scale.top - scale.bottom) * (columns - 1))
        first = max(0, min(column - len(label) // 2, columns - len(label)))
        line[column] = glyphs.tick
        if first >= free:
            labels[first : first + len(label)] = label
            free = first + len(label) + 1
    indent = " " * names
    return [(Span(indent + glyphs.corner + "".join(line), "axis"),), (Span(indent + " " + "".join(labels), "axis"),)]
