"""markdown: for the summary of a CI job, a pull request or a report; words and tables without charts."""

from collections.abc import Iterator, Sequence

from advisor.findings import Finding
from advisor.outcome import Outcome, Report, Status, Unreadable
from advisor.report._advice import changes, offered
from advisor.report._findings import SYMBOLS, place
from advisor.report._markdown import escaped, fenced, table
from advisor.report._words import error_text, extents, fine, reasons, severities, summary, title, worst_first
from advisor.report.base import Format, Stage
from advisor.run import Run
from advisor.text import counted, printable

SIGNS = {Status.HEALTHY: "✓", Status.FINDINGS: "✗", Status.UNDECIDED: "?", Status.UNREADABLE: "✗"}
MOST_BYTES = 900_000  # GitHub refuses a summary of more than 1 MiB
NAMED = 3  # findings in the table of runs
MOST_ROWS = 500


class Markdown(Format):
    """The runs in a table, the worst first, then what was found in each; as much as a step summary takes."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        ordered = worst_first(outcomes)
        parts = [f"# {escaped(summary(ordered))}", *([_overview(ordered)] if len(ordered) > 1 else [])]
        told = [_told(outcome) for outcome in ordered if isinstance(outcome, Unreadable) or outcome.findings or len(ordered) == 1]
        room = MOST_BYTES - sum(len(part.encode()) for part in parts)
        kept = _fitting(told, room)
        left_out = [f"{counted(len(told) - kept, 'more run')} with findings: too much for one page"] if kept < len(told) else []
        return "\n\n".join([*parts, *told[:kept], *left_out]) + "\n"


def _fitting(texts: Sequence[str], room: int) -> int:
    """How many of the first texts fit."""
    for nth, text in enumerate(texts):
        room -= len(text.encode()) + 2
        if room < 0:
            return nth
    return len(texts)


def _overview(outcomes: Sequence[Outcome]) -> str:
    rows = [[SIGNS[outcome.status], title(outcome), severities(outcome), _named(outcome)] for outcome in outcomes[:MOST_ROWS]]
    more = len(outcomes) - MOST_ROWS
    return table(["", "run", "found", "first"], rows) + (f"\n\nand {counted(more, 'more run')}" if more > 0 else "")


def _named(outcome: Outcome) -> str:
    if isinstance(outcome, Unreadable):
        return error_text(outcome)
    rules = [f"{finding.code} {finding.rule}" for finding in outcome.findings]
    return ", ".join(rules[:NAMED]) + (f" and {len(rules) - NAMED} more" if len(rules) > NAMED else "")


def _told(outcome: Outcome) -> str:
    head = f"## {SIGNS[outcome.status]} {escaped(title(outcome))}"
    if isinstance(outcome, Unreadable):
        return f"{head}\n\n{escaped(error_text(outcome))}"
    about = f"{outcome.run.format} log of {', '.join(extents(outcome))}: {severities(outcome)}"
    findings = [_finding(nth, finding, outcome.run) for nth, finding in enumerate(outcome.findings, start=1)]
    return "\n\n".join([head, escaped(about), *findings, _quiet(outcome)])


def _finding(nth: int, finding: Finding, run: Run) -> str:
    severity = str(finding.severity)
    cause = f", because of {finding.because}" if finding.because else ""
    lines = [
        f"### {nth}. {SYMBOLS[severity]} {severity}: {escaped(f'{finding.code} {finding.rule}{cause}')}\n",
        f"{escaped(printable(finding.message))}\n",
        f"- **why** {escaped(finding.why)}",
        f"- **seen in** {escaped(place(finding.evidence, run))}",
        *_fixes(finding, run),
    ]
    return "\n".join(lines)


def _fixes(finding: Finding, run: Run) -> Iterator[str]:
    for nth, proposal in enumerate(finding.fixes):
        yield f"- **{'or' if nth else 'do first'}** {escaped(offered(proposal))}"
        if nth == 0:
            language = "toml" if run.config is not None and proposal.edits else "python"
            yield "\n" + fenced(list(changes(proposal, run)), language, indent="  ") + "\n"


def _quiet(report: Report) -> str:
    """The rules that found nothing or could not judge, folded away."""
    lines = [f"- **fine** {', '.join(fine(report))}"] if fine(report) else []
    lines += [f"- **skipped** {', '.join(rules)}: {escaped(reason)}" for reason, rules in reasons(report).items()]
    head = f"{counted(len(fine(report)), 'rule')} found nothing, {len(report.skipped)} could not judge"
    return f"<details><summary>{head}</summary>\n\n" + "\n".join(lines) + "\n\n</details>"
