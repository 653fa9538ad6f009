"""What could be tried, and what it changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.charts import Span
from advisor.charts.rows import row_cells
from advisor.dashboard.view.options import options
from advisor.diagnose import diagnose
from advisor.edits import Safety
from advisor.readers import load

SAMPLES = Path(__file__).parents[3] / "sample_runs"


@pytest.mark.parametrize("width", [34, 60])
def test_no_change_is_cut_however_narrow_the_screen_is(width):
    report = diagnose(load(SAMPLES / "learning-rate-too-high"))
    option = next(option for option in options(report) if option.title == "lower-learning-rate")
    rows = option.diff(report, width)
    assert all(row_cells(row) <= width for row in rows)
    assert "what a range-test finds, else" in " ".join("".join(span.text for row in rows for span in (*row, Span(" "))).split())


def test_all_of_them_together_ask_first_where_one_of_them_does():
    report = diagnose(load(SAMPLES / "learning-rate-too-high"))
    safe = [replace(found, fixes=tuple(fix for fix in found.fixes if fix.safety is Safety.SAFE)) for found in report.findings]
    for judged, safety in ((report, Safety.UNSAFE), (replace(report, findings=tuple(safe)), Safety.SAFE)):
        together = next(option for option in options(judged) if len(option.fixes) != 1)
        assert together.safety is safety
