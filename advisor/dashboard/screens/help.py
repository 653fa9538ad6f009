"""What the keys do and what the signs mean."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from advisor.dashboard.screens import _keys

SIGNS = """\
✗ error  ! warning  i info  ✓ healthy
? undecided or unreadable

Below a chart, brackets mark where each
finding can be seen; ! in a chart marks
values that are NaN or infinite. Behind
a run, + is marked and # is pinned.
The wheel zooms, dragging zooms to what
was marked, a click sets the cursor.
Hold shift to mark text for copying.

esc closes this"""


def help_text() -> str:
    """The keys by group, and the signs."""
    groups = [f"{group}\n" + "\n".join(_line(binding) for binding in bindings) for group, bindings in _keys.GROUPS.items()]
    return "\n\n".join([*groups, SIGNS])


def _line(binding: Binding) -> str:
    key = binding.key_display or binding.key.partition(",")[0]
    said = f"{binding.description.lower()}: {binding.tooltip}" if binding.tooltip else binding.description.lower()
    return f"  {key:<10} {said}"


class Help(ModalScreen[None]):
    """Over whatever was there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """One text that scrolls where it does not fit."""
        with VerticalScroll(id="help"):
            yield Static(Text(help_text()))
