"""Layers and time: a list of layers, each a row of the map."""

from dataclasses import dataclass

from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from advisor.charts import BRAILLE, Glyphs, Row
from advisor.charts.heat import Heat, heat_area, heat_rows
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.widgets.spans import strip


class HeatMap(Listing):
    """The layer under the cursor is the one whose curve can be looked at."""

    heat: reactive[Heat | None] = reactive(None)
    glyphs: reactive[Glyphs] = reactive(BRAILLE)

    @dataclass
    class Pointed(Message):
        """A moment was clicked."""

        place: float

    _drawn: tuple[object, list[Row]] | None = None

    @property
    def count(self) -> int:
        """How many layers there are."""
        return len(self.heat.names) if self.heat else 0

    def watch_heat(self) -> None:
        """Draw what is new."""
        self.updated()

    def line(self, index: int, width: int) -> Row:
        """One layer in time."""
        asked = (self.heat, width, self.glyphs)
        if self.heat is not None and (self._drawn is None or self._drawn[0] != asked):
            self._drawn = (asked, heat_rows(self.heat, width, self.glyphs))
        return self._drawn[1][index] if self._drawn else ()

    def render_line(self, y: int) -> Strip:
        """The colours of the map stay what they are where the cursor is."""
        drawn, index, width = super().render_line(y), y + self.scroll_offset.y, self.scrollable_content_region.width
        if self.heat is None or index != self.cursor or index >= self.count:
            return drawn
        area = heat_area(self.heat, width)
        left = area.gutter + 1
        plain = strip(self, self.line(index, width), width)
        return Strip.join([drawn.crop(0, left), plain.crop(left, left + area.columns), drawn.crop(left + area.columns, width)])

    def on_click(self, event: Click) -> None:
        """Beside the layer, the moment is chosen."""
        if self.heat is not None and len(self.heat.x):
            area = heat_area(self.heat, self.scrollable_content_region.width)
            column = event.get_content_offset_capture(self).x - area.gutter - 1
            if 0 <= column < area.columns:
                self.post_message(self.Pointed(area.place(column)))
