"""Layers and time: a list of layers, each a row of the map."""

from textual.reactive import reactive

from advisor.charts import BRAILLE, Glyphs, Row
from advisor.charts.heat import Heat, heat_rows
from advisor.dashboard.widgets.listing import Listing


class HeatMap(Listing):
    """The layer under the cursor is the one whose curve can be looked at."""

    heat: reactive[Heat | None] = reactive(None)
    glyphs: reactive[Glyphs] = reactive(BRAILLE)

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
