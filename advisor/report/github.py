"""github: annotations of a GitHub workflow, the worst first."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from advisor.findings import Finding, Severity
from advisor.outcome import Outcome, Report, Unreadable, repository_path
from advisor.report._places import Spot, spots
from advisor.report._words import error_text, summary, title, worst_first
from advisor.report.base import Format, Stage
from advisor.report.concise import finding_line
from advisor.text import printable

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
MOST = 10  # annotations of a level that GitHub shows of one step; it drops the others without a word


class Github(Format):
    """`::error file=…,line=…,title=…::message` up to ten of a level, which is what GitHub shows; the others as lines of the log."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        counts: Counter[str] = Counter()
        lines: list[str] = []
        for level, command, plain in _entries(outcomes):
            counts[level] += 1
            lines.append(command if counts[level] <= MOST else _inert(plain))
        return "".join(f"{line}\n" for line in (*lines, _inert(summary(outcomes))))


def _entries(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str, str]]:
    """Level, command and plain line of each annotation: what could not be read, then findings by severity."""
    ordered = worst_first(outcomes)
    for outcome in ordered:
        if isinstance(outcome, Unreadable):
            text = f"{title(outcome)}: unreadable: {error_text(outcome)}"
            yield "error", _command("error", error_text(outcome), Spot(outcome.path), "unreadable"), text
    found = [(finding, outcome) for outcome in ordered if isinstance(outcome, Report) for finding in outcome.findings]
    for finding, report in sorted(found, key=lambda pair: pair[0].severity, reverse=True):
        yield _annotation(finding, report)


def _annotation(finding: Finding, report: Report) -> tuple[str, str, str]:
    level = COMMANDS[finding.severity]
    spot = next(iter(spots(finding, report.run)), Spot(Path()))
    message = f"{title(report)}: {printable(finding.message)}"
    command = _command(level, message, spot, f"{finding.code} {finding.rule}")
    return level, command, finding_line(finding, report.run)


def _command(level: str, message: str, spot: Spot, heading: str) -> str:
    place = repository_path(spot.file)
    properties = {"file": printable(place)} if place and spot.file != Path() else {}
    if properties and spot.lines:
        properties |= {"line": str(spot.lines[0]), "endLine": str(spot.lines[1])}
    told = ",".join(f"{name}={_property(value)}" for name, value in (properties | {"title": heading}).items())
    return f"::{level} {told}::{_data(message)}"


def _data(text: str) -> str:
    """A message in which nothing ends the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _inert(line: str) -> str:
    """A line of the log that holds no command, neither `::error::` at its beginning nor `##[error]` anywhere."""
    marked = f"> {line}" if line.lstrip().startswith("::") else line
    return marked.replace("##[", "# #[")
