"""A training in a process of its own, shown in the dashboard; it goes on when the dashboard or the terminal is closed."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import click

from advisor.cli._shared import note
from advisor.outcome import shown

MODULE = "advisor.cli._apart"
LAST_WORDS = 8192  # bytes
STOP_SECONDS = 60.0  # that a training gets for the step it is in, and for writing its result


class TrainingApart:
    """`advisor train` with some arguments, in a process that no key of this terminal reaches."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        command = [sys.executable, "-m", MODULE, "train", *arguments, "--quiet"]
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": self._said}
        self._is_stopped = False
        self._process = subprocess.Popen(command, **streams, **_apart())  # noqa: S603 - ourselves

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.poll()

    @property
    def words(self) -> str:
        """The last that it wrote to standard error."""
        end = self._said.seek(0, 2)
        self._said.seek(max(0, end - LAST_WORDS))
        return self._said.read().decode("utf-8", errors="replace").strip()

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.status is None:
            self._process.send_signal(_stopping())
            self._is_stopped = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._said.close()

    def ended(self) -> int | None:
        """The exit status, waited for where it was asked to stop; None where it goes on."""
        if self._is_stopped:
            return self._process.wait(STOP_SECONDS)
        return self.status


def _apart() -> dict[str, Any]:
    """What makes a process survive its terminal."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _stopping() -> signal.Signals:
    """What a process of its own group takes for Ctrl-C."""
    if sys.platform == "win32":
        return signal.CTRL_BREAK_EVENT
    return signal.SIGINT


def train_shown(arguments: Sequence[str], folder: Path) -> int:
    """Trains into `folder` and shows it; returns the exit status of the training, 0 where it goes on."""
    from advisor.dashboard import show
    from advisor.following import Follower

    run = shown(folder)
    with TrainingApart(arguments) as training:
        show(Follower([folder], awaited=True), training)
        status = training.ended()
        if status is None:
            note(f"the training goes on; `advisor dashboard {run}` shows it again")
            return 0
        if training.words:
            click.echo(training.words, err=True)
    if folder.exists():
        note(f"the training has ended; next: advisor diagnose {run}")
    return status


def _main() -> None:
    """The command line, stoppable whatever the parent did to its signals."""
    from advisor.cli import main

    for name in ("SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    main()


if __name__ == "__main__":
    _main()
