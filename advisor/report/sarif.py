"""sarif: SARIF 2.1.0, for the code scanning of GitHub, for editors, and for programs that collect findings."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from advisor import catalogue
from advisor.findings import Finding, Severity
from advisor.fingerprints import fingerprints
from advisor.outcome import Outcome, Report, Unreadable, repository_path, strict
from advisor.pages import page
from advisor.report._advice import advice
from advisor.report._places import Spot, spots
from advisor.report._words import error_text, title
from advisor.report.base import Format, Stage
from advisor.rules.base import Rule
from advisor.run import Run
from advisor.text import printable
from advisor.version import VERSION

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
ROOT = "%SRCROOT%"


class Sarif(Format):
    """One log with one run of the tool, a result a finding; the edits of a fix stand in words, for a run's own Config is a record."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(outcomes)]}
        # ASCII survives whatever encoding a stream has.
        return json.dumps(strict(log), indent=2, allow_nan=False) + "\n"


def _run(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    reports = [outcome for outcome in outcomes if isinstance(outcome, Report)]
    rules = list(dict.fromkeys(finding.rule for report in reports for finding in report.findings))
    refusals = [_refusal(outcome) for outcome in outcomes if isinstance(outcome, Unreadable)]
    return {
        "tool": {
            "driver": {"name": "advisor", "semanticVersion": VERSION, "rules": [_rule(catalogue.entry("rules", name)) for name in rules]}
        },
        "invocations": [{"executionSuccessful": not refusals, "toolExecutionNotifications": refusals}],
        "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "results": [result for report in reports for result in _results(report, rules)],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    sections = page(type(rule)).sections
    text = "\n\n".join(f"{heading}\n{body}" for heading, body in sections.items())
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": text, "markdown": "\n\n".join(f"## {heading}\n\n{body}" for heading, body in sections.items())},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": ["training", rule.family], "fixes": list(rule.fixes)},
    }


def _results(report: Report, rules: Sequence[str]) -> list[dict[str, Any]]:
    seen: dict[str, int] = {}
    results = []
    for finding in report.findings:
        seen[finding.rule] = seen.get(finding.rule, 0) + 1
        results.append({"ruleIndex": rules.index(finding.rule), **_result(finding, report, seen[finding.rule])})
    return results


def _result(finding: Finding, report: Report, nth: int) -> dict[str, Any]:
    """One finding; the `nth` of its rule in this run."""
    first, *others = spots(finding, report.run) or [Spot(Path())]
    known = fingerprints(finding, report.run)
    return {
        "ruleId": finding.code,
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join([f"{title(report)}: {printable(finding.message)}", *advice(finding, report.run)])},
        "locations": [_location(first, report.run)],
        "relatedLocations": [
            {"id": i, "message": {"text": printable(spot.about)}, **_location(spot, report.run)} for i, spot in enumerate(others, start=1)
        ],
        "partialFingerprints": {f"{name}/v1": value if nth == 1 else f"{value}:{nth}" for name, value in known.items()},
        "rank": 100.0 * finding.confidence,
        "properties": _properties(finding),
    }


def _properties(finding: Finding) -> dict[str, Any]:
    evidence = finding.evidence
    return {
        "because": finding.because, "measured": finding.measured, "threshold": finding.threshold, "confidence": finding.confidence,
        "axis": evidence.axis, "start": evidence.start, "end": evidence.end,
        "series": [printable(name) for name in evidence.series], "layers": [printable(name) for name in evidence.layers],
    }  # fmt: skip


def _location(spot: Spot, run: Run) -> dict[str, Any]:
    """A place in a file; the run alone where it came over standard input."""
    logical = {"logicalLocations": [{"name": printable(run.name), "kind": "object"}]}
    if spot.file == Path():
        return logical
    # Code scanning shows nothing without a line, so what is known of a file as a whole stands at its first.
    first, last = spot.lines or (1, 1)
    return {"physicalLocation": {"artifactLocation": _artifact(spot.file), "region": {"startLine": first, "endLine": last}}, **logical}


def _artifact(file: Path) -> dict[str, str]:
    place = repository_path(file)
    if place is None:
        absolute = Path(os.path.normpath(file.absolute())).as_posix().lstrip("/")
        return {"uri": f"file://{_quoted('/' + absolute)}"}
    return {"uri": _quoted(place), "uriBaseId": ROOT}


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _refusal(outcome: Unreadable) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": _artifact(outcome.path)}}
    return {"level": "error", "message": {"text": f"{title(outcome)}: {error_text(outcome)}"}, "locations": [location]}
