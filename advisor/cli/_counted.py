"""How far a command has come with many things, for whoever waits at a terminal."""

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from advisor.cli._shared import aside, is_live
from advisor.text import printable

PATIENCE = 1.0  # seconds for which nobody asks
BETWEEN = 0.1  # seconds from one telling to the next
MOST = 60  # characters: a line that breaks could not be cleared
CLEAR = "\r\x1b[2K"
T = TypeVar("T")


def counted(results: Iterable[T], total: int) -> Iterator[T]:
    """The same results; from a second on a line at the terminal tells how many there are, and leaves no trace."""
    if not is_live(sys.stderr):
        yield from results
        return
    due = time.monotonic() + PATIENCE
    told = False
    try:
        for count, result in enumerate(results, start=1):
            yield result
            if time.monotonic() >= due:
                _write(f"{CLEAR}read {count} of {total}")
                due, told = time.monotonic() + BETWEEN, True
    finally:
        if told:
            _write(CLEAR)


@contextmanager
def waited(doing: str) -> Iterator[None]:
    """Tells what goes on, from a second on, where it cannot be counted; leaves no trace."""
    if not is_live(sys.stderr):
        yield
        return
    is_done = threading.Event()
    teller = threading.Thread(target=_tell, args=(doing, is_done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        is_done.set()
        teller.join()


def _tell(doing: str, is_done: threading.Event) -> None:
    began, told = time.monotonic(), False
    while not is_done.wait(1.0 if told else PATIENCE):
        _write(f"{CLEAR}{printable(doing)[:MOST]}, {time.monotonic() - began:.0f} s")
        told = True
    if told:
        _write(CLEAR)


def _write(text: str) -> None:
    with aside():
        sys.stderr.write(text)
        sys.stderr.flush()
