"""Lines and warnings for the user of a loop; neither ever raises."""

import sys
import warnings
from pathlib import Path

from advisor.outcome import shown
from advisor.text import printable


def say(text: str, is_quiet: bool = False) -> None:
    """A line on standard error, in whatever characters it takes; never raises."""
    stream = sys.stderr
    if is_quiet or stream is None:
        return
    try:
        encoding = getattr(stream, "encoding", None) or "ascii"
        stream.write(f"{text}\n".encode(encoding, "replace").decode(encoding))
        stream.flush()
    except (OSError, ValueError, LookupError):
        return  # closed


def place(path: Path) -> str:
    """A path as it is shown, also where the working folder is gone."""
    try:
        return printable(shown(path))
    except OSError:
        return printable(str(path))


def told(trouble: Exception) -> str:
    """What went wrong, without what is to be done: that is another thing here."""
    return printable(str(trouble).partition("; ")[0] or type(trouble).__name__)


def warn(text: str) -> None:
    """A warning at the line of the user's that led here, through an optimiser's hook or not."""
    level, frame = 1, sys._getframe()
    while frame.f_back and str(frame.f_globals.get("__name__")).startswith(("advisor.", "torch.")):
        level, frame = level + 1, frame.f_back
    try:
        warnings.warn(text, stacklevel=level)
    except UserWarning:  # where warnings are errors
        say(text)
