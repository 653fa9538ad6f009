"""What the keys do and what the signs mean."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from advisor.dashboard.screens import _keys

SIGNS = """\
✗ error  ! warning  i info  ✓ healthy
? undecided or unreadable
+ marked  # pinned  ★ the best epoch

The tinted part of a chart and the bracket
below it are the place of the finding that
is looked at; numbers in other brackets are
other findings. ! in a chart stands for
values that are NaN or infinite.

The wheel zooms, dragging zooms to what
was marked, a click sets the cursor.
Hold shift to mark text for copying."""
KEY = 9  # cells
LEFT = ("runs", "charts", "signs")


def help_text(*groups: str) -> Content:
    """The keys of some groups, and the signs."""
    return Content("\n\n").join([_group(group) for group in groups])


def _group(group: str) -> Content:
    lines = [Content(SIGNS)] if group == "signs" else [_line(binding) for binding in _keys.GROUPS[group]]
    return Content("\n").join([Content.styled(group, "bold $primary"), *lines])


def _line(binding: Binding) -> Content:
    key = binding.key_display or binding.key.partition(",")[0]
    name = binding.description[0].lower() + binding.description[1:]
    return Content.assemble((f"{key:>{KEY}}", "bold $accent"), f"  {name}: {binding.tooltip}" if binding.tooltip else f"  {name}")


class Help(ModalScreen[None]):
    """Over whatever was there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter,h", "dismiss", "Close")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (150, "-wide")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """Two texts, beside each other where there is room, that scroll where they do not fit."""
        with VerticalScroll(id="help"), Container(id="keys"):
            yield Static(help_text(*LEFT))
            yield Static(help_text(*(group for group in _keys.GROUPS if group not in LEFT)))

    def on_mount(self) -> None:
        """How to find more, and how to leave."""
        frame = self.query_one("#help")
        frame.border_title = "keys"
        frame.border_subtitle = "[b $accent]ctrl+p[/] any page   [b $accent]esc[/] close"
