"""What came of judging a path: a Report on a Run, or the reason why none could be read; both as strict JSON."""

import json
import math
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.findings import Finding, Proposal, Severity
from advisor.run import Run
from advisor.text import printable
from advisor.version import VERSION

if TYPE_CHECKING:
    from pandas import DataFrame

SCHEMA = 1
ROOTS = (".git", ".hg", ".svn")  # what makes a folder a repository


class Status(StrEnum):
    """What is known of a Run after judging it."""

    HEALTHY = "healthy"
    FINDINGS = "findings"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Skipped:
    """A rule that could not tell, and why."""

    rule: str
    reason: str


@dataclass(frozen=True)
class Report:
    """All that is said about one Run."""

    run: Run
    status: Status
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    checked: tuple[str, ...] = ()  # rules that could judge

    @property
    def worst(self) -> Severity | None:
        """The highest severity found."""
        return max((finding.severity for finding in self.findings), default=None)

    def document(self) -> dict[str, Any]:
        """The Report as one entry of `runs` in the JSON document."""
        run = self.run
        return _entry(
            run.path, run.name, run.format, self.status,
            rows=run.rows, epochs=run.epochs, steps=run.steps, roles=dict(run.roles), unused=list(run.unused), notes=list(run.notes),
            findings=[_finding(finding) for finding in self.findings],
            skipped=[{"rule": skipped.rule, "reason": skipped.reason} for skipped in self.skipped],
        )  # fmt: skip

    def to_json(self) -> str:
        """The whole JSON document for this one Run."""
        return to_json([self])

    def to_frame(self) -> "DataFrame":
        """One row a finding, as pandas."""
        import pandas

        columns = ["rule", "code", "severity", "confidence", "message", "because", "measured", "threshold"]
        return pandas.DataFrame([{name: _finding(finding)[name] for name in columns} for finding in self.findings], columns=columns)


@dataclass(frozen=True)
class Unreadable:
    """A path in which no Run could be found."""

    path: Path
    error: str

    status = Status.UNREADABLE
    worst = None

    def document(self) -> dict[str, Any]:
        """The refusal as one entry of `runs` in the JSON document."""
        return _entry(self.path, self.path.name, None, self.status, error=self.error)


Outcome = Report | Unreadable


def to_json(outcomes: Iterable[Outcome]) -> str:
    """The JSON document of section "Report" in the documentation; numbers that are not finite become strings."""
    document = {"schema": SCHEMA, "advisor": VERSION, "runs": [outcome.document() for outcome in outcomes]}
    # ASCII survives whatever encoding a stream has.
    return json.dumps(strict(document), indent=2, allow_nan=False)


def strict(value: Any) -> Any:
    """`value` with every number that strict JSON lacks replaced by "nan", "inf" or "-inf"."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [strict(item) for item in value]
    return value


def shown(path: Path | str) -> str:
    """A path relative to the working folder where it lies below it; a file of the name `-` as what is no standard input."""
    absolute = Path(path).absolute()
    if not absolute.is_relative_to(Path.cwd()):
        return str(path)
    text = absolute.relative_to(Path.cwd()).as_posix()
    return "./-" if text == "-" and str(path) != text else text


def typed(path: Path | str) -> str:
    """A path as it is typed into a shell, which obeys nothing in it."""
    text = printable(shown(path))
    if os.name == "nt":
        return text if re.fullmatch(r"[\w./\\:+=-]+", text) else f'"{text}"'
    return text if re.fullmatch(r"[\w./:@%+=,-]+", text) else shlex.quote(text)


def repository_path(file: Path) -> str | None:
    """A path below the root of the repository that holds the working folder, with slashes; None where the file lies elsewhere."""
    root = _root(Path.cwd())
    absolute = Path(os.path.normpath(file.absolute()))  # not resolved: a link in the repository is a file of it
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else None


def _root(folder: Path) -> Path:
    """The nearest folder from here upward that is a repository; else the folder itself."""
    return next((place for place in (folder, *folder.parents) if any((place / name).exists() for name in ROOTS)), folder)


def _entry(path: Path, name: str, reader: str | None, status: Status, **known: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "path": shown(path), "name": name, "format": reader,
        "rows": 0, "epochs": None, "steps": None, "roles": {}, "unused": [], "notes": [],
        "status": str(status), "error": None, "findings": [], "skipped": [],
    }  # fmt: skip
    return entry | known


def _finding(finding: Finding) -> dict[str, Any]:
    evidence = finding.evidence
    return {
        "rule": finding.rule, "code": finding.code, "severity": str(finding.severity), "confidence": finding.confidence,
        "message": finding.message, "why": finding.why, "because": finding.because,
        "measured": finding.measured, "threshold": finding.threshold,
        "evidence": {
            "series": list(evidence.series), "axis": evidence.axis, "start": evidence.start, "end": evidence.end,
            "layers": list(evidence.layers), "file": shown(evidence.file), "lines": evidence.lines, "records": evidence.records,
        },
        "fixes": [_proposal(proposal) for proposal in finding.fixes],
    }  # fmt: skip


def _proposal(proposal: Proposal) -> dict[str, Any]:
    edits = [{"path": edit.path, "value": edit.value} | ({"measure": edit.measure} if edit.measure else {}) for edit in proposal.edits]
    snippet = {"pytorch": proposal.pytorch, "keras": proposal.keras}
    return {"fix": proposal.fix, "title": proposal.title, "safety": str(proposal.safety), "edits": edits, "snippet": snippet}
