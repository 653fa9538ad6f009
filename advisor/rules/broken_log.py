"""Q101."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Evidence, Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run, placed
from advisor.text import counted, number

COUNT = "sessions"
COPIES = "copies"
TOLD = {
    "restart": "training starts from the beginning again",
    "stub": "training starts from the beginning again and has hardly a value",
    "resume": "it resumes from earlier than it had come",
    "counter": "the step counter begins anew",
    "schedule": "loss and learning rate are back at their start",
}


class BrokenLog(Rule):
    """The log holds more than one training: a restart, a copy, or two processes that wrote one file.

    What it measures
    ----------------
    The number of sessions in the file: a counter that goes back is the sure sign of a new one, or a loss and a learning rate that
    jump back to their start. Training that was resumed from a checkpoint wrote some values twice: the later ones count, which is
    information, and not even that where they are hardly any. So is that every row stands several times, as where each process of
    a job writes the same.

    Why it matters
    --------------
    Whoever plots or averages such a file mixes trainings that have nothing to do with each other. What is said here is about the
    last session alone, and values of earlier ones are left out; of one that has only a value or two itself is left out.

    What helps
    ----------
    Write each training into a file or folder of its own, or cut this file at the line that is named and look at both parts. With two
    processes at once: one log for each.

    References
    ----------
    Wilson et al. 2017, Good enough practices in scientific computing, PLOS Computational Biology 13, on keeping raw records apart.
    """

    code = "Q101"
    needs = "–"
    fixes = ("separate-logs",)

    REWRITTEN = 0.05  # of the values before a resume, written again; labelled runs: 0.13 and more, a healthy one 0.001

    def measure(self, run: Run) -> float:
        copies = int(run.about.get(COPIES, 1))
        return float(max(len(self._breaks(run)) + 1, copies)) if not run.about.get("interleaved") else float("inf")

    def check(self, run: Run) -> Iterable[Finding]:
        breaks = self._breaks(run)
        if not breaks and not run.about.get("interleaved") and COPIES not in run.about:
            return
        found = self.finding(_message(run, breaks), self.measure(run), 1.0, _evidence(run, breaks), confidence=0.95)
        lost = any(session["dropped"] and session["kind"] != "resume" for session in breaks) or bool(run.about.get("interleaved"))
        yield found if lost else replace(found, severity=Severity.INFO)

    def _breaks(self, run: Run) -> list[Mapping[str, Any]]:
        if not run.series:
            raise SignalUnavailable("no series in this log")
        later = list(run.about.get(COUNT, ()))[1:]
        return [session for session in later if session["kind"] != "resume" or self._rewrites(session)]

    def _rewrites(self, session: Mapping[str, Any]) -> bool:
        return bool(session["dropped"] > self.REWRITTEN * max(session["counts"][0], 1.0))

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("started again in the same file", _log(_session("restart", 22, dropped=20))),
            Example("resumed from far back: information", _log(_session("resume", 22, first=12.0, dropped=8))),
            Example("resumed from a little back: information", _log(_session("resume", 22, first=21.0, dropped=2))),
            Example("started again a moment ago: information", _log(_session("stub", 22))),
            Example("the counter begins anew", _log(_session("counter", 12))),
            Example("every row twice: information", record(train_loss=falling(2.3, 0.5, 20), about={COPIES: 2})),
            Example("two processes in one file", record(train_loss=falling(2.3, 0.5, 20), about={"interleaved": True})),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("one training", record(train_loss=falling(2.3, 0.5, 20))),
            Example("resumed where it had stopped", _log(_session("resume", 22, first=21.0))),
            Example("resumed a little before it had stopped", _log(_session("resume", 22, first=31.0, dropped=1))),
        )


def _session(kind: str, line: int, first: float = 1.0, dropped: int = 0) -> Mapping[str, Any]:
    return {"kind": kind, "lines": (line, line + 19), "counts": (first, first + 19), "axis": "epoch", "kept": True, "dropped": dropped}


def _log(session: Mapping[str, Any]) -> Run:
    return record(train_loss=falling(2.3, 0.5, 20), about={COUNT: [_session("start", 2), session]})


def _evidence(run: Run, breaks: list[Mapping[str, Any]]) -> Evidence:
    role, series = max(run.series.items(), key=lambda item: len(item[1]))
    seen = span(run, (role,), 0, len(series) - 1)
    if not breaks:
        return seen
    lines = (int(breaks[0]["lines"][0]), int(breaks[-1]["lines"][1]))
    return replace(seen, lines=lines if run.unit == "lines" else None, records=None if run.unit == "lines" else lines)


def _message(run: Run, breaks: list[Mapping[str, Any]]) -> str:
    if not breaks and not run.about.get("interleaved"):
        return f"Every row stands {run.about[COPIES]} times; one of each is judged. First let one process alone write the log."
    if not breaks:
        return "The counter goes back again and again, as if 2 processes wrote this file. First give each training a log of its own."
    first = breaks[0]
    lost = int(np.sum([session["dropped"] for session in breaks]))
    left = f"; {counted(lost, 'value')} of what came before {'is' if lost == 1 else 'are'} left out" if lost else ""
    place = placed(run.unit, first["lines"][0])
    return (
        f"The file holds {len(breaks) + 1} sessions: at {place} {TOLD.get(first['kind'], 'another one begins')} "
        f"({first['axis']} {number(float(first['counts'][0]))}){left}. First cut it there, and give each training a log of its own."
    )
