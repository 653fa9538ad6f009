"""A text over whatever was there, with the keys that answer it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from advisor.charts import Row
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.dashboard.widgets.story import Story
from advisor.text import printable

Answer = tuple[str, str, str]  # keys, what they do in words, what they answer
CLOSE: Answer = ("escape,enter,q", "close", "")
SHOWN = {"escape": "esc"}


class Told(ModalScreen[str]):
    """Shows rows under a title; each key of `answers` ends it with its answer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "answer('')", "Close")]

    def __init__(self, title: str, text: Callable[[int], list[Row]], answers: Sequence[Answer] = (CLOSE,)) -> None:
        super().__init__()
        self._heading, self._text, self._answers = title, text, answers

    def compose(self) -> ComposeResult:
        """The text, which scrolls where it is long; what the keys do stands in its lower border."""
        with Vertical(id="told"):
            yield Story(id="told-text")

    def on_mount(self) -> None:
        """Fill in."""
        story = self.query_one(Story)
        story.text = self._text
        frame = self.query_one("#told")
        frame.border_title = Content(printable(self._heading))
        frame.border_subtitle = "   ".join(
            f"[@click=screen.answer('{answer}')][b $accent]{_shown(keys)}[/] {words}[/]" for keys, words, answer in self._answers
        )
        for keys, words, answer in self._answers:
            for key in keys.split(","):
                self._bindings.bind(key, f"answer('{answer}')", words)

    def action_answer(self, answer: str) -> None:
        """The end."""
        self.dismiss(answer)


def _shown(keys: str) -> str:
    return "/".join(SHOWN.get(key, key) for key in keys.split(","))
