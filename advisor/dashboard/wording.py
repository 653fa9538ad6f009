"""Outcomes → the few words and numbers that the dashboard has room for, and the text of a finding."""

from collections.abc import Callable
from functools import partial

from advisor.charts import Row, Span
from advisor.outcome import Outcome, Report, Status, Unreadable
from advisor.report._curves import numbered
from advisor.report._findings import SYMBOLS, one_finding
from advisor.report._layout import BLANK, paragraph
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
    """How bad it is, in a sign, and the first thing to look at: a cause before what it explains."""
    if isinstance(outcome, Unreadable) or outcome.status is not Status.FINDINGS:
        return NO_FINDINGS[outcome.status]
    worst = str(outcome.worst)
    return Span(f"{SYMBOLS[worst]} {outcome.findings[0].rule}", worst)


def progress(outcome: Outcome) -> str:
    """The epochs that are recorded, of those planned where the Config is known."""
    if isinstance(outcome, Unreadable) or outcome.run.epochs is None:
        return ""
    planned = (outcome.run.config or {}).get("train", {}).get("epochs")
    return f"epoch {outcome.run.epochs} of {planned}" if planned else f"epoch {outcome.run.epochs}"


def last_values(outcome: Outcome) -> str:
    """The last training and validation value of the main curves."""
    return " ".join(f"{number(float(series.values[-1])):>8}" for series in _main(outcome))


def main_curve(outcome: Outcome) -> Floats | None:
    """What a sparkline shows: validation, where there is any."""
    return next((series.values for series in reversed(_main(outcome))), None)


def _main(outcome: Outcome) -> list[Series]:
    if isinstance(outcome, Unreadable):
        return []
    pairs = ([series for role in roles if (series := outcome.run.get(role))] for roles in MAIN_ROLES)
    return next((pair for pair in pairs if pair), [])


def text_of(outcome: Outcome, index: int) -> Text:
    """What is to be read of a run: its finding number `index` (from 0), or why there is none; as rows for a width."""
    if isinstance(outcome, Report) and index < len(outcome.findings):
        return partial(one_finding, numbered(outcome.findings)[index], outcome.run)
    return partial(_nothing_found, outcome)


def _nothing_found(outcome: Outcome, width: int) -> list[Row]:
    sign = NO_FINDINGS.get(outcome.status, Span(""))
    lead = (sign, Span(" "))
    if isinstance(outcome, Unreadable):
        return paragraph(printable(outcome.error), width, lead=lead)
    rows = [*paragraph(SAID[outcome.status], width, lead=lead), BLANK]
    for skipped in outcome.skipped:
        rows += paragraph(f"{skipped.rule}: {printable(skipped.reason)}", width, lead=(Span("skipped ", "axis"),), style="axis")
    return rows
