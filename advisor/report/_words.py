"""What every format says alike: the title of a run, how many there are of each status, and which come first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from advisor.baseline import known_in
from advisor.outcome import Outcome, Report, Status, Unreadable, shown, typed
from advisor.text import counted, cut, printable

STANDARD_INPUT = Path("-")
LONGEST_NAME = 80  # cells of a run's name
KNOWN = "known findings"
COUNTED = {"findings": "with findings", KNOWN: f"with {KNOWN}"}
CONDITIONS = (Status.HEALTHY, KNOWN, Status.FINDINGS, Status.UNDECIDED, Status.UNREADABLE)


def worst_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """What could not be read, then the runs with the worst findings; those alike stay in their order."""
    return sorted(outcomes, key=_badness, reverse=True)


def _badness(outcome: Outcome) -> tuple[bool, int, int]:
    if isinstance(outcome, Unreadable):
        return (True, 0, 0)
    return (False, int(outcome.worst or 0), len(outcome.findings))


def title(outcome: Outcome) -> str:
    """A run's path, and its name where the path does not tell."""
    if isinstance(outcome, Unreadable):
        return _place(outcome.path)
    run = outcome.run
    path = _place(run.path)
    return path if run.name in (run.path.name, run.path.stem) else f"{path} {cut(printable(run.name), LONGEST_NAME)}"


def _place(path: Path) -> str:
    return "standard input" if path == STANDARD_INPUT else printable(shown(path))


def extents(report: Report) -> list[str]:
    """How much a run has: epochs and steps, else rows."""
    run = report.run
    known = [counted(count, word) for count, word in ((run.epochs, "epoch"), (run.steps, "step")) if count]
    return known or [counted(run.rows, "row")]


def condition(outcome: Outcome) -> str:
    """What a run is called: its status, but not healthy where a baseline holds what is wrong with it."""
    is_known = isinstance(outcome, Report) and outcome.status is Status.HEALTHY and known_in(outcome)
    return KNOWN if is_known else str(outcome.status)


def summary(outcomes: Sequence[Outcome]) -> str:
    """How many runs there are of each condition."""
    counts = Counter(map(condition, outcomes))
    if len(outcomes) == 1:
        (only,) = counts
        return f"1 run {COUNTED[only]}" if only in COUNTED else f"1 run, {only}"
    parts = [f"{counts[each]} {COUNTED.get(each, each)}" for each in map(str, CONDITIONS) if counts[each]]
    return f"{counted(len(outcomes), 'run')}: {', '.join(parts)}"


def severities(outcome: Outcome) -> str:
    """A run's findings counted by severity, worst first, behind its status where that does not follow from them.

    `2 errors, 1 warning`, or `healthy, 1 info`.
    """
    status = [] if outcome.status is Status.FINDINGS else [condition(outcome)]
    counts = Counter(finding.severity for finding in ([] if isinstance(outcome, Unreadable) else outcome.findings))
    return ", ".join([*status, *(counted(counts[severity], str(severity)) for severity in sorted(counts, reverse=True))])


def reasons(report: Report) -> dict[str, list[str]]:
    """Why rules were skipped, each reason with its rules."""
    grouped: dict[str, list[str]] = {}
    for skipped in report.skipped:
        grouped.setdefault(printable(skipped.reason), []).append(skipped.rule)
    return grouped


def fine(report: Report) -> list[str]:
    """The rules that judged and found nothing."""
    found = {finding.rule for finding in report.findings}
    return [rule for rule in report.checked if rule not in found]


def next_commands(report: Report) -> list[str]:
    """What to type next: a fix only where there is something to cure and a Config to change."""
    can_fix = report.status is Status.FINDINGS and report.run.config is not None
    fixing = [f"advisor fix {typed(report.run.path)}"] if can_fix else []
    return [*fixing, f"advisor explain {report.findings[0].rule}"] if report.findings else []


def error_text(outcome: Unreadable) -> str:
    """Why a path could not be read, without the path."""
    return printable(outcome.error).removeprefix(f"{title(outcome)}: ")
