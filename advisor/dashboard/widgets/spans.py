"""Rows of Spans, as the core draws them, on a textual widget; how each style looks is said in dashboard.tcss.

The styles belong to the screen, once for all its widgets: textual works them all out anew whenever a class of a node changes.
"""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from advisor.charts import STYLES, Row
from advisor.text import printable

SPAN_CLASSES = {f"span--{name}" for name in STYLES if name}


def strip(widget: Widget, row: Row, width: int, extra: Style | None = None) -> Strip:
    """One row, exactly `width` cells wide, on the widget's background; `extra` is laid over all of it."""
    ground = widget.rich_style  # dear to find out, so once for all spans
    segments = [Segment(_harmless(span.text), _style(widget, ground, span.style, extra)) for span in row]
    return Strip(segments).adjust_cell_length(width, ground + extra if extra else ground).simplify()


def _style(widget: Widget, ground: Style, name: str, extra: Style | None) -> Style:
    style = ground + widget.screen.get_component_rich_style(f"span--{name}", partial=True) if name else ground
    return style + extra if extra else style


def _harmless(text: str) -> str:
    return text if text.isprintable() else printable(text)
