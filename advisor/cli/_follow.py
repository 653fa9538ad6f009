"""`advisor diagnose --follow`: looks again and again, and says when a finding appears or goes, until Ctrl-C or the end of the input."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from advisor.cli._shared import note
from advisor.findings import Finding
from advisor.following import Follower
from advisor.outcome import Outcome, Report, Unreadable, shown
from advisor.report.concise import finding_line
from advisor.text import printable

BETWEEN_LOOKS = 0.5  # seconds
CHUNK = 1 << 16
Key = tuple[str, str]
Say = Callable[[str], None]
Judge = Callable[[Path], list[Outcome]]
JudgeBytes = Callable[[bytes], list[Outcome]]


class Piped:
    """Standard input as it comes, read beside the looking."""

    def __init__(self) -> None:
        self.ended = False
        self._parts: list[bytes] = []
        self._size = self._judged = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while chunk := os.read(sys.stdin.fileno(), CHUNK):
            self._parts.append(chunk)
            self._size += len(chunk)
        self.ended = True

    def news(self) -> bytes | None:
        """Everything so far; None where nothing came since the last time."""
        if self._size == self._judged:
            return None
        self._parts = [b"".join(self._parts)]
        self._judged = len(self._parts[0])
        return self._parts[0]


def follow(paths: Sequence[str], judge: Judge, judge_bytes: JudgeBytes, say: Say) -> list[Outcome]:
    """Follow what is written until Ctrl-C, or until standard input ends where nothing else is followed; returns how it all stands then."""
    files = [Path(path) for path in paths if path != "-"]
    follower = Follower(files, judge=judge)
    piped = Piped() if "-" in paths else None
    known: dict[Key, dict[str, Finding]] = {}
    said: dict[Key, str] | None = None
    from_pipe: list[Outcome] = []
    awaited = waiting(paths)
    if awaited:
        note(*(f"{path}: nothing there yet; waiting for it" for path in awaited))
    try:
        while True:
            is_over = piped is not None and piped.ended
            follower.look()
            said = _told_before(_outcomes(follower), awaited) if said is None else said
            if piped is not None and (content := piped.news()) is not None:
                from_pipe = judge_bytes(content)
            for line in _changes([*_outcomes(follower), *from_pipe], known, said):
                say(line)
            if is_over and not files:
                break
            time.sleep(BETWEEN_LOOKS)
    except KeyboardInterrupt:
        pass
    return [*_outcomes(follower), *from_pipe] or [Unreadable(Path(path), f"{path}: nothing was written yet") for path in paths]


def _outcomes(follower: Follower) -> list[Outcome]:
    return [run.outcome for run in follower.runs]


def _told_before(outcomes: Sequence[Outcome], awaited: Sequence[str]) -> dict[Key, str]:
    """What need not be said of paths that are waited for: that there is nothing yet."""
    refused = (outcome for outcome in outcomes if isinstance(outcome, Unreadable))
    return {(str(outcome.path), ""): outcome.error for outcome in refused if not outcome.path.exists() and str(outcome.path) in awaited}


def _changes(outcomes: Sequence[Outcome], known: dict[Key, dict[str, Finding]], said: dict[Key, str]) -> Iterator[str]:
    """What has changed since the last look, a line each; `known` and `said` are brought up to date."""
    for outcome in outcomes:
        if isinstance(outcome, Unreadable):
            key = (str(outcome.path), "")
            if said.get(key) != outcome.error:
                yield f"? {printable(outcome.error)}"
            said[key] = outcome.error
            continue
        key = (str(outcome.run.path), outcome.run.name)
        if said.pop((str(outcome.run.path), ""), None) or key not in known:
            yield f"  {_place(outcome)}: following, {_extent(outcome)}"
        before, now = known.get(key, {}), {finding.rule: finding for finding in outcome.findings}
        known[key] = now
        yield from (f"+ {finding_line(finding, outcome.run)}" for rule, finding in now.items() if rule not in before)
        gone = f"no longer found at {_extent(outcome)}"
        yield from (f"- {_place(outcome)}: {finding.code} {rule} {gone}" for rule, finding in before.items() if rule not in now)
    yield from _departed(outcomes, known)


def _departed(outcomes: Sequence[Outcome], known: dict[Key, dict[str, Finding]]) -> Iterator[str]:
    """The runs that were there at the last look and are not now; `known` is brought up to date."""
    unreadable = {str(outcome.path) for outcome in outcomes if isinstance(outcome, Unreadable)}
    there = {(str(outcome.run.path), outcome.run.name) for outcome in outcomes if not isinstance(outcome, Unreadable)}
    for key in [key for key in known if key not in there and key[0] not in unreadable]:
        yield f"- {printable(shown(key[0]))}: {printable(key[1])} can no longer be read there"
        del known[key]


def _place(report: Report) -> str:
    return printable("-" if str(report.run.path) == "-" else shown(report.run.path))


def _extent(report: Report) -> str:
    run = report.run
    return f"epoch {run.epochs}" if run.epochs else f"step {run.steps}" if run.steps else f"row {run.rows}"


def waiting(paths: Sequence[str]) -> list[str]:
    """The paths at which there is nothing yet, as they are told in outcomes."""
    return [str(Path(path)) for path in paths if path != "-" and not os.path.lexists(path)]  # which asks for no permission
