"""What stands in the list of findings: the findings, or that there are none, and behind them the rules that were skipped."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.findings import Finding
from advisor.outcome import Outcome, Skipped, Unreadable


@dataclass(frozen=True)
class Entry:
    """A finding, a skipped rule, or neither: what is said of the whole run."""

    finding: Finding | None = None
    index: int | None = None  # of the finding, from 0
    skipped: Skipped | None = None

    @property
    def rule(self) -> str:
        """The rule it is about; empty where it is about all of them."""
        return self.finding.rule if self.finding else self.skipped.rule if self.skipped else ""


def entries(outcome: Outcome) -> tuple[Entry, ...]:
    """Findings in their order, then what could not be judged."""
    if isinstance(outcome, Unreadable):
        return (Entry(),)
    found = tuple(Entry(finding, nth) for nth, finding in enumerate(outcome.findings))
    return (*(found or (Entry(),)), *(Entry(skipped=skipped) for skipped in outcome.skipped))


def first_skipped(listed: Sequence[Entry]) -> int | None:
    """Where the rules that were skipped begin; None where none was."""
    return next((i for i, entry in enumerate(listed) if entry.skipped), None)


def same_place(before: Sequence[Entry], cursor: int, after: Sequence[Entry]) -> int:
    """Where the entry under the cursor is now; the first one where it is gone."""
    if cursor >= len(before):
        return 0
    kind = (before[cursor].rule, before[cursor].skipped is None)
    return next((i for i, entry in enumerate(after) if (entry.rule, entry.skipped is None) == kind), 0)
