"""Commands in processes of their own, shown in the dashboard; they go on when the dashboard or the terminal is closed."""

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


class Apart:
    """`advisor` with some arguments, in a process that no key of this terminal reaches."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._said, self._answered = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - live as long as the process
        command = [sys.executable, "-m", MODULE, *arguments]
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": self._answered, "stderr": self._said}
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

    @property
    def output(self) -> str:
        """All that it wrote to standard output."""
        self._answered.seek(0)
        return self._answered.read().decode("utf-8", errors="replace")

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.status is None:
            self._process.send_signal(_stopping())
            self._is_stopped = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._said.close()
        self._answered.close()

    def ended(self) -> int | None:
        """The exit status, waited for where it was asked to stop; None where it goes on, 1 where something killed it."""
        status = self._process.wait(STOP_SECONDS) if self._is_stopped else self.status
        return 1 if status is not None and status < 0 else status


class TrainingApart(Apart):
    """`advisor train` apart."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(["train", *arguments, "--quiet"])


class FixesApart:
    """`advisor fix` apart, as often as somebody in the dashboard says yes."""

    def __init__(self) -> None:
        self._started: list[tuple[Path, Apart]] = []

    def __call__(self, run: Path, fixes: tuple[str, ...]) -> Apart:
        """Tries fixes, or all that are proposed, for a run; unsafe ones too, for they were confirmed."""
        wanted = ["--apply", ",".join(fixes)] if fixes else []
        process = Apart(["fix", str(run), *wanted, "--unsafe", "--format", "json"])
        self._started.append((run, process))
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for what was asked to stop; say of what goes on where it will be seen."""
        for run, process in self._started:
            with process:
                if process.ended() is None:
                    note(f"a fix is still being tried; `advisor dashboard {shown(run.parent)}` shows it, and with v what came of it")


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
    from advisor.cli._judging import growing_by_settings
    from advisor.dashboard import show
    from advisor.following import Follower

    run = shown(folder)
    with TrainingApart(arguments) as training, FixesApart() as fixes:
        show(Follower([folder], awaited=True, judge=growing_by_settings()), training, fixes)
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
