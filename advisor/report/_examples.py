"""A rule's own examples, drawn for its page."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from advisor.charts import Row, Size, Span, draw
from advisor.outcome import Report
from advisor.report._curves import plots
from advisor.report._findings import SYMBOLS
from advisor.report._layers import by_layer
from advisor.report._layout import labelled, paragraph
from advisor.report.base import Stage
from advisor.run import Run
from advisor.text import number, printable

CHART_ROWS = 10
WIDEST_CHART = 72
# What is drawn by layer, where an example has it.
STATISTICS = ("grad_norm", "update_ratio", "zero_share", "saturated_share")
SHOWN = 3  # values of a list


def draw_example(title: str, report: Report, stage: Stage) -> list[Row]:
    """An example under its title: all that its Run holds, with the finding's place marked, and the finding's message.

    A near miss is drawn alike, so that what sets it apart can be seen, whatever that is; then nothing is found.
    """
    run = _by_step(report.run)
    rows = [*paragraph(title, stage.width, style="title"), *_told(run, stage)]
    for plot in plots(run, report.findings, every=True):
        rows += draw(plot, Size(min(stage.width, WIDEST_CHART), CHART_ROWS + min(len(plot.marks), 2)), stage.glyphs)
    within = next((finding.evidence for finding in report.findings if finding.evidence.layers), None)
    for statistic in STATISTICS:
        rows += by_layer(run, statistic, stage, within=within)
    for finding in report.findings:
        severity = str(finding.severity)
        lead = (Span(f"{SYMBOLS[severity]} {finding.rule}", severity), Span("  "))
        rows += paragraph(printable(finding.message), stage.width, lead=lead)
    return rows if report.findings else [*rows, *paragraph("stays silent", stage.width, lead=(Span("✓", "healthy"), Span(" ")))]


def _by_step(run: Run) -> Run:
    """The Run with the values of single steps, where it has any, in place of those of epochs."""
    return replace(run, series={**run.series, **run.step_series})


def _told(run: Run, stage: Stage) -> list[Row]:
    """What the Config and the facts of an example say: for many a rule this alone tells it from a near miss."""
    texts = {"Config": run.config, "facts": run.facts, "about": run.about}
    return [row for label, table in texts.items() for row in labelled(label, ", ".join(_entries(table or {})), stage.width)]


def _entries(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _entries(value, f"{path}{key}.")
        else:
            yield f"{path}{key} {_shown(value)}"


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        few = [_shown(one) for one in value[:SHOWN]]
        return f"[{', '.join(few)}]" if len(value) <= SHOWN else f"[{', '.join(few)}, ... {len(value)} in all]"
    return number(value) if isinstance(value, float) else printable(str(value))
