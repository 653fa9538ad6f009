"""An Outcome and the finding that is looked at → the chart to show."""

from dataclasses import replace

from advisor.charts import Mark, Plot
from advisor.outcome import Outcome, Unreadable
from advisor.report._curves import plots


def plot_of(outcome: Outcome, index: int) -> Plot | None:
    """The chart on which finding number `index` (from 0) is marked, by its name; the others stand faint behind it."""
    if isinstance(outcome, Unreadable):
        return None
    label = str(index + 1)
    drawn = plots(outcome.run, outcome.findings)
    chosen = next((plot for plot in drawn if any(mark.label == label for mark in plot.marks)), drawn[0] if drawn else None)
    if chosen is None or index >= len(outcome.findings):
        return chosen
    rule = outcome.findings[index].rule
    here = [replace(mark, label=f"{label} {rule}") for mark in chosen.marks if mark.label == label]
    others: list[Mark] = [replace(mark, style="faint") for mark in chosen.marks if mark.label != label]
    return replace(chosen, marks=(*here, *others))
