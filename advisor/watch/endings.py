"""Recordings that are still open when the program ends, or when it is copied (fork): the copy leaves them to the original."""

import atexit
import os
import sys
import weakref
from typing import Protocol

from advisor.watch.recording import Status


class Recorded(Protocol):
    """What can be ended."""

    def end(self, status: Status) -> None:
        """Ends it."""

    def let_go(self) -> None:
        """Leaves it as it is."""


_open: weakref.WeakSet[Recorded] = weakref.WeakSet()


def remember(recorded: Recorded) -> None:
    """It is ended with the program, if nothing ends it before."""
    _open.add(recorded)


def forget(recorded: Recorded) -> None:
    """It has ended."""
    _open.discard(recorded)


def status_of(error: type[BaseException] | None) -> Status:
    """How a training ended that was left with an exception, or none."""
    return "done" if error is None else "failed" if issubclass(error, Exception) else "stopped"


@atexit.register
def _end_all() -> None:
    error = getattr(sys, "last_value", None)  # what ended the program
    for recorded in list(_open):
        recorded.end(status_of(type(error) if error else None))


def _leave_all() -> None:
    for recorded in list(_open):
        recorded.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)
