"""The App: thin, for the Screens own what is shown."""

from typing import ClassVar

from textual.app import App

from advisor.charts import BRAILLE, Glyphs
from advisor.dashboard.screens.browse import Browse
from advisor.following import Follower


class Dashboard(App[None]):
    """Pushes the first screen; a mistake of ours ends it and is kept for the rim."""

    CSS_PATH: ClassVar[str] = "dashboard.tcss"
    TITLE = "advisor"

    mistake: Exception | None = None

    def __init__(self, follower: Follower, glyphs: Glyphs = BRAILLE, theme: str = "textual-dark") -> None:
        super().__init__()
        self.follower, self.glyphs = follower, glyphs
        self.theme = theme

    def on_mount(self) -> None:
        """Open the first screen."""
        self.set_class(not self.glyphs.patterns, "-ascii")
        self.push_screen(Browse(self.follower, self.glyphs))

    def action_leave(self) -> None:
        """Quit."""
        self.exit()

    def _fatal_error(self) -> None:
        """Ends without textual's traceback, which prints the arrays that are at hand."""
        self.mistake = self._exception
        self._close_messages_no_wait()
