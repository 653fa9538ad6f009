"""Looks at paths again and again, a little at a time: new runs are found, grown ones read again."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from advisor.errors import ReadError
from advisor.following.watched import Clock, Judge, Origin, Watched, newest
from advisor.outcome import Report
from advisor.readers import find
from advisor.readers.opening import is_folder
from advisor.text import printable

PATIENCE = 0.2  # seconds of reading after which a look ends and what is known is told
BETWEEN_SEARCHES = 2.0  # seconds, and twenty times as long as the last search took
SEARCH_REST = 20.0


class Follower:
    """The runs at some paths (files, run folders, folders that hold runs), as they are now."""

    def __init__(self, paths: Iterable[Path], *, awaited: bool = False, clock: Clock = time.monotonic, judge: Judge | None = None) -> None:
        """`awaited`: nothing may be there yet, and nothing is said of what cannot be read. `judge` says what is to be said of a path."""
        self.paths = tuple(paths)
        self._awaited = awaited
        self.is_behind = True  # whether something is known to wait for the next look
        self._clock = clock
        self._judge = judge
        self._origins: dict[Path, Origin] = {}
        self._next_search = 0.0

    @property
    def runs(self) -> tuple[Watched, ...]:
        """Every run that can be shown, in the order of their places."""
        found = [run for origin in self._origins.values() for run in origin.runs if self._is_shown(origin, run)]
        names = Counter(run.label for run in found)
        return tuple(_with_place(run) if names[run.label] > 1 else run for run in found)

    @property
    def places(self) -> tuple[str, ...]:
        """Where runs are read from, or will be, in order."""
        return tuple(map(str, self._origins))

    def first(self) -> None:
        """Read until there is a run; raises ReadError where there is none to be found."""
        while self.is_behind and not self._has_run:
            self.look()
        if not self._has_run:
            raise self._refusal()

    def add(self, path: Path) -> None:
        """Follow one path more, from the next look on."""
        if path not in self.paths:
            self.paths = (*self.paths, path)
            self._next_search = 0.0

    def look(self) -> bool:
        """Find and read what is new, for a moment; returns whether there is anything new to show."""
        changed = self._search() if self._clock() >= self._next_search else False
        due = [origin for origin in self._origins.values() if origin.is_due]
        due.sort(key=lambda origin: newest(origin.path), reverse=True)
        end = self._clock() + PATIENCE
        read = 0
        for origin in due:
            origin.read()
            read += 1
            if self._clock() >= end:
                break
        self.is_behind = read < len(due)
        states = [origin.refresh_states() for origin in self._origins.values()]
        return changed or read > 0 or any(states)

    @property
    def _has_run(self) -> bool:
        return any(isinstance(run.outcome, Report) for origin in self._origins.values() for run in origin.runs)

    def _search(self) -> bool:
        began = self._clock()
        found = [path for path in find(self.paths) if path in self.paths or path.exists()]
        before = list(self._origins)
        self._origins = {path: self._origins.get(path) or Origin(path, self._clock, self._judge) for path in found}
        self._next_search = self._clock() + max(BETWEEN_SEARCHES, SEARCH_REST * (self._clock() - began))
        return before != list(self._origins)

    def _is_shown(self, origin: Origin, run: Watched) -> bool:
        """What cannot be read is said of a path that was asked for, and of a run folder that may still get its first values."""
        is_asked_for = origin.path in self.paths or is_folder(origin.path)
        return isinstance(run.outcome, Report) or (is_asked_for and not self._awaited)

    def _refusal(self) -> ReadError:
        refusals = [run.outcome.error for origin in self._origins.values() for run in origin.runs if not isinstance(run.outcome, Report)]
        if len(refusals) == 1:
            return ReadError(refusals[0])
        where = ", ".join(printable(str(path)) for path in self.paths)
        return ReadError(f"{where}: found no training log, expected run folders or logs; train one with `advisor train`, or give its path")


def _with_place(run: Watched) -> Watched:
    """Told apart from its namesakes by the folder that it is in."""
    return replace(run, label=f"{Path(run.key[0]).absolute().parent.name}/{run.label}")
