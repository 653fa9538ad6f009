"""Outcomes → the few words and numbers that the dashboard has room for, and the text of a finding."""

import math
from collections import Counter
from collections.abc import Callable
from functools import partial

from advisor import catalogue
from advisor.charts import Row, Span
from advisor.charts.scale import short
from advisor.dashboard.view.entries import Entry
from advisor.outcome import Outcome, Report, Skipped, Status, Unreadable
from advisor.report._curves import numbered
from advisor.report._findings import SYMBOLS, one_finding
from advisor.report._layout import BLANK, labelled, paragraph
from advisor.rules.base import Rule
from advisor.run import Floats, Series
from advisor.text import number, printable

MAIN_ROLES = (("train_loss", "val_loss"), ("train_accuracy", "val_accuracy"), ("train_metric", "val_metric"))
NO_FINDINGS = {
    Status.HEALTHY: Span("✓ healthy", "healthy"),
    Status.UNDECIDED: Span("? undecided", "faint"),
    Status.UNREADABLE: Span("? unreadable", "faint"),
}
SAID = {Status.HEALTHY: "no rule found anything", Status.UNDECIDED: "too little is recorded to judge by"}

Text = Callable[[int], list[Row]]


def verdict(outcome: Outcome) -> Span:
    """How many findings there are of each severity, and the first thing to look at: a cause before what it explains."""
    if isinstance(outcome, Unreadable) or outcome.status is not Status.FINDINGS:
        return NO_FINDINGS[outcome.status]
    counts = Counter(str(finding.severity) for finding in outcome.findings)
    said = " ".join(f"{symbol}{counts[severity]}" for severity, symbol in SYMBOLS.items() if counts[severity])
    return Span(f"{said} {outcome.findings[0].rule}", str(outcome.worst))


def progress(outcome: Outcome) -> str:
    """The epochs that are recorded, of those planned where the Config is known."""
    if isinstance(outcome, Unreadable) or outcome.run.epochs is None:
        return ""
    planned = (outcome.run.config or {}).get("train", {}).get("epochs")
    return f"epoch {outcome.run.epochs} of {planned}" if planned else f"epoch {outcome.run.epochs}"


def last_values(outcome: Outcome) -> str:
    """The last training and validation value of the main curves."""
    return " ".join(
        f"{short(value) if math.isfinite(value) else number(value):>7}" for value in (float(series.values[-1]) for series in _main(outcome))
    )


def main_curve(outcome: Outcome) -> Floats | None:
    """What a sparkline shows: validation, where there is any."""
    return next((series.values for series in reversed(_main(outcome))), None)


def _main(outcome: Outcome) -> list[Series]:
    if isinstance(outcome, Unreadable):
        return []
    pairs = ([series for role in roles if (series := outcome.run.get(role))] for roles in MAIN_ROLES)
    return next((pair for pair in pairs if pair), [])


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
    sign = NO_FINDINGS.get(outcome.status, Span(""))
    lead = (sign, Span(" "))
    if isinstance(outcome, Unreadable):
        return paragraph(printable(outcome.error), width, lead=lead)
    rows = [*paragraph(SAID[outcome.status], width, lead=lead), BLANK]
    judged = f"{len(outcome.checked)} rules could judge it, {len(outcome.skipped)} could not"
    return rows + (paragraph(judged, width, style="axis") if outcome.checked else [])
