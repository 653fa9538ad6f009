"""Ctrl-C before anything is at stake: while Python imports, it leaves at once, without a traceback out of some library."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED = 130


def leave_at_once() -> None:
    """From now on Ctrl-C ends the process on the spot, unless somebody wants it otherwise (nohup, a shell's background)."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def raise_again() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt, as it does in every Python program."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def importing() -> Iterator[None]:
    """For the imports of large libraries: PyTorch aborts, and others hide the interrupt, when it is raised amid their start."""
    leave_at_once()
    try:
        yield
    finally:
        raise_again()


def _leave(*_: Any) -> None:
    os._exit(INTERRUPTED)
