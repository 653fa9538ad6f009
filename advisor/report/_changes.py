"""Before and after a fix: curves over each other, numbers by layer, and what the Verdict rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.charts import Row, Size, Span, draw
from advisor.report._curves import overlaid
from advisor.report._findings import edit_words
from advisor.report._layers import by_layer
from advisor.report._layout import BLANK, labelled, paragraph
from advisor.report.base import Stage
from advisor.run import Run
from advisor.text import number, printable

CHART_ROWS = 12
WIDEST_CHART = 110
ROLES = ("val_loss", "train_loss")
LOOKS = {
    "cured": ("✓", "healthy"), "improved": ("✓", "healthy"), "no effect": ("–", "warning"), "worse": ("✗", "error"),
    "dropped": ("–", "info"),
}  # fmt: skip
NOT_TRIED = ("?", "info")


def draw_change(before: Run, after: Run, stage: Stage, roles: Sequence[str] = ROLES) -> list[Row]:
    """The curves of `roles` before (faint) and after a fix, and the gradient norms by layer where both runs have them."""
    rows: list[Row] = []
    for role in roles:
        plot = overlaid(before, after, role)
        rows += [*draw(plot, Size(min(stage.width, WIDEST_CHART), CHART_ROWS), stage.glyphs), BLANK] if plot else []
    return rows + by_layer(before, "grad_norm", stage, after)


def verdict_rows(attempt: Mapping[str, Any], stage: Stage) -> list[Row]:
    """One attempt, an entry of `attempts` in the JSON document: its Verdict, its edits, and its numbers before and after."""
    verdict = str(attempt["verdict"])
    symbol, style = LOOKS.get(verdict, NOT_TRIED)
    kept = ", kept" if attempt.get("kept") else ""
    rows = paragraph(f"{attempt['fix']}{kept}", stage.width, lead=(Span(f"{symbol} {verdict}", style), Span("  ")), style="title")
    edits = "; ".join(edit_words(edit["path"], edit["value"]) for edit in attempt.get("edits", ()))
    rows += labelled("change", printable(edits), stage.width, indent="  ")
    rows += labelled("signal", signal_words(attempt.get("signal")), stage.width, indent="  ")
    rows += labelled("result", metric_words(attempt.get("metric")), stage.width, indent="  ")
    return rows + labelled("run", printable(str(attempt.get("run") or "")), stage.width, indent="  ")


def signal_words(signal: Mapping[str, Any] | None) -> str:
    """What the rule measures, before and after; nothing where it was not measured again."""
    if signal is None or signal["after"] is None:
        return ""
    return f"{signal['rule']} {_shown(signal['before'])} → {_shown(signal['after'])} (threshold {_shown(signal['threshold'])})"


def metric_words(metric: Mapping[str, Any] | None) -> str:
    """The figure that decides, before and after, for each seed; nothing where there is none."""
    if not metric:
        return ""
    seeds = len(metric["before"])
    direction = "higher" if metric.get("higher_is_better") else "lower"
    before, after = (", ".join(_shown(value) for value in metric[when]) for when in ("before", "after"))
    return f"{printable(metric['name'])} {before} → {after} ({direction} is better{f', {seeds} seeds' if seeds > 1 else ''})"


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else number(float(value))
