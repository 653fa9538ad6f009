"""The charts of a Scene, drawn by the same functions as in the report; the mouse zooms, points and chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click, MouseDown, MouseEvent, MouseScrollDown, MouseScrollUp, MouseUp
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from advisor.charts import BRAILLE, Glyphs, Plot, Row, Size, Span, draw
from advisor.charts.plot import Cells, area_of, marked_cells
from advisor.charts.rows import row_cells
from advisor.dashboard.view.scene import Scene
from advisor.dashboard.view.tiles import Tile, tiles
from advisor.dashboard.widgets.spans import strip

WHEEL = 1.25  # how much one notch zooms
DRAGGED = 2  # cells that the mouse moves at least to mark a part of the axis
SEVERITIES = ("error", "warning", "info")
TOO_FEW = "too few values to draw a curve"


class Charts(Widget, can_focus=True):
    """Draws as many charts as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"charts--{severity}" for severity in SEVERITIES}

    scene: reactive[Scene] = reactive(Scene())
    empty: reactive[str] = reactive(TOO_FEW)  # what is said where there is no chart
    chosen: reactive[int] = reactive(0)
    is_single: reactive[bool] = reactive(False)
    glyphs: reactive[Glyphs] = reactive(BRAILLE)

    _drawn: tuple[object, list[Row]] | None = None
    _plots: Mapping[int, Plot] = MappingProxyType({})
    _shades: Sequence[tuple[Cells, str]] = ()
    _pressed: tuple[Tile, float, int] | None = None

    @dataclass
    class Pointed(Message):
        """A place on the x axis of a chart was clicked."""

        chart: int
        place: float
        is_double: bool

    @dataclass
    class Zoomed(Message):
        """The wheel was turned at a place."""

        place: float
        factor: float

    @dataclass
    class Dragged(Message):
        """A part of the x axis was marked."""

        start: float
        end: float

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Where the charts are."""
        count = len(self.scene.panels)
        return tiles(count, min(self.chosen, count - 1), (self.size.width, self.size.height), is_single=self.is_single)

    def render_line(self, y: int) -> Strip:
        """One line of all charts that stand beside each other."""
        rows = self._rows()
        line = strip(self, rows[y] if y < len(rows) else (), self.size.width)
        for shade, severity in self._shades:
            line = self._shaded(line, shade, severity) if shade.y <= y < shade.y + shade.height else line
        return line

    def _shaded(self, line: Strip, shade: Cells, severity: str) -> Strip:
        """A line on another ground where a finding can be seen."""
        ground = self.background_colors[1] + self.get_component_styles(f"charts--{severity}").background
        before, there, behind = line.divide([shade.x, shade.x + shade.width, line.cell_length])
        lit = Strip(list(Segment.apply_style(iter(there), post_style=Style(bgcolor=ground.rich_color))), there.cell_length)
        return Strip.join([before, lit, behind])

    def _rows(self) -> list[Row]:
        """The charts, drawn once for each size and content."""
        asked = (self.scene, self.empty, self.size, self.chosen, self.is_single, self.glyphs)
        if self._drawn is None or self._drawn[0] != asked:
            self._drawn = (asked, self._draw())
        return self._drawn[1]

    def _draw(self) -> list[Row]:
        self._shades = []
        if not self.scene.panels:
            return [(Span(f" {self.empty}", "faint"),)]
        rows: list[Row] = [()] * self.size.height
        placed = self.tiles
        gutter = max(area_of(self.scene.panels[tile.index].plot, Size(tile.width, tile.height)).gutter for tile in placed)
        self._plots = {tile.index: replace(self.scene.panels[tile.index].plot, gutter=gutter) for tile in placed}
        self._shades = [shade for tile in placed for shade in self._shade(tile)]
        for tile in placed:
            drawn = draw(self._plots[tile.index], Size(tile.width, tile.height), self.glyphs)
            if len(placed) > 1 and tile.index == self.chosen:
                drawn[0] = _chosen(drawn[0])
            for nth, row in enumerate(drawn):
                before = rows[tile.y + nth]
                rows[tile.y + nth] = (*before, Span(" " * (tile.x - row_cells(before))), *row)
        return rows

    def _shade(self, tile: Tile) -> list[tuple[Cells, str]]:
        """Where on a chart the finding that is looked at can be seen, and how severe it is."""
        plot = self._plots[tile.index]
        found = marked_cells(plot, Size(tile.width, tile.height), self.glyphs)
        is_looked_at = found is not None and plot.marks[0].style in SEVERITIES
        return [(replace(found, x=found.x + tile.x, y=found.y + tile.y), plot.marks[0].style)] if found and is_looked_at else []

    def _place(self, event: MouseEvent) -> tuple[Tile, float] | None:
        """The chart under the mouse, and the place on its x axis."""
        at = event.get_content_offset_capture(self)
        tile = next((tile for tile in self.tiles if tile.holds(at.x, at.y)), None)
        return (tile, self._along(tile, at.x)) if tile else None

    def _along(self, tile: Tile, x: int) -> float:
        self._rows()
        area = area_of(self._plots[tile.index], Size(tile.width, tile.height))
        return area.place(x - tile.x - area.gutter - 1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Nearer."""
        self._wheel(event, WHEEL)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Farther."""
        self._wheel(event, 1 / WHEEL)

    def _wheel(self, event: MouseEvent, factor: float) -> None:
        event.stop()
        if found := self._place(event):
            self.post_message(self.Zoomed(found[1], factor))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Here a part of the axis may begin."""
        found = self._place(event)
        self._pressed = (*found, event.screen_x) if found else None
        self.capture_mouse()

    def on_mouse_up(self, event: MouseUp) -> None:
        """And here it ends."""
        self.capture_mouse(False)
        if self._pressed and abs(event.screen_x - self._pressed[2]) >= DRAGGED:
            tile, start, _ = self._pressed
            end = self._along(tile, event.get_content_offset_capture(self).x)
            self.post_message(self.Dragged(min(start, end), max(start, end)))

    def on_click(self, event: Click) -> None:
        """A place to look at."""
        was_dragged = self._pressed is not None and abs(event.screen_x - self._pressed[2]) >= DRAGGED
        if (found := self._place(event)) and not was_dragged:
            self.post_message(self.Pointed(found[0].index, found[1], event.chain == 2))


def _chosen(row: Row) -> Row:
    """A legend whose title stands out."""
    return (Span(row[0].text, "chosen"), *row[1:]) if row and row[0].style == "title" else row
