"""What came of a repair, for people and programs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.edits import Safety
from advisor.findings import Finding, Proposal, Severity
from advisor.outcome import SCHEMA, Report, shown, strict
from advisor.repair.attempts import Attempt
from advisor.run import Run
from advisor.version import VERSION

HEALTHY, CURED, IMPROVED, UNCHANGED = "healthy", "cured", "improved", "unchanged"
CONFIG = "config.toml"


@dataclass(frozen=True)
class Options:
    """What to try, and for how much."""

    fixes: tuple[str, ...] = ()  # only these, in this order; empty: what the findings propose
    seeds: int | None = None  # exactly so many for every attempt; None: as many as it takes, up to three
    budget: float = 6.0  # full trainings' worth of epochs for each of `seeds`
    allows: Callable[[Proposal], bool] = lambda proposal: proposal.safety is Safety.SAFE
    told: Callable[[Attempt], None] = lambda attempt: None  # hears of each attempt once it is judged


@dataclass(frozen=True)
class Outcome:
    """What came of it all."""

    run: Run
    attempts: tuple[Attempt, ...]
    status: str  # healthy, cured, improved or unchanged
    trainings: float  # full trainings' worth of epochs
    before: Report
    after: Report  # of the run to use from now on; `before` where nothing was kept
    notes: tuple[str, ...] = ()  # what could not be done as asked

    @property
    def result(self) -> Path | None:
        """The run folder to use from now on; None where nothing was kept."""
        return next((attempt.run for attempt in reversed(self.attempts) if attempt.kept), None)

    @property
    def config(self) -> Path | None:
        """The Config of that run."""
        return self.result / CONFIG if self.result else None

    @property
    def remaining(self) -> tuple[str, ...]:
        """The rules that still fire, those of mere information left out."""
        return tuple(dict.fromkeys(finding.rule for finding in serious(self.after)))

    def to_json(self) -> str:
        """The JSON document; numbers that are not finite become strings."""
        document: dict[str, Any] = {
            "schema": SCHEMA, "advisor": VERSION, "run": shown(self.run.path),
            "attempts": [attempt.document() for attempt in self.attempts], "status": self.status,
            "result": shown(self.result) if self.result else None, "config": shown(self.config) if self.config else None,
            "trainings": round(self.trainings, 3), "remaining": list(self.remaining),
        }  # fmt: skip
        return json.dumps(strict(document), indent=2, allow_nan=False, ensure_ascii=False)


def serious(report: Report) -> list[Finding]:
    """Findings that are more than information."""
    return [finding for finding in report.findings if finding.severity >= Severity.WARNING]


def untried(run: Run, report: Report, attempts: tuple[Attempt, ...] = ()) -> Outcome:
    """The outcome where nothing was trained."""
    return Outcome(run, attempts, UNCHANGED if serious(report) or attempts else HEALTHY, 0.0, report, report)
