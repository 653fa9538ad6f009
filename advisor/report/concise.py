"""concise: one line a finding, with the place first, as editors and grep like it."""

from collections.abc import Iterator, Sequence

from advisor.findings import Finding
from advisor.outcome import Outcome, Unreadable, shown
from advisor.report._words import error_text
from advisor.report.base import Format, Stage
from advisor.run import Run
from advisor.text import printable


class Concise(Format):
    """PATH:LINE: CODE rule severity: message."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        return "".join(f"{line}\n" for outcome in outcomes for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    if isinstance(outcome, Unreadable):
        yield f"{printable(shown(outcome.path))}: unreadable: {error_text(outcome)}"
        return
    for finding in outcome.findings:
        yield finding_line(finding, outcome.run)


def finding_line(finding: Finding, run: Run) -> str:
    """One finding with its place, on one line."""
    place = _place(finding) or printable(shown(run.path))
    return f"{place}: {finding.code} {finding.rule} {finding.severity}: {printable(finding.message)}"


def _place(finding: Finding) -> str:
    evidence = finding.evidence
    if not evidence.file:
        return ""
    first = f":{evidence.lines[0]}" if evidence.lines else ""
    return printable(shown(evidence.file)) + first
