"""Known findings, kept in a file so that only new ones fail a pipeline.

A finding is known if the file holds one of its fingerprints, at the same severity or a higher one. The rest of the Report
says of it what it says of a rule that could not be asked: that it was skipped, and why.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from advisor.diagnose import LOSS_FAMILY, all_rules
from advisor.errors import ReadError
from advisor.findings import Finding, Severity
from advisor.fingerprints import fingerprints
from advisor.outcome import Report, Skipped, Status, shown
from advisor.text import printable
from advisor.version import VERSION

SCHEMA = 1
KNOWN = "known, it stands in "


@dataclass(frozen=True)
class Baseline:
    """What was found when the file was written."""

    file: Path
    severities: Mapping[str, Severity]  # by fingerprint

    def holds(self, finding: Finding, report: Report) -> bool:
        """Whether a finding was there already, no less severe than now."""
        marks = fingerprints(finding, report.run).values()
        return any(self.severities.get(mark, 0) >= finding.severity for mark in marks)


def read_baseline(file: Path) -> Baseline | None:
    """The known findings that a file holds; None where there is no such file.

    Raises ReadError where it holds something else.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError
        known = {mark: Severity[entry["severity"].upper()] for entry in document["known"] for mark in entry["fingerprints"].values()}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReadError(
            f"{printable(str(file))}: found something else than known findings, expected a baseline that advisor wrote; "
            "give another file, or delete this one and a new one is written"
        ) from None
    return Baseline(file, known)


def write_baseline(file: Path, reports: Iterable[Report]) -> int:
    """Write all that the reports found as known; returns how many findings that are."""
    found = [_entry(finding, report) for report in reports for finding in report.findings]
    known = sorted(found, key=lambda entry: (entry["path"], entry["name"], entry["rule"]))
    document = {"schema": SCHEMA, "advisor": VERSION, "known": known}
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8", newline="\n")
    return len(known)


def _entry(finding: Finding, report: Report) -> dict[str, Any]:
    return {
        "path": shown(report.run.path), "name": report.run.name, "rule": finding.rule, "severity": str(finding.severity),
        "fingerprints": fingerprints(finding, report.run),
    }  # fmt: skip


def without_known(report: Report, baseline: Baseline) -> Report:
    """The Report with its known findings among what was skipped."""
    known = {finding.rule for finding in report.findings if baseline.holds(finding, report)}
    if not known:
        return report
    new = [finding for finding in report.findings if not baseline.holds(finding, report)]
    left = {finding.rule for finding in new}
    findings = tuple(replace(finding, because=finding.because if finding.because in left else None) for finding in new)
    reasons = tuple(Skipped(rule, f"{KNOWN}{shown(baseline.file)}") for rule in sorted(known - left))
    checked = tuple(rule for rule in report.checked if rule not in known - left)
    return Report(report.run, _status(report, findings), findings, (*report.skipped, *reasons), checked)


def known_in(report: Report) -> list[Skipped]:
    """What a baseline took out of a Report."""
    return [skipped for skipped in report.skipped if skipped.reason.startswith(KNOWN)]


def _status(report: Report, findings: Iterable[Finding]) -> Status:
    """As if the known findings had been judged and passed."""
    if report.status is not Status.FINDINGS or any(finding.severity >= Severity.WARNING for finding in findings):
        return report.status
    judged = any(rule.code.startswith(LOSS_FAMILY) for rule in all_rules() if rule.name in report.checked)
    return Status.HEALTHY if judged else Status.UNDECIDED
