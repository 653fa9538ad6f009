"""The thresholds of a rule with their values and sources, for its page: its constants and the comments beside them."""

import re
from typing import TYPE_CHECKING

from advisor import catalogue
from advisor.charts import Row, Span
from advisor.report._layout import BLANK, paragraph
from advisor.report.base import Stage

if TYPE_CHECKING:
    from advisor.rules.base import Rule

CONSTANT = re.compile(r"^    ([A-Z][A-Z0-9_]*) = (\S+)  # (.+)$", re.MULTILINE)
HEADING = "Thresholds"
TERMS = "Where each bound comes from. Labelled runs are real logs of others, recorded ones trainings with a fault that is known, or none."


def bounds(rule: "Rule") -> list[tuple[str, str, str]]:
    """Name, value and source of each threshold, in the order of the file; none where the source is not at hand.

    >>> bounds(catalogue.entry("rules", "vanishing-gradient"))[0]
    ('LEFT', '1e-3', "of the gradient at the first layer; AutoTrainer's bound. Recorded nets that learned kept 0.02 or more")
    """
    path = catalogue.PACKAGE / "rules" / f"{rule.name.replace('-', '_')}.py"
    return CONSTANT.findall(path.read_text(encoding="utf-8")) if path.is_file() else []


def bound_rows(rule: "Rule", stage: Stage) -> list[Row]:
    """The thresholds of a rule under their heading."""
    known = bounds(rule)
    if not known:
        return []
    rows = [*paragraph(HEADING, stage.width, style="title"), *paragraph(TERMS, stage.width, "  "), BLANK]
    names, values = (max(map(len, column)) for column in list(zip(*known, strict=True))[:2])
    for name, value, source in known:
        lead = Span(f"{name:{names}}  {value:>{values}}", "curve1"), Span("  ")
        rows += paragraph(source, stage.width, "  ", lead)
    return rows
