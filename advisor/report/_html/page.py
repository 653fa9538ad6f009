"""Outcomes → one page that needs nothing beside it and may load nothing."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from advisor.charts.plot import x_limits
from advisor.charts.scale import scale_of
from advisor.outcome import Outcome, Report
from advisor.report._curves import plots
from advisor.report._html.run import section, sign
from advisor.report._html.tags import Markup, table, tag
from advisor.report._html.thinning import UNITS, path
from advisor.report._words import error_text, summary, title, worst_first
from advisor.text import counted
from advisor.version import VERSION

HERE = Path(__file__).parent
MANY = 6  # runs, of which those without findings stand in the table only
MOST_TOLD = 100  # runs that are told of in full
SPARK_PARTS = 40
NAMED = 3


def page(outcomes: Sequence[Outcome]) -> Markup:
    """The whole document, the worst run first."""
    ordered = worst_first(outcomes)
    told = [nth for nth, outcome in enumerate(ordered) if len(ordered) <= MANY or _speaks(outcome)][:MOST_TOLD]
    main = [tag("h1", "Training report"), tag("p", summary(ordered), class_="summary")]
    main += [_overview(ordered, told)] if len(ordered) > 1 else []
    main += [section(nth + 1, ordered[nth]) for nth in told]
    left_out = sum(map(_speaks, ordered)) - sum(_speaks(ordered[nth]) for nth in told)
    main += [tag("p", f"{counted(left_out, 'more run')} with findings: too much for one page")] if left_out else []
    body = tag("body", tag("a", "to the report", href="#report", class_="skip"), tag("main", *main, id="report"), _foot(), _script())
    return Markup(f"<!DOCTYPE html>\n{tag('html', _head(summary(ordered)), body, lang='en')}\n")


def _speaks(outcome: Outcome) -> bool:
    return not isinstance(outcome, Report) or bool(outcome.findings)


def _head(text: str) -> Markup:
    return tag(
        "head", tag("meta", charset="utf-8"), tag("meta", http_equiv="Content-Security-Policy", content=_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"), tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"Training report: {text}"), tag("style", _asset("page.css")),
    )  # fmt: skip


def _policy() -> str:
    """Nothing may be loaded, and of styles and scripts only the page's own are obeyed."""
    hashes = {
        kind: b64encode(sha256(_asset(name).encode()).digest()).decode() for kind, name in (("style", "page.css"), ("script", "page.js"))
    }
    own = "; ".join(f"{kind}-src 'sha256-{known}'" for kind, known in hashes.items())
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _asset(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="ascii"))


def _script() -> Markup:
    return tag("script", _asset("page.js"))


def _foot() -> Markup:
    return tag("footer", f"advisor {VERSION}")


def _overview(outcomes: Sequence[Outcome], told: Sequence[int]) -> Markup:
    rows = [_line(nth, outcome, nth in set(told)) for nth, outcome in enumerate(outcomes)]
    return tag("nav", table("runs, the worst first", ("run", "found", "loss", "first"), rows), aria_label="runs")


def _line(nth: int, outcome: Outcome, is_told: bool) -> list[str]:
    name = tag("a", title(outcome), href=f"#run-{nth + 1}") if is_told else title(outcome)
    if not isinstance(outcome, Report):
        return [name, sign(outcome), "", error_text(outcome)]
    rules = [finding.rule for finding in outcome.findings]
    more = f" and {len(rules) - NAMED} more" if len(rules) > NAMED else ""
    return [name, sign(outcome), _spark(outcome), ", ".join(rules[:NAMED]) + more]


def _spark(report: Report) -> Markup:
    """The first chart of a run in the height of a line."""
    plot = next(iter(plots(report.run, ())), None)
    if plot is None:
        return Markup("")
    scale, ends = scale_of([curve.y for curve in plot.curves], plot.log), x_limits(plot)
    lines = (
        tag("path", d=path(curve, ends, scale, SPARK_PARTS), class_=f"line curve{i % 6 + 1}", vector_effect="non-scaling-stroke")
        for i, curve in enumerate(plot.curves[:2])
    )
    return tag("svg", *lines, class_="spark", viewBox=f"0 0 {UNITS:g} {UNITS:g}", preserveAspectRatio="none", aria_hidden="true")
