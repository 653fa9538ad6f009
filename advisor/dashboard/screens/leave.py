"""What to do with a training that still runs when the dashboard is quit."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option


class Choice(StrEnum):
    """The three answers."""

    KEEP = "keep"
    STOP = "stop"
    CANCEL = "cancel"


WORDS = {
    Choice.KEEP: "k  keep it running, quit the dashboard",
    Choice.STOP: "s  stop it after its last whole epoch",
    Choice.CANCEL: "c  cancel, stay here",
}


class Leave(ModalScreen[Choice]):
    """Asks; escape is cancel."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "answer('keep')", "Keep"),
        Binding("s", "answer('stop')", "Stop"),
        Binding("c,escape,q", "answer('cancel')", "Cancel"),
    ]

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(id="leave"):
            yield Static("The training still runs.", markup=False)
            yield OptionList(*(Option(words, id=choice) for choice, words in WORDS.items()), markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """An answer by enter or mouse."""
        self.dismiss(Choice(event.option_id or Choice.CANCEL))

    def action_answer(self, choice: str) -> None:
        """An answer by its letter."""
        self.dismiss(Choice(choice))
