"""junit: a suite a run and a case a rule, for the test pages of Jenkins, GitLab and others."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from advisor.findings import Finding, Severity
from advisor.outcome import Outcome, Report, Unreadable
from advisor.report._advice import told
from advisor.report._words import error_text, fine, title
from advisor.report.base import Format, Stage
from advisor.run import Run
from advisor.text import printable

FAILS = Severity.WARNING  # information fails no case
COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


class Junit(Format):
    """A finding of warning or worse is a failure, information the output of a case that passes, an unreadable path an error."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        root = Element("testsuites", name="advisor")
        root.extend(_suite(outcome) for outcome in outcomes)
        for name in ("tests", "failures", "errors"):
            root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
        indent(root)
        # ASCII survives whatever encoding a stream has.
        return f"{HEAD}\n{tostring(root, encoding='us-ascii', xml_declaration=False).decode('ascii')}\n"


def _suite(outcome: Outcome) -> Element:
    name = title(outcome)
    cases = [_unreadable(outcome)] if isinstance(outcome, Unreadable) else list(_cases(outcome))
    counts = {count: sum(case.find(kind) is not None for case in cases) for count, kind in COUNTED.items()}
    suite = Element("testsuite", {"name": name, "tests": str(len(cases)), **{count: str(number) for count, number in counts.items()}})
    for case in cases:
        case.set("classname", name)
    suite.extend(cases)
    return suite


def _unreadable(outcome: Unreadable) -> Element:
    case = Element("testcase", name="readable")
    SubElement(case, "error", type="unreadable", message=error_text(outcome))
    return case


def _cases(report: Report) -> Iterator[Element]:
    """What was found, what was fine, and what could not be judged."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    yield from (_finding(findings, report.run) for findings in found.values())
    yield from (Element("testcase", name=rule) for rule in fine(report))
    for skipped in report.skipped:
        case = Element("testcase", name=skipped.rule)
        SubElement(case, "skipped", message=printable(skipped.reason))
        yield case


def _finding(findings: Sequence[Finding], run: Run) -> Element:
    """One rule's findings as one case."""
    worst = max(findings, key=lambda finding: finding.severity)
    text = "\n\n".join("\n".join(told(finding, run)) for finding in findings)
    case = Element("testcase", name=worst.rule)
    if worst.severity < FAILS:
        SubElement(case, "system-out").text = text
        return case
    message = f"{worst.code} {worst.severity}: {printable(worst.message)}"
    SubElement(case, "failure", type=str(worst.severity), message=message).text = text
    return case
