"""The Config of a run, key by key; enter opens a key's page."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from advisor.charts import Row, Span
from advisor.dashboard.view.shelf import settings
from advisor.dashboard.widgets.choice_list import ChoiceList
from advisor.dashboard.widgets.foot import Foot
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.report._findings import edit_words
from advisor.run import Run
from advisor.text import printable


class SettingsScreen(Screen[None]):
    """Owns which key is looked at."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,question_mark", "explain", "Its page", key_display="enter"),
        Binding("escape,g,backspace", "dismiss", "Back", key_display="esc"),
        Binding("q", "app.quit", "Quit", show=False),
    ]
    AUTO_FOCUS = "#settings"

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._settings: list[tuple[str, Any]] = list(settings(run.config or {}))

    def compose(self) -> ComposeResult:
        """One line a key."""
        yield ChoiceList(id="settings")
        yield Foot(("up", "enter", "escape"))

    def on_mount(self) -> None:
        """Fill in."""
        listed = self.query_one(ChoiceList)
        listed.choices = [_line(path, value) for path, value in self._settings]
        listed.border_title = Content(printable(f"Config of {self._run.name}"))

    def action_explain(self) -> None:
        """What the key under the cursor does."""
        path = self._settings[self.query_one(ChoiceList).cursor][0]
        self.app.call_later(self.app.run_action, f"page('{path}')")


def _line(path: str, value: Any) -> Row:
    said = edit_words(path, value)
    return (Span(printable(said[: len(path)])), Span(printable(said[len(path) :]), "curve1"))
