"""A list with a cursor, drawn line by line, so that ten thousand entries cost no more than ten."""

from dataclasses import dataclass
from typing import ClassVar, Self

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from advisor.charts import Row
from advisor.dashboard.widgets.spans import strip


class Listing(ScrollView, can_focus=True):
    """One line an entry. Subclasses say how many there are and how each looks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"listing--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Select", key_display="↑↓"),
        Binding("down,j", "move(1)", "Select", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000000)", "First", show=False),
        Binding("end", "move(1000000000)", "Last", show=False),
    ]

    cursor = reactive(0)

    @dataclass
    class Moved(Message):
        """The cursor has been moved to another entry, by key or mouse."""

        listing: "Listing"
        index: int

        @property
        def control(self) -> "Listing":
            """The list it happened in."""
            return self.listing

    @property
    def count(self) -> int:
        """How many entries there are."""
        raise NotImplementedError

    def line(self, index: int, width: int) -> Row:
        """How an entry looks in `width` cells."""
        raise NotImplementedError

    def updated(self) -> Self:
        """Draw again what has changed."""
        self.virtual_size = Size(1, self.count)
        self.cursor = self.validate_cursor(self.cursor)
        self.refresh(layout=True)
        return self

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All entries, where the layout leaves it to the widget."""
        return max(self.count, 1)

    def validate_cursor(self, cursor: int) -> int:
        """Within the list."""
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep the cursor in sight."""
        self.scroll_to_region(Region(0, after, 1, 1), animate=False, force=True)
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def on_click(self, event: Click) -> None:
        """Move to the entry that was clicked."""
        self._go(self.scroll_offset.y + event.get_content_offset_capture(self).y)

    def action_move(self, by: int) -> None:
        """Move the cursor by some entries."""
        self._go(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by some screens of entries."""
        self._go(self.cursor + by * max(self.size.height - 1, 1))

    def _go(self, index: int) -> None:
        before = self.cursor
        self.cursor = index
        if self.cursor != before:
            self.post_message(self.Moved(self, self.cursor))

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if index >= self.count:
            return Strip.blank(width, self.rich_style)
        under_cursor = self.get_component_rich_style("listing--cursor", partial=True) if index == self.cursor else None
        return strip(self, self.line(index, width), width, under_cursor)
