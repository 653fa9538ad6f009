"""The keys at the foot of a screen: as many as there is room for, and always the last two, which help and leave."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.events import Resize
from textual.widgets import Footer, Input
from textual.widgets._footer import FooterKey

from advisor.text import cells

ALWAYS = 2  # keys at the end that are never left out
LAST = 1000


class Foot(Footer):
    """No key is cut in two; what is left out stands in the help."""

    def __init__(self, order: Sequence[str] = ()) -> None:
        """`order`: keys from the most wanted on; others come behind them."""
        super().__init__(show_command_palette=False, compact=True)
        self._order = {key: nth for nth, key in enumerate(order)}

    def compose(self) -> ComposeResult:
        """The first that fit, and the last."""
        every = sorted((key for key in super().compose() if isinstance(key, FooterKey)), key=lambda key: self._order.get(key.key, LAST))
        every = every[-ALWAYS:] if isinstance(self.screen.focused, Input) else every  # letters are typed there
        room = self.app.size.width - sum(map(_cells, every[-ALWAYS:]))
        for key in every[:-ALWAYS]:
            room -= _cells(key)
            if room < 0:
                break
            yield key
        yield from every[-ALWAYS:]

    def on_resize(self, event: Resize) -> None:
        """More or fewer."""
        self.call_after_refresh(self.recompose)


def _cells(key: FooterKey) -> int:
    return cells(key.key_display) + 1 + cells(key.description) + 1
