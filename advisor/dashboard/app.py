"""The App: thin, for the Screens own what is shown."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.command import Provider
from textual.screen import Screen

from advisor.charts import BRAILLE, Glyphs
from advisor.dashboard.palette import Keys, Pages
from advisor.dashboard.screens.browse import Browse
from advisor.dashboard.screens.leave import Choice, Leave
from advisor.dashboard.screens.page import Page
from advisor.dashboard.themes import DEFAULTS, NAMES, THEMES, following
from advisor.dashboard.training import Launch, Training
from advisor.following import Follower
from advisor.report._explained import explained

TRAINING_CHECK = 0.5  # seconds between two looks whether it still runs
KILLED = "something killed its process; `advisor train --resume` goes on from its last checkpoint"


class Dashboard(App[None]):
    """Pushes the first screen; a mistake of ours ends it and is kept for the rim."""

    TITLE = "advisor"
    CSS_PATH: ClassVar[str] = "dashboard.tcss"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]] | type[Provider]]] = App.COMMANDS | {Keys, Pages}

    def __init__(
        self, follower: Follower, glyphs: Glyphs = BRAILLE, training: Training | None = None, launch: Launch | None = None
    ) -> None:
        super().__init__()
        self.follower, self.glyphs, self.training, self.launch = follower, glyphs, training, launch
        self.mistake: Exception | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = NAMES[0]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of curves for themes that name none."""
        return DEFAULTS

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        """The looks by name; the keys and pages that the palette also finds do what textual's own commands would."""
        for name in NAMES:
            yield SystemCommand(f"Look: {name}", "Colours of everything", partial(setattr, self, "theme", name))

    def on_mount(self) -> None:
        """Open the first screen."""
        self.browse = Browse(self.follower, self.glyphs, self.launch)
        self.push_screen(self.browse)
        if self.training is not None:
            self._check = self.set_interval(TRAINING_CHECK, self._check_training)

    def _check_training(self) -> None:
        """A training that ends early ends the dashboard where there is nothing to show, else it is told."""
        if (training := self.training) is None or training.status is None:
            return
        self._check.stop()
        if not self.follower.runs:
            self.exit()
        elif training.status and (said := training.words or (KILLED if training.status < 0 else "")):
            self.notify(said, title="the training ended", severity="error", timeout=3600, markup=False)

    def action_theme(self) -> None:
        """The next of the four looks."""
        self.theme = following(self.theme)

    def action_page(self, topic: str) -> None:
        """What there is to learn of a rule, a fix or a key of the Config."""
        if page := explained(topic):
            self.push_screen(Page(page, self.browse.glyphs))

    async def action_quit(self) -> None:
        """By any key or command; where a training runs, ask what becomes of it."""
        if self._going_on:
            self.push_screen(Leave(), self._left)
        else:
            self.exit()

    @property
    def _going_on(self) -> list[Training]:
        """What trains now: the training that is shown, and the fix that is tried."""
        trial = self.browse.trial
        return [one for one in (self.training, trial.process if trial else None) if one is not None and one.status is None]

    def _left(self, choice: Choice | None) -> None:
        for training in self._going_on if choice is Choice.STOP else ():
            training.stop()
        if choice in (Choice.KEEP, Choice.STOP):
            self.exit()

    def _fatal_error(self) -> None:
        """Ends without textual's traceback, which prints the arrays that are at hand."""
        self.mistake = self._exception
        self._close_messages_no_wait()
