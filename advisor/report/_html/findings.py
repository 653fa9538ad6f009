"""A Finding → an article: what happened, why it matters, where it can be seen, what to do first."""

from collections.abc import Iterator

from advisor.findings import Finding, Proposal
from advisor.outcome import Report
from advisor.report._advice import changes, offered
from advisor.report._findings import SYMBOLS, place
from advisor.report._html.tags import Markup, folded, items, tag, together
from advisor.run import Run


def articles(report: Report, base: str) -> list[Markup]:
    """All findings in their order; their ids begin with `base`."""
    return [_article(str(nth), finding, report.run, base) for nth, finding in enumerate(report.findings, start=1)]


def _article(label: str, finding: Finding, run: Run, base: str) -> Markup:
    severity = str(finding.severity)
    badge = tag("span", f"{SYMBOLS[severity]} {severity}", class_=f"badge {severity}")
    cause = [tag("span", f" because of {finding.because}", class_="because")] if finding.because else []
    head = tag("h3", tag("span", label, class_=f"number {severity}"), " ", f"{finding.code} {finding.rule} ", badge, *cause)
    about = tag("dl", *_about(finding, run))
    return tag("article", head, tag("p", finding.message, class_="message"), about, id=f"{base}{label}", class_=_look(finding))


def _look(finding: Finding) -> str:
    return f"finding {finding.severity}" + (" effect" if finding.because else "")


def _about(finding: Finding, run: Run) -> Iterator[Markup]:
    for head, text in (("why", finding.why), ("seen in", place(finding.evidence, run))):
        yield together([tag("dt", head), tag("dd", text)])
    if finding.fixes:
        first, *others = finding.fixes
        yield together([tag("dt", "do first"), tag("dd", *_first(first, run))])
        yield together([tag("dt", "or"), tag("dd", items(map(offered, others)))] if others else [])


def _first(proposal: Proposal, run: Run) -> Iterator[Markup]:
    yield tag("p", offered(proposal))
    if lines := list(changes(proposal, run)):
        yield tag("pre", tag("code", together(lines, "\n")))
    has_edits = run.config is not None and proposal.edits
    snippets = [("PyTorch", proposal.pytorch)] * bool(has_edits) + [("Keras", proposal.keras)]
    yield folded("in your own code" if has_edits else "in Keras", *(_snippet(library, code) for library, code in snippets))


def _snippet(library: str, code: str) -> Markup:
    return tag("div", tag("p", library), tag("pre", tag("code", together(code.splitlines(), "\n"))), class_="snippet")
