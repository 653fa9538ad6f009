"""A rule's own examples, drawn for its page."""

from advisor.charts import Row, Size, Span, draw
from advisor.outcome import Report
from advisor.report._curves import plots
from advisor.report._findings import SYMBOLS
from advisor.report._layers import layer_rows
from advisor.report._layout import paragraph
from advisor.report.base import Stage
from advisor.text import printable

CHART_ROWS = 10
WIDEST_CHART = 72


def draw_example(title: str, report: Report, stage: Stage) -> list[Row]:
    """An example under its title: its curves with the finding's place marked, and the finding's message; or that nothing is found.

    An example without series shows its message alone.
    """
    rows = paragraph(title, stage.width, style="title")
    for plot in plots(report.run, report.findings):
        rows += draw(plot, Size(min(stage.width, WIDEST_CHART), CHART_ROWS + min(len(plot.marks), 2)), stage.glyphs)
    rows += layer_rows(report.run, report.findings, stage)
    for finding in report.findings:
        severity = str(finding.severity)
        lead = (Span(f"{SYMBOLS[severity]} {finding.rule}", severity), Span("  "))
        rows += paragraph(printable(finding.message), stage.width, lead=lead)
    return rows if report.findings else [*rows, *paragraph("stays silent", stage.width, lead=(Span("✓", "healthy"), Span(" ")))]
