"""Outcomes → the few words and numbers that the dashboard has room for, and the text of a finding."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from advisor import catalogue
from advisor.charts import Glyphs, Row, Span
from advisor.charts.scale import short
from advisor.compare import Comparison
from advisor.dashboard.view.entries import Entry
from advisor.following import Watched
from advisor.outcome import Outcome, Report, Skipped, Status, Unreadable
from advisor.report._changes import verdict_rows
from advisor.report._comparison.text import conclusion, figures
from advisor.report._curves import numbered
from advisor.report._findings import SYMBOLS, one_finding
from advisor.report._layout import BLANK, code, labelled, paragraph
from advisor.report._repairs import worth
from advisor.report.base import Stage
from advisor.rules.base import Rule
from advisor.run import Floats, Series
from advisor.text import cut, number, printable

MAIN_ROLES = (("train_loss", "val_loss"), ("train_accuracy", "val_accuracy"), ("train_metric", "val_metric"))
NO_FINDINGS: dict[Status, Row] = {
    Status.HEALTHY: (Span("✓", "healthy"), Span(" healthy", "healthy")),
    Status.UNDECIDED: (Span("?", "faint"), Span(" undecided", "faint")),
    Status.UNREADABLE: (Span("?", "faint"), Span(" unreadable", "faint")),
}
SAID = {Status.HEALTHY: "no rule found anything", Status.UNDECIDED: "too little is recorded to judge by"}

Text = Callable[[int], list[Row]]


def verdict(outcome: Outcome) -> Row:
    """How many findings there are of each severity, and last the first thing to look at: a cause before what it explains."""
    if isinstance(outcome, Unreadable) or outcome.status is not Status.FINDINGS:
        return NO_FINDINGS[outcome.status]
    counts = Counter(str(finding.severity) for finding in outcome.findings)
    signs = [Span(f"{symbol}{counts[severity]}", severity) for severity, symbol in SYMBOLS.items() if counts[severity]]
    apart = [part for sign in signs for part in (Span(" "), sign)][1:]
    return (*apart, Span(f" {outcome.findings[0].rule}"))


def progress(outcome: Outcome) -> str:
    """The epochs that are recorded, of those planned where the Config is known."""
    if isinstance(outcome, Unreadable) or outcome.run.epochs is None:
        return ""
    planned = (outcome.run.config or {}).get("train", {}).get("epochs")
    return f"epoch {outcome.run.epochs} of {planned}" if planned else f"epoch {outcome.run.epochs}"


def last_values(outcome: Outcome) -> tuple[str, str]:
    """The last training and validation value of the main curves; empty where there is none."""
    by_part = {role.partition("_")[0]: float(series.values[-1]) for role, series in _main(outcome).items()}
    train, val = ("" if (value := by_part.get(part)) is None else _few(value) for part in ("train", "val"))
    return train, val


def _few(value: float) -> str:
    return short(value) if math.isfinite(value) else number(value)


def main_curve(outcome: Outcome) -> Floats | None:
    """What a sparkline shows: validation, where there is any."""
    return next((series.values for series in reversed(_main(outcome).values())), None)


def _main(outcome: Outcome) -> dict[str, Series]:
    if isinstance(outcome, Unreadable):
        return {}
    pairs = ({role: series for role in roles if (series := outcome.run.get(role))} for roles in MAIN_ROLES)
    return next((pair for pair in pairs if pair), {})


def text_of(outcome: Outcome, entry: Entry | None) -> Text:
    """What is to be read of a run: a finding, why a rule was skipped, or that nothing was found; as rows for a width."""
    if isinstance(outcome, Report) and entry and entry.index is not None:
        return partial(one_finding, numbered(outcome.findings)[entry.index], outcome.run)
    if entry and entry.skipped:
        return partial(_skipped, entry.skipped)
    return partial(_nothing_found, outcome)


def _skipped(skipped: Skipped, width: int) -> list[Row]:
    rule: Rule = catalogue.entry("rules", skipped.rule)
    rows = paragraph(f"{rule.code} {rule.name}", width, lead=(Span("- skipped ", "faint"),), style="title")
    for label, text in (("because", skipped.reason), ("needs", rule.needs), ("finds", rule.summary)):
        rows += labelled(label, printable(text), width, indent="  ")
    return rows


def _nothing_found(outcome: Outcome, width: int) -> list[Row]:
    lead = (*NO_FINDINGS.get(outcome.status, ()), Span(" "))
    if isinstance(outcome, Unreadable):
        return paragraph(printable(outcome.error), width, lead=lead)
    rows = [*paragraph(SAID[outcome.status], width, lead=lead), BLANK]
    judged = f"{len(outcome.checked)} rules could judge it, {len(outcome.skipped)} could not"
    return rows + (paragraph(judged, width, style="axis") if outcome.checked else [])


def trial_line(title: str, made: Sequence[Watched], width: int) -> list[Row]:
    """How far a trial is, in one line."""
    going = [f"{run.label} {progress(run.outcome) or 'begins'}" for run in made]
    said = printable(f"trying {title}: {', '.join(going) or 'starting'}")
    return [(Span(cut(said, width), "title"),)]


def verdict_text(outcome: Mapping[str, Any], width: int, glyphs: Glyphs) -> list[Row]:
    """What `advisor fix` found, an attempt after the other, and what remains."""
    stage = Stage(width, glyphs)
    rows: list[Row] = []
    for attempt in outcome.get("attempts") or ():
        rows += verdict_rows({**attempt, "kept": False}, stage)  # that is for the reader to decide
        rows += [*labelled("why", printable(str(attempt.get("reason") or "")), width, indent="  "), BLANK]
    rows += [] if rows else paragraph("nothing could be tried", width)
    remaining = ", ".join(outcome.get("remaining") or ())
    spent = worth(outcome["trainings"]) if "trainings" in outcome else ""
    return rows + labelled("spent", spent, width, indent="  ") + labelled("remains", printable(remaining), width, indent="  ")


def last_words(words: str, width: int) -> list[Row]:
    """What a process said before it ended."""
    lines = printable_lines(words) or ["it said nothing: something killed its process"]
    return [row for line in lines for row in code(line, width, "", "")]


def printable_lines(text: str) -> list[str]:
    """Its lines, harmless."""
    return [printable(line.rstrip()) for line in text.splitlines() if line.strip()]


def compared_text(comparison: Comparison, width: int, glyphs: Glyphs) -> list[Row]:
    """Runs beside each other: which is best, their results, what differs; their curves stand in the charts already."""
    stage = Stage(width, glyphs)
    return [*conclusion(comparison, stage), BLANK, *figures(comparison, stage)]
