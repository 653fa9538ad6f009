"""One training that repair asks for: begun, gone on with, or started from the weights of another run."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from advisor.config import parse
from advisor.errors import DiskError, RunFolderError
from advisor.outcome import shown
from advisor.own_code import refused
from advisor.repair import Job
from advisor.text import printable
from advisor.training import TrainingResult, branch, is_torn, resume, train
from advisor.training.events import EpochDone, Event, Listener, Started

DISK = frozenset(
    number for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EFBIG") if (number := getattr(errno, name, None))
)


def do(job: Job, base: Path, listener: Listener) -> None:
    """Brings a training as far as the job wants it; relative paths of its Config start from `base`. Ctrl-C ends everything.

    Raises DiskError where it is the disk that refuses, any other AdvisorError where this training cannot be done.
    """
    reached = _Reached(listener)
    with _told_from_the_disk(), refused():
        result = _done(job, base, reached)
    if result.status == "stopped" and (job.until is None or reached.epoch < job.until):
        raise KeyboardInterrupt


@contextmanager
def _told_from_the_disk() -> Iterator[None]:
    """Makes a DiskError of what a full or closed disk refused: that says nothing of the Config that was trained."""
    try:
        yield
    except RunFolderError as error:
        if _causes(error) & DISK:
            place, _, reason = str(error).partition(";")[0].partition(": ")
            told = "make room or allow writing there, then the same command goes on"
            raise DiskError(f"{printable(shown(Path(place)))}: {reason}; {told}") from None
        raise


def _causes(error: BaseException | None) -> set[int]:
    """The numbers of what the system refused, on the way to an error."""
    found = set()
    while error is not None:
        found |= {error.errno} if isinstance(error, OSError) and error.errno else set()
        error = error.__context__
    return found


class _Reached:
    """A listener that passes on what it hears, and knows how many epochs are whole: a pause is told from Ctrl-C by them."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.epoch = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Started):
            self.epoch = event.epoch
        elif isinstance(event, EpochDone):
            self.epoch = int(event.figures["epoch"] or 0)
        self.listener(event)


def _done(job: Job, base: Path, listener: Listener) -> TrainingResult:
    if job.folder.exists() and not (job.start and is_torn(job.folder)):
        return resume(job.folder, listener=listener, until=job.until)
    config = parse(job.config, base)
    if job.start:
        return branch(job.start, config, job.folder, listener=listener, parent=job.parent)
    return train(config, job.folder, listener=listener, parent=job.parent, until=job.until)


def as_message(job: Job) -> dict[str, Any]:
    """The job as plain values, for another process."""
    paths = {"folder": str(job.folder.resolve()), "start": str(job.start.resolve()) if job.start else None}
    return {"config": job.config, "parent": job.parent, "until": job.until, **paths}


def from_message(message: Mapping[str, Any]) -> Job:
    """The job that another process sent."""
    start = message["start"]
    return Job(message["config"], Path(message["folder"]), message["parent"], message["until"], Path(start) if start else None)
