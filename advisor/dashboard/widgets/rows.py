"""A few rows of text as the core draws them, made for the width there is."""

from collections.abc import Callable

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from advisor.charts import Row
from advisor.dashboard.widgets.spans import strip


class Rows(Widget):
    """As high as its text."""

    text: reactive[Callable[[int], list[Row]] | None] = reactive(None, layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text takes."""
        return len(self.text(width)) if self.text else 0

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        rows = self.text(self.size.width) if self.text else []
        return strip(self, rows[y] if y < len(rows) else (), self.size.width)
