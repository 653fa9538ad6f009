"""A finding's advice as plain lines, for formats in which it is one text."""

from collections.abc import Iterator

from advisor.findings import Finding, Proposal
from advisor.report._findings import ASKS, change, place
from advisor.run import Run
from advisor.text import printable


def told(finding: Finding, run: Run) -> list[str]:
    """What happened, why it matters, where it can be seen, and what to do: a line each, the changes indented."""
    return [printable(finding.message), f"why: {finding.why}", f"seen in: {place(finding.evidence, run)}", *advice(finding, run)]


def advice(finding: Finding, run: Run) -> list[str]:
    """The fixes, best first, the first one with its change."""
    if not finding.fixes:
        return []
    first, *others = finding.fixes
    lines = [f"do first: {offered(first)}", *(f"    {line}" for line in changes(first, run))]
    return lines + [f"or: {offered(other)}" for other in others]


def offered(proposal: Proposal) -> str:
    """A fix with its safety and what it does."""
    return f"{proposal.fix} ({ASKS[proposal.safety]}): {proposal.title}"


def changes(proposal: Proposal, run: Run) -> Iterator[str]:
    """The lines of the Config that a fix changes, or what to write in PyTorch and in Keras where there is none."""
    yield from map(printable, change(proposal, run.config))
