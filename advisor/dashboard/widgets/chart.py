"""One chart, drawn by the same functions as in the report."""

from dataclasses import replace
from typing import ClassVar

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from advisor.charts import BRAILLE, Glyphs, Plot, Row, Size, Span, draw
from advisor.charts.scale import scale_of
from advisor.dashboard.widgets.spans import SPAN_CLASSES, strip


class Chart(Widget):
    """Draws a Plot as large as there is room; `log` overrules the axis that the values ask for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES

    plot: reactive[Plot | None] = reactive(None, always_update=True)
    log_axis: reactive[bool | None] = reactive(None)
    glyphs: reactive[Glyphs] = reactive(BRAILLE)

    EMPTY: ClassVar[Row] = (Span("too few values to draw a curve", "faint"),)

    _drawn: tuple[object, list[Row]] | None = None

    def toggle_log(self) -> None:
        """Change between a linear and a logarithmic axis."""
        if self.plot is not None:
            self.log_axis = not scale_of([curve.y for curve in self.plot.curves], self._asked(self.plot)).log

    def _asked(self, plot: Plot) -> bool | None:
        return plot.log if self.log_axis is None else self.log_axis

    def render_line(self, y: int) -> Strip:
        """One line of the chart."""
        rows = self._rows()
        return strip(self, rows[y] if y < len(rows) else (), self.size.width)

    def _rows(self) -> list[Row]:
        """The chart, drawn once for each size and content."""
        asked = (self.plot, self.size, self.log_axis, self.glyphs)
        if self._drawn is None or self._drawn[0] != asked:
            self._drawn = (asked, self._draw(self.plot) if self.plot is not None else [self.EMPTY])
        return self._drawn[1]

    def _draw(self, plot: Plot) -> list[Row]:
        return draw(replace(plot, log=self._asked(plot)), Size(self.size.width, self.size.height), self.glyphs)
