"""Outcomes → text: one file an output format. Files with an underscore are the parts that formats are made of."""

from advisor.report._changes import draw_change, verdict_rows
from advisor.report._examples import draw_example
from advisor.report._layout import written
from advisor.report.base import Format, Stage

__all__ = ["Format", "Stage", "draw_change", "draw_example", "verdict_rows", "written"]
