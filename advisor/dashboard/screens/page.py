"""What there is to learn of a rule, a fix or a key of the Config, in place; digits lead on to what it names."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from advisor.charts import Glyphs, Row
from advisor.dashboard.widgets.foot import Foot
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.dashboard.widgets.story import Story
from advisor.report._explained import Explained, explained, explained_rows
from advisor.report.base import Stage


class Page(Screen[None]):
    """One page; escape goes back to where the question was asked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,backspace", "dismiss", "Back", key_display="esc"),
        Binding("C", "copy", "Copy", key_display="C"),
        Binding("q", "app.quit", "Quit", show=False),
    ]

    def __init__(self, page: Explained, glyphs: Glyphs) -> None:
        super().__init__()
        self._page, self._glyphs = page, glyphs
        self._rows: dict[int, list[Row]] = {}
        for nth, name in enumerate(self._links, 1):
            self._bindings.bind(str(nth), f"follow({nth})", name)

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        yield Story(id="page")
        yield Foot((*"123456789", "C", "escape"))

    def on_mount(self) -> None:
        """Fill in; what it names can be followed by a digit."""
        story = self.query_one(Story)
        story.text = self.text
        story.border_title = Content(self._page.title)
        story.focus()

    def text(self, width: int) -> list[Row]:
        """The page in a width; its examples are judged only once."""
        if width not in self._rows:
            self._rows[width] = explained_rows(self._page, Stage(width, self._glyphs))
        return self._rows[width]

    @property
    def _links(self) -> list[str]:
        return list(self._page.rule.fixes[:9]) if self._page.rule else list(self._page.related[:9])

    def action_follow(self, digit: int) -> None:
        """Open what stands behind a digit."""
        if digit <= len(self._links) and (page := explained(self._links[digit - 1])):
            self.app.push_screen(Page(page, self._glyphs))

    def action_copy(self) -> None:
        """The page as text."""
        from advisor.report import written

        self.app.copy_to_clipboard(written(partial(self.text, 100)()))
        self.notify("the page was copied")
