"""Where the filter is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class FilterInput(Input):
    """An Input that says at the foot of the screen how to leave it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Show these", key_display="enter"),
        Binding("escape", "screen.back", "Show all", key_display="esc"),
    ]
