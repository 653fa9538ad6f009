"""The findings of one run, first thing first, with the numbers that the chart refers to; behind them what was skipped."""

from collections.abc import Sequence

from textual.reactive import reactive

from advisor.charts import Row, Span
from advisor.dashboard.view.entries import Entry, same_place
from advisor.dashboard.widgets.listing import Listing
from advisor.report._findings import SYMBOLS
from advisor.text import cut


class FindingList(Listing):
    """A finding that another one explains stands indented behind its cause."""

    entries: reactive[Sequence[Entry]] = reactive(())
    verdict: reactive[Row] = reactive(())  # what stands where nothing was found

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self.entries)

    @property
    def chosen(self) -> Entry | None:
        """The entry under the cursor."""
        return self.entries[self.cursor] if self.entries else None

    def watch_entries(self, before: Sequence[Entry], after: Sequence[Entry]) -> None:
        """Keep the cursor on the rule that it was on, wherever it is now."""
        self.cursor = same_place(before, self.cursor, after) if before else 0
        self.updated()

    def line(self, index: int, width: int) -> Row:
        """A finding's number, severity and rule; or a rule that was skipped."""
        entry = self.entries[index]
        if entry.skipped:
            return (Span(cut(f"- {entry.rule} skipped", width), "faint"),)
        if entry.finding is None:
            return self.verdict
        severity = str(entry.finding.severity)
        effect = "  " if entry.finding.because else ""
        return (Span(f"{index + 1} {effect}"), Span(cut(f"{SYMBOLS[severity]} {entry.rule}", width - 2 - len(effect)), severity))
