"""One outcome → a section of the page."""

from collections.abc import Iterator, Sequence

from advisor.outcome import Outcome, Report, Status, Unreadable
from advisor.report._curves import plots
from advisor.report._findings import SYMBOLS
from advisor.report._html.chart import figure
from advisor.report._html.findings import articles
from advisor.report._html.heat import heat_maps
from advisor.report._html.tags import Markup, folded, items, tag, together
from advisor.report._html.tried import tried
from advisor.report._words import error_text, extents, fine, next_commands, reasons, severities, title
from advisor.text import counted

SIGNS = SYMBOLS | {"healthy": "✓", "undecided": "?"}


def look(outcome: Outcome) -> str:
    """The style of a run's sign: that of its worst finding."""
    if isinstance(outcome, Unreadable):
        return "error"
    if outcome.status is Status.FINDINGS:
        return str(outcome.worst)
    return "healthy" if outcome.status is Status.HEALTHY else "undecided"


def sign(outcome: Outcome) -> Markup:
    """A run's status as a badge with words."""
    style = look(outcome)
    return tag("span", f"{SIGNS[style]} {severities(outcome)}", class_=f"badge {style}")


def section(nth: int, outcome: Outcome) -> Markup:
    """A run with its curves, what was found, its layers, and what was tried."""
    base = f"run-{nth}"
    head = tag("h2", title(outcome), " ", sign(outcome), id=f"{base}-title")
    body = [tag("p", error_text(outcome), class_="message")] if isinstance(outcome, Unreadable) else list(_body(base, outcome))
    return tag("section", head, *body, id=base, aria_labelledby=f"{base}-title")


def _body(base: str, report: Report) -> Iterator[Markup]:
    run = report.run
    yield tag("p", " · ".join([run.format, *extents(report)]), class_="about")
    yield items(run.notes, class_="notes")
    for nth, plot in enumerate(plots(run, report.findings), start=1):
        yield figure(f"{base}-chart-{nth}", plot, report.findings, f"{base}-finding-")
    yield from articles(report, f"{base}-finding-")
    if maps := heat_maps(run, report.findings):
        yield tag("h3", "Layers")
        yield from maps
    yield from tried(run, f"{base}-tried-")
    yield _next(report)
    yield _judged(report)


def _next(report: Report) -> Markup:
    commands = [tag("code", command) for command in next_commands(report)]
    return tag("p", "next: ", together(commands, " · "), class_="about") if commands else Markup("")


def _judged(report: Report) -> Markup:
    """The rules that found nothing or could not judge, and what was read."""
    lists: Sequence[tuple[str, Sequence[str]]] = (
        ("found nothing", [", ".join(fine(report))] if fine(report) else []),
        ("could not judge", [f"{', '.join(rules)}: {reason}" for reason, rules in reasons(report).items()]),
        ("read", [_role(role, column) for role, column in report.run.roles.items()]),
        ("unused", report.run.unused),
    )
    told = [part for head, texts in lists if texts for part in (tag("h4", head), items(texts))]
    summary = f"{counted(len(fine(report)), 'rule')} found nothing, {len(report.skipped)} could not judge"
    return folded(summary, *told)


def _role(role: str, column: str | Sequence[str]) -> str:
    source = column if isinstance(column, str) else " + ".join(column)
    return role if source == role else f"{role} = {source}"
