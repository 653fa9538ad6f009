"""What the dashboard needs to know of a training that it shows and did not start: whether it runs, and how to stop it."""

from typing import Protocol


class Training(Protocol):
    """A training in another process."""

    @property
    def status(self) -> int | None:
        """The exit status of its process; None while it runs."""

    @property
    def words(self) -> str:
        """What it said before it ended, if anything."""

    def stop(self) -> None:
        """Ask it to end with the epochs that are whole, as Ctrl-C does."""
