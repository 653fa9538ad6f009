"""text: for people, at a terminal or in a file."""

from collections.abc import Sequence

from advisor.charts import Row, Size, Span, draw
from advisor.outcome import Outcome, Report, Status, Unreadable
from advisor.report._curves import plots
from advisor.report._findings import finding_rows
from advisor.report._layers import layer_rows
from advisor.report._layout import BLANK, labelled, paragraph, written
from advisor.report._words import condition, extents, fine, next_commands, reasons, summary, title
from advisor.report.base import Format, Stage
from advisor.text import cut, printable

CHART_ROWS = 14
MANY = 6  # runs, of which those without findings get a line each
LONGEST_NAME = 80  # cells of a column's name
MOST_MARK_ROWS = 6
MOST_UNUSED = 40  # columns that are named; trackers keep hundreds of histograms
WIDEST_CHART = 140
SEPARATOR = " · "


class Text(Format):
    """Each run with its curves, what was found in it, and what to do first."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        rows: list[Row] = []
        for outcome in outcomes:
            rows += [BLANK] if rows and not (len(outcomes) > MANY and _is_quiet(outcome)) else []
            rows += _short(outcome, stage) if len(outcomes) > MANY and _is_quiet(outcome) else _told(outcome, stage)
        if len(outcomes) > 1:
            rows += [BLANK, *paragraph(summary(outcomes), stage.width, style="title")]
        return written(rows, stage.colours)


def _told(outcome: Outcome, stage: Stage) -> list[Row]:
    return _unreadable(outcome, stage) if isinstance(outcome, Unreadable) else _report(outcome, stage)


def _is_quiet(outcome: Outcome) -> bool:
    return isinstance(outcome, Report) and not outcome.findings


def _short(outcome: Outcome, stage: Stage) -> list[Row]:
    """One of many runs in which nothing was found."""
    lead = Span(f"✓ {condition(outcome)}", "healthy") if outcome.status is Status.HEALTHY else Span("? undecided", "warning")
    return paragraph(title(outcome), stage.width, lead=(lead, Span("  ")))


def _unreadable(outcome: Unreadable, stage: Stage) -> list[Row]:
    return paragraph(printable(outcome.error), stage.width, lead=(Span("✗ unreadable", "error"), Span(" ")))


def _report(report: Report, stage: Stage) -> list[Row]:
    return [
        *_header(report, stage),
        *chart_rows(report, stage),
        *finding_rows(report, stage.width),
        BLANK,
        *_verdict(report, stage),
        *_not_judged(report, stage),
        *_next(report, stage),
    ]


def _header(report: Report, stage: Stage) -> list[Row]:
    run = report.run
    rows = paragraph(title(report), stage.width, style="title")
    rows += _aside("log", SEPARATOR.join([run.format, *extents(report)]), stage)
    rows += _aside("read", ", ".join(_role(role, column) for role, column in run.roles.items()), stage)
    rows += _aside("unused", _unused(run.unused), stage)
    return rows + [row for text in run.notes for row in _aside("note", printable(text), stage)]


def _aside(label: str, text: str, stage: Stage) -> list[Row]:
    return labelled(label, text, stage.width, style="axis")


def _unused(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - MOST_UNUSED} more, which --format json lists" if len(columns) > MOST_UNUSED else ""
    return ", ".join(cut(printable(column), LONGEST_NAME) for column in columns[:MOST_UNUSED]) + more


def _role(role: str, column: str | Sequence[str]) -> str:
    source = " + ".join(cut(printable(part), LONGEST_NAME) for part in ([column] if isinstance(column, str) else column))
    return printable(role) if source == role else f"{printable(role)} = {source}"


def chart_rows(report: Report, stage: Stage) -> list[Row]:
    """The curves of a run with the places of its findings, and numbers by layer where a finding speaks of layers."""
    rows: list[Row] = []
    for plot in plots(report.run, report.findings):
        size = Size(min(stage.width, WIDEST_CHART), CHART_ROWS + min(len(plot.marks), MOST_MARK_ROWS))
        rows += [BLANK, *draw(plot, size, stage.glyphs)]
    by_layer = layer_rows(report.run, report.findings, stage)
    return [*rows, BLANK, *by_layer] if by_layer else rows


def _verdict(report: Report, stage: Stage) -> list[Row]:
    """What is known now, in one sentence."""
    match report.status:
        case Status.HEALTHY:
            called = condition(report)
            more = " else" if report.findings or called != report.status else ""
            lead = (Span(f"✓ {called}", "healthy"), Span("  "))
            return paragraph(f"nothing{more} found by {', '.join(fine(report))}", stage.width, lead=lead)
        case Status.UNDECIDED:
            why = "too little to judge by; the reasons stand below" if report.skipped else "no rule was asked"
            return paragraph(why, stage.width, lead=(Span("? undecided", "warning"), Span("  ")))
    return _aside("fine", ", ".join(fine(report)), stage)


def _not_judged(report: Report, stage: Stage) -> list[Row]:
    """Skipped rules, together where the reason is the same."""
    return [row for reason, rules in reasons(report).items() for row in _aside("skipped", f"{', '.join(rules)}: {reason}", stage)]


def _next(report: Report, stage: Stage) -> list[Row]:
    """A line a command, so that it can be copied."""
    commands = next_commands(report)
    return [row for label, command in zip(("next", ""), commands, strict=False) for row in _aside(label, command, stage)]
