"""What labelled logs say of a rule whose thresholds never saw them: one repository is left out at a time.

A threshold counts as tuned where its comment in the rule's file names labelled runs. For each rule DRAWS sets of its tuned thresholds are
drawn, each threshold between half and twice its value; the set that does best on all other repositories (F1, then the fewest healthy logs
alarmed, then the fewest findings) judges the one left out. Which thresholds there are at all, and in which of two rules' favour a log is
decided, was settled on all logs: so this bounds what choosing values by hand was worth, and is no substitute for new logs.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from advisor import catalogue
from advisor.diagnose import all_rules
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.rules.base import Rule

if TYPE_CHECKING:
    from judging import Log

DRAWS = 60
WIDEST = 2.0  # a threshold is drawn between its value over this and times this
TUNED = re.compile(r"^    ([A-Z_]+) = .*#.*\blabelled\b", re.MULTILINE)
Score = Callable[[str, "Sequence[Log]"], tuple[float, ...]]


@dataclass(frozen=True)
class LeftOut:
    """One rule, judged by thresholds that were chosen without the logs they judge."""

    rule: str
    knobs: tuple[str, ...]
    logs: "tuple[Log, ...]"  # with this rule's findings as they come out then, in the order of the logs given


def tuned_thresholds(rule: Rule) -> tuple[str, ...]:
    """The thresholds of a rule that were set while looking at labelled logs, as their comments say."""
    source = Path(catalogue.PACKAGE / "rules" / f"{rule.name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return tuple(TUNED.findall(source))


def left_out(logs: "Sequence[Log]", score: Score) -> Iterator[LeftOut]:
    """Each rule that has tuned thresholds and is labelled or found in some log."""
    for rule in all_rules():
        knobs = tuned_thresholds(rule)
        if knobs and any(rule.name in log.required | log.named for log in logs):
            yield LeftOut(rule.name, knobs, _judged(rule, knobs, (logs, score)))


def _judged(rule: Rule, knobs: tuple[str, ...], by: "tuple[Sequence[Log], Score]") -> "tuple[Log, ...]":
    logs, score = by
    drawn = [_under(rule, settings, logs) for settings in _settings(rule, knobs)]
    chosen: dict[str, int] = {}
    for repo in {log.repo for log in logs}:
        others = [[log for log in outcome if log.repo != repo] for outcome in drawn]
        chosen[repo] = max(range(DRAWS), key=lambda i, others=others: score(rule.name, others[i]))  # type: ignore[misc]
    return tuple(drawn[chosen[log.repo]][i] for i, log in enumerate(logs))


def _settings(rule: Rule, knobs: tuple[str, ...]) -> list[dict[str, Any]]:
    random = np.random.default_rng(0)
    return [{knob: _drawn(getattr(type(rule), knob), random) for knob in knobs} for _ in range(DRAWS)]


def _drawn(value: float, random: np.random.Generator) -> Any:
    return type(value)(value * WIDEST ** random.uniform(-1, 1))


def _under(rule: Rule, settings: dict[str, Any], logs: "Sequence[Log]") -> "list[Log]":
    """The logs with what this rule says under other thresholds, all other findings as they are."""
    excluding = {other.name for other in all_rules() if rule.name in other.excludes}
    with _set(rule, settings):
        return [replace(log, findings=_others(log, rule) + (() if excluding & log.named else _said(rule, log))) for log in logs]


def _others(log: "Log", rule: Rule) -> tuple[Finding, ...]:
    return tuple(finding for finding in log.findings if finding.rule != rule.name)


def _said(rule: Rule, log: "Log") -> tuple[Finding, ...]:
    found: list[Finding] = []
    for run in log.runs:
        try:
            with np.errstate(all="ignore"):
                found += list(rule.check(run))
        except SignalUnavailable:
            continue
    return tuple(found)


@contextmanager
def _set(rule: Rule, settings: dict[str, Any]) -> Iterator[None]:
    before = {name: getattr(type(rule), name) for name in settings}
    try:
        for name, value in settings.items():
            setattr(type(rule), name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(type(rule), name, value)
