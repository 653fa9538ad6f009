"""What the callbacks share: a Watcher that begins within somebody else's training, where nothing may be raised any more."""

import importlib
import warnings
from collections.abc import Callable
from types import ModuleType

from advisor.errors import AdvisorError, MissingLibraryError
from advisor.watch.arguments import Options, Watched
from advisor.watch.watcher import Watcher, watcher_of


def library(name: str, install: str) -> ModuleType:
    """An imported library. Raises MissingLibraryError with the line that installs it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise MissingLibraryError(f"this callback needs {install}, which is not installed: pip install {install}") from None


def begun(watched: Callable[[], Watched], options: Options, epochs: int | None = None, steps_before: int = 0) -> Watcher | None:
    """A Watcher of a training that goes on after some steps; None with one warning where it cannot be watched."""
    try:
        return watcher_of(watched(), options, epochs, steps_before)
    except AdvisorError as refusal:
        warnings.warn(f"{refusal}; the training goes on without being recorded", stacklevel=3)
        return None
