"""text: for people, at a terminal or in a file."""

from collections.abc import Sequence

from advisor.charts import Row, Size, Span, draw
from advisor.compare import Comparison
from advisor.report._comparison import _tables, _words
from advisor.report._comparison._curves import MOST_CURVES, plots
from advisor.report._comparison.base import Format
from advisor.report._layout import BLANK, labelled, paragraph, written
from advisor.report.base import Stage
from advisor.text import cells, cut, printable

CHART_ROWS = 14
WIDEST_CHART = 140
GAP = 2
LEAST_COLUMN = 9  # cells for a value of a Config
WIDEST_COLUMN = 40
COLUMN_SETS = ((0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 6), (0, 1, 2, 6), (0, 1, 2))


class Text(Format):
    """The curves over each other, the results, what differs, and what follows."""

    def render(self, comparison: Comparison, stage: Stage) -> str:
        return written(rows(comparison, stage), stage.colours)


def rows(comparison: Comparison, stage: Stage) -> list[Row]:
    """The same, for whoever shows rows."""
    return [*_charts(comparison, stage), *figures(comparison, stage), BLANK, *conclusion(comparison, stage)]


def figures(comparison: Comparison, stage: Stage) -> list[Row]:
    """The results, and what differs."""
    return [*_results(comparison, stage), BLANK, *_differences(comparison, stage)]


def _charts(comparison: Comparison, stage: Stage) -> list[Row]:
    drawn: list[Row] = []
    for plot in plots(comparison):
        drawn += [*draw(plot, Size(min(stage.width, WIDEST_CHART), CHART_ROWS), stage.glyphs), BLANK]
    hidden = len(comparison.groups) - MOST_CURVES
    return drawn + (
        labelled("drawn", f"the best {MOST_CURVES}; the other {hidden} stand in the table", stage.width) if drawn and hidden > 0 else []
    )


def _results(comparison: Comparison, stage: Stage) -> list[Row]:
    """The results; where room is short, what chance can do goes first, then the epoch."""
    table = [_tables.result_titles(comparison), *_tables.result_cells(comparison)]
    kept = next((kept for kept in COLUMN_SETS if _needed(table, kept) <= stage.width), COLUMN_SETS[-1])
    widths = [max(cells(row[i]) for row in table) for i in kept]
    widths[1] = min(widths[1], max(stage.width - _needed(table, kept) + LEAST_COLUMN, LEAST_COLUMN))
    widths[2] = min(widths[2], max(stage.width - widths[0] - widths[1] - 2 * GAP, 1)) if len(kept) == len(COLUMN_SETS[-1]) else widths[2]
    lines = [[row[i] for i in kept] for row in table]
    return [
        _line(row, widths, stage, "" if nth else "title", {len(kept) - 1: "healthy"} if row[-1] == "best" else {})
        for nth, row in enumerate(lines)
    ]


def _needed(table: Sequence[Sequence[str]], kept: Sequence[int]) -> int:
    """The cells that columns take at least, names cut as far as they may be."""
    return sum(LEAST_COLUMN if i == 1 else max(cells(row[i]) for row in table) for i in kept) + GAP * (len(kept) - 1)


def _differences(comparison: Comparison, stage: Stage) -> list[Row]:
    """What differs in the Configs, in as many blocks of columns as the width asks for."""
    found = _tables.difference_cells(comparison)
    if not found:
        return labelled("Configs", _words.no_difference(comparison), stage.width)
    heads = ["what differs", *(f"{nth} {printable(group.name)}" for nth, group in enumerate(comparison.groups, 1))]
    table = [heads, *found]
    names = min(max(cells(row[0]) for row in table), stage.width // 2)
    fitting = max((stage.width - names) // (LEAST_COLUMN + GAP), 1)
    blocks = [range(start, min(start + fitting, len(heads))) for start in range(1, len(heads), fitting)]
    return [row for nth, block in enumerate(blocks) for row in ([BLANK] * (nth > 0) + _block(table, block, names, stage))]


def _block(table: Sequence[Sequence[str]], columns: range, names: int, stage: Stage) -> list[Row]:
    room = max((stage.width - names) // len(columns) - GAP, 1)
    widths = [names, *(min(max(cells(row[i]) for row in table), room, WIDEST_COLUMN) for i in columns)]
    return [
        _line([row[0], *(row[i] for i in columns)], widths, stage, "" if nth else "title", {0: "axis"} if nth else {})
        for nth, row in enumerate(table)
    ]


def _line(row: Sequence[str], widths: Sequence[int], stage: Stage, style: str, special: dict[int, str]) -> Row:
    ellipsis = "…" if stage.glyphs.patterns else "~"
    texts = [cut(text, width, ellipsis) for text, width in zip(row, widths, strict=True)]
    return tuple(
        Span(text + " " * (width - cells(text) + GAP), special.get(i, style))
        for i, (text, width) in enumerate(zip(texts, widths, strict=True))
    )


def conclusion(comparison: Comparison, stage: Stage) -> list[Row]:
    """What follows: which is best, by what, and whether chance could do it."""
    sign, style = ("✓", "healthy") if comparison.is_beyond_noise else ("–", "warning")
    lead = (Span(f"{sign} best", style), Span("  "))
    rows = paragraph(_words.conclusion(comparison), stage.width, lead=lead)
    rows += labelled("metric", f"{printable(comparison.metric.name)}, {_words.direction(comparison)}", stage.width)
    rows += labelled("noise", _words.noise_words(comparison), stage.width)
    return rows + [row for note in comparison.notes for row in labelled("note", printable(note), stage.width)]
