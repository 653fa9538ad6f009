"""Arrays → rows of text: one rasteriser for the report, the progress of a training and the dashboard.

    rows = draw(Plot((Curve("train_loss", x, y),)), Size(80, 16))

A row is a tuple of Spans, each a text with the name of a style; STYLES says how the names look.
"""

from advisor.charts.frame import Mark
from advisor.charts.glyphs import ASCII, BLOCKS, BRAILLE, Glyphs, glyphs_for
from advisor.charts.levels import Level, draw_levels
from advisor.charts.plot import Curve, Plot, Size, draw
from advisor.charts.rows import STYLES, Row, Span, plain
from advisor.charts.sparkline import sparkline

__all__ = [
    "ASCII",
    "BLOCKS",
    "BRAILLE",
    "STYLES",
    "Curve",
    "Glyphs",
    "Level",
    "Mark",
    "Plot",
    "Row",
    "Size",
    "Span",
    "draw",
    "draw_levels",
    "glyphs_for",
    "plain",
    "sparkline",
]
