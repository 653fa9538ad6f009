"""One run as it was when last looked at, and the file or folder that it is read from."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from advisor.diagnose import diagnose
from advisor.errors import ReadError
from advisor.following.states import State, state_of
from advisor.outcome import Outcome, Report, Unreadable
from advisor.readers import load_found
from advisor.readers.opening import is_folder

Clock = Callable[[], float]
Judge = Callable[[Path], list[Outcome]]
Key = tuple[str, str]
Stamp = tuple[tuple[str, int, int], ...]

STILL_GROWING = 30.0  # seconds since the last growth after which a log of another tool no longer counts as growing
REST = 5.0  # a source rests for this many times as long as reading it took, so that large logs do not keep a core busy
MOST_FILES = 500
LOG_OF_SQLITE = "-wal"  # where what is new in a database stands at first
NOT_VALUES = frozenset({"resume"})  # a run folder's checkpoints say nothing that run.csv does not


@dataclass(frozen=True, eq=False)
class Watched:
    """A run and what is said of it now."""

    key: Key  # tells runs apart for as long as they are watched: where it is read from, and its name there
    label: str  # its name, with its place where another one has the same
    state: State
    outcome: Outcome
    written: int = 0  # when anything of it was last written, in nanoseconds


@dataclass(eq=False)
class Origin:
    """A file or run folder with the runs that were read from it."""

    path: Path
    clock: Clock = time.monotonic
    judge: Judge | None = None  # what is said of a path; by all rules unless told otherwise
    runs: tuple[Watched, ...] = ()
    stamp: Stamp | None = None  # files, sizes and times when it was last read
    grown: float | None = None
    due: float = field(default=0.0)

    @property
    def is_due(self) -> bool:
        """Whether it was never read, or has changed since and has rested."""
        return self.stamp is None or (self.clock() >= self.due and stamp(self.path) != self.stamp)

    def read(self) -> None:
        """Read it again and judge what it holds."""
        began = self.clock()
        if self.stamp is not None:
            self.grown = began
        self.stamp = stamp(self.path)
        self.runs = tuple(self._watched(outcome) for outcome in (self.judge or _outcomes)(self.path))
        self.due = self.clock() + REST * (self.clock() - began)

    def refresh_states(self) -> bool:
        """Look whether the writers are still there; returns whether any state has changed."""
        before = [run.state for run in self.runs]
        after = [self._state(run.outcome) for run in self.runs]
        if State.INTERRUPTED in after and before != after and stamp(self.path) != self.stamp:
            self.due = self.clock()  # its writer is gone, and how it ended stands in what is not read yet
            return False
        self.runs = tuple(replace(run, state=state) for run, state in zip(self.runs, after, strict=True))
        return before != after

    def _watched(self, outcome: Outcome) -> Watched:
        name = outcome.run.name if isinstance(outcome, Report) else outcome.path.name
        return Watched((str(self.path), name), name, self._state(outcome), outcome, newest(self.path))

    def _state(self, outcome: Outcome) -> State:
        if not isinstance(outcome, Report):
            return State.UNKNOWN
        state = state_of(outcome.run)
        if state is State.UNKNOWN and self.grown is not None and self.clock() - self.grown < STILL_GROWING:
            return State.GROWING
        return state


def stamp(path: Path) -> Stamp:
    """What changes when a file, or any file in a folder, grows or is replaced."""
    return tuple(_stamps(path))


def newest(path: Path) -> int:
    """When it was last written, in nanoseconds."""
    return max((written for _, _, written in _stamps(path)), default=0)


def _stamps(path: Path) -> Iterator[tuple[str, int, int]]:
    files = [str(path), f"{path}{LOG_OF_SQLITE}"] if not is_folder(path) else _files_below(path)
    for name in files:
        try:
            found = os.stat(name)  # noqa: PTH116 - many files, many times
        except OSError:
            continue
        yield name, found.st_size, found.st_mtime_ns


def _files_below(folder: Path) -> list[str]:
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_VALUES)
        found += [os.path.join(place, name) for name in sorted(files) if not name.endswith(".tmp")]  # noqa: PTH118
        if len(found) >= MOST_FILES:
            break
    return found


def _outcomes(path: Path) -> list[Outcome]:
    try:
        return [diagnose(run) for run in load_found(path, growing=True)]
    except ReadError as refusal:
        return [Unreadable(path, str(refusal))]
