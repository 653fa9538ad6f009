"""The thread that looks at the runs, so that the screen never waits for a file."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread

from textual.message import Message

from advisor.following import Follower, Watched

PAUSE = 0.7  # seconds between two looks at files that may have grown


@dataclass
class Polled(Message):
    """What all runs look like now."""

    runs: tuple[Watched, ...]

    def can_replace(self, message: Message) -> bool:
        """Only the newest counts: a screen that is slower than the files never falls behind them."""
        return isinstance(message, Polled)


@dataclass
class Broken(Message):
    """Looking ended with a mistake of ours."""

    error: Exception


class Poller(Thread):
    """Looks again and again, and tells when there is anything new.

    A daemon of its own, for textual's workers are waited for at the end, and quitting must not wait for a large file.
    """

    def __init__(self, follower: Follower, tell: Callable[[Message], object]) -> None:
        super().__init__(name="advisor-poller", daemon=True)
        self._follower, self._tell = follower, tell
        self._ended = Event()

    def run(self) -> None:
        """Until it is ended."""
        while not self._ended.wait(0.0 if self._follower.is_behind else PAUSE):
            try:
                if self._follower.look():
                    self._post(Polled(self._follower.runs))
            except Exception as error:  # noqa: BLE001 - nobody else would hear of it in this thread
                self._post(Broken(error))
                return

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def _post(self, message: Message) -> None:
        if not self._ended.is_set():
            with suppress(RuntimeError):  # the screen's loop has just ended
                self._tell(message)
