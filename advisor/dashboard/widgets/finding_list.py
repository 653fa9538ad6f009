"""The findings of one run, first thing first, with the numbers that the chart refers to."""

from collections.abc import Sequence

from textual.reactive import reactive

from advisor.charts import Row, Span
from advisor.dashboard.widgets.listing import Listing
from advisor.findings import Finding
from advisor.report._findings import SYMBOLS
from advisor.text import cut


class FindingList(Listing):
    """A finding that another one explains stands indented behind its cause."""

    findings: reactive[Sequence[Finding]] = reactive(())

    @property
    def count(self) -> int:
        """How many findings there are."""
        return len(self.findings)

    def watch_findings(self, before: Sequence[Finding], after: Sequence[Finding]) -> None:
        """Keep the cursor on the rule that it was on, wherever it is now."""
        if before:
            rule = before[self.cursor].rule
            self.cursor = next((i for i, finding in enumerate(after) if finding.rule == rule), 0)
        self.updated()

    def line(self, index: int, width: int) -> Row:
        """A finding's number, severity and rule."""
        finding = self.findings[index]
        severity = str(finding.severity)
        effect = "  " if finding.because else ""
        return (Span(f"{index + 1} {effect}"), Span(cut(f"{SYMBOLS[severity]} {finding.rule}", width - 2 - len(effect)), severity))
