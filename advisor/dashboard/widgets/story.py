"""Running text, wrapped to the width: what a finding says, or why there is none."""

from collections.abc import Callable

from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from advisor.charts import Row
from advisor.dashboard.widgets.spans import strip

Text = Callable[[int], list[Row]]


class Story(ScrollView, can_focus=True):
    """Shows the rows that `text` makes for the width there is."""

    text: reactive[Text | None] = reactive(None)
    _rows: tuple[Row, ...] = ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All of the text, where the layout leaves it to the widget."""
        return len(self.text(max(width - 1, 1))) if self.text else 0

    def watch_text(self) -> None:
        """The place that was scrolled to stays, for a text that only has new numbers."""
        self._wrap()
        if self.styles.height is not None and self.styles.height.is_auto:
            self.refresh(layout=True)

    def on_resize(self) -> None:
        """Wrap anew."""
        self._wrap()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width - 1  # apart from the scrollbar
        self._rows = tuple(self.text(width)) if self.text and width > 0 else ()
        self.virtual_size = Size(1, len(self._rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        at = y + self.scroll_offset.y
        return strip(self, self._rows[at] if at < len(self._rows) else (), self.scrollable_content_region.width)
