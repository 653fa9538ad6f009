"""What could be done about a run, as a list to choose from."""

from dataclasses import dataclass

from advisor import catalogue
from advisor.charts import Row, Span
from advisor.charts.rows import row_cells
from advisor.edits import Safety
from advisor.findings import Finding, Proposal
from advisor.outcome import Report
from advisor.repair import Attempt, advice, planned, serious
from advisor.report._explained import explained, explained_rows
from advisor.report._layout import BLANK, code, paragraph
from advisor.report._repairs import diff_rows
from advisor.report.base import Stage

ASKS = {Safety.SAFE: "safe: it changes how the model is trained", Safety.UNSAFE: "unsafe: it changes the model, the data or the loss"}
SIGNS = {Safety.SAFE: Span("safe  ", "healthy"), Safety.UNSAFE: Span("unsafe", "warning"), Safety.MANUAL: Span("manual", "faint")}


@dataclass(frozen=True, eq=False)
class Option:
    """A fix, or all of them one after the other."""

    title: str
    rule: str  # of the finding that it is for
    safety: Safety
    attempts: tuple[Attempt, ...] = ()  # what would be tried; nothing for advice
    fixes: tuple[str, ...] = ()  # by name; none: all that is proposed, the best first
    proposal: Proposal | None = None

    @property
    def can_be_tried(self) -> bool:
        """Whether it changes anything in a Config."""
        return bool(self.attempts)

    @property
    def line(self) -> Row:
        """How it stands in the list."""
        return (SIGNS[self.safety], Span(f" {self.title}"))

    def diff(self, report: Report, width: int) -> list[Row]:
        """What changes in the Config."""
        rows: list[Row] = []
        for attempt in self.attempts:
            rows += [*([(Span(attempt.fix, "title"),)] if len(self.attempts) > 1 else []), *_wrapped(diff_rows(attempt), width), BLANK]
        rows += paragraph(ASKS[self.safety], width, "  ", style="axis") if self.safety in ASKS else []
        name = report.run.name if len(self.attempts) != 1 else f"{report.run.name}-{self.attempts[0].fix}"
        return rows + paragraph(f"It is trained into {name} beside the run; the run itself stays as it is.", width, "  ", style="axis")

    def rows(self, report: Report, refusal: str, width: int) -> list[Row]:
        """All there is to know of it."""
        rows = paragraph(refusal, width, style="warning") if refusal else []
        rows += paragraph(f"for {self.rule}", width, style="axis") if self.rule else []
        if self.can_be_tried:
            rows += [*self.diff(report, width), BLANK]
        elif self.proposal:
            rows += [row for line in self.proposal.pytorch.splitlines() for row in code(line, width, "  ", "curve1")]
        page = explained(self.fixes[0]) if len(self.fixes) == 1 else None
        return rows + (explained_rows(page, Stage(width)) if page else [])


def _wrapped(rows: list[Row], width: int) -> list[Row]:
    """Changes that are too long for one line on several, behind their sign."""
    return [part for row in rows for part in (code(row[0].text, width, "", row[0].style) if row_cells(row) > width else [row])]


def options(report: Report) -> tuple[Option, ...]:
    """The fixes that findings propose, best first; then all of them at once, and what only a person can do."""
    if report.run.config is None:
        return tuple(_snippet(finding, proposal) for finding, proposal in _proposed(report))
    attempts = planned(report.run, report, ()).attempts
    single = [Option(attempt.fix, attempt.finding.rule, attempt.safety, (attempt,), (attempt.fix,)) for attempt in attempts]
    worst = Safety.UNSAFE if any(attempt.safety is Safety.UNSAFE for attempt in attempts) else Safety.SAFE
    together = [Option("all of these, one after the other", "", worst, attempts)] if len(attempts) > 1 else []
    manual = [Option(proposal.fix, "", proposal.safety, fixes=(proposal.fix,), proposal=proposal) for proposal in advice(serious(report))]
    return (*single, *together, *manual)


def _proposed(report: Report) -> list[tuple[Finding, Proposal]]:
    """Each fix once, with the first finding that proposes it."""
    found: dict[str, tuple[Finding, Proposal]] = {}
    for finding in report.findings:
        for proposal in finding.fixes:
            if proposal.fix in catalogue.names("fixes"):
                found.setdefault(proposal.fix, (finding, proposal))
    return list(found.values())


def _snippet(finding: Finding, proposal: Proposal) -> Option:
    return Option(proposal.fix, finding.rule, Safety.MANUAL, fixes=(proposal.fix,), proposal=proposal)
