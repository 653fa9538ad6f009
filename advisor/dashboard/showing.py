"""Opening and ending the dashboard: where a mistake becomes one line and a file, and the terminal is itself again."""

import os
import sys
import tempfile
import traceback
from collections.abc import Container
from pathlib import Path

from textual.pilot import Pilot

from advisor.charts import BLOCKS, Glyphs, glyphs_for
from advisor.dashboard.app import Dashboard
from advisor.dashboard.screenshot import screen_text
from advisor.dashboard.training import Launch, Training
from advisor.errors import AdvisorError
from advisor.following import Follower

LIGHT_BACKGROUNDS = ("7", "15")


def show(follower: Follower, training: Training | None = None, launch: Launch | None = None) -> None:
    """The dashboard, until it is quit; without `launch` no fix can be tried.

    Raises AdvisorError where it ended by a mistake of ours, with the name of the crash file.
    """
    app = Dashboard(follower, terminal_glyphs(), training, launch)
    app.theme = terminal_theme(app.available_themes)
    app.run()
    if app.mistake is not None:
        raise crashed(app.mistake)


def terminal_glyphs() -> Glyphs:
    """What the terminal can show; textual writes to standard error, but on Windows."""
    if os.environ.get("TERM") == "linux":
        return BLOCKS  # the kernel's own console has no braille
    stream = sys.__stdout__ if sys.platform == "win32" else sys.__stderr__
    return glyphs_for(stream.encoding if stream else None)


def terminal_theme(known: Container[str]) -> str:
    """Light on terminals that say so; TEXTUAL_THEME overrules it, but where it names a theme of another program."""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    wanted = os.environ.get("TEXTUAL_THEME", "")
    return wanted if wanted in known else "advisor-light" if background in LIGHT_BACKGROUNDS else "advisor-dark"


def crashed(error: Exception) -> AdvisorError:
    """Where the whole story is kept; without the values, which may be large and private."""
    file = Path(tempfile.gettempdir()) / f"advisor-crash-{os.getpid()}.txt"
    file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return AdvisorError(f"the dashboard met a mistake in advisor ({type(error).__name__}) and ended; please report it with {file}")


def once(follower: Follower, size: tuple[int, int]) -> str:
    """The first screen as text, once everything is read."""
    while follower.is_behind:
        follower.look()
    app = Dashboard(follower, glyphs_for(sys.stdout.encoding))
    seen: list[str] = []

    async def look(pilot: Pilot[object]) -> None:
        await pilot.pause()
        seen.append(screen_text(app))
        app.exit()

    app.run(headless=True, size=size, auto_pilot=look)
    if app.mistake is not None:
        raise crashed(app.mistake)
    return seen[0]
