"""How far a command has come with many things, for whoever waits at a terminal."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from advisor.cli._shared import aside, is_live

PATIENCE = 1.0  # seconds for which nobody asks
BETWEEN = 0.1  # seconds from one telling to the next
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


def _write(text: str) -> None:
    with aside():
        sys.stderr.write(text)
        sys.stderr.flush()
