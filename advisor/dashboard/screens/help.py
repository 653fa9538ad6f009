"""What the keys do and what the signs mean."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

HELP = """\
↑ ↓        another run or finding
pgup pgdn  home end
tab        next pane: runs, findings, text
y          logarithmic or linear axis
ctrl+p     commands: theme, screenshot
?          this help
q          quit

✗ error  ! warning  i info  ✓ healthy
? undecided or unreadable

Below the chart, brackets mark where
each finding can be seen; ! in the chart
marks values that are NaN or infinite.
A run that is still recorded is followed.

esc closes this"""


class Help(ModalScreen[None]):
    """Over whatever was there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """One text that scrolls where it does not fit."""
        with VerticalScroll(id="help"):
            yield Static(Text(HELP))
