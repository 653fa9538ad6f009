"""What a rule says of one run after a fix."""

from advisor import catalogue
from advisor.diagnose import diagnose
from advisor.errors import SignalUnavailable
from advisor.rules.base import Rule
from advisor.run import Run


def measured(rule: str, run: Run) -> float | None:
    """The number that a rule judges by; None where the record cannot tell."""
    try:
        return _rule(rule).measure(run)
    except SignalUnavailable:
        return None


def is_silent(rule: str, run: Run) -> bool:
    """Whether a rule was able to judge a run and found nothing; no other finding can hide it."""
    report = diagnose(run, (_rule(rule),))
    return not report.findings and not report.skipped


def _rule(name: str) -> Rule:
    rule: Rule = catalogue.entry("rules", name)
    return rule
