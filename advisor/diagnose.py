"""Run → Report: every rule is asked once; causes come first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from advisor import catalogue
from advisor.errors import AdvisorError, SignalUnavailable
from advisor.findings import Finding, Proposal, Severity
from advisor.fixes.base import named
from advisor.outcome import Report, Skipped, Status
from advisor.rules.base import Rule
from advisor.run import Run
from advisor.text import nearest, printable

# Without any rule of this family having judged, nothing is known of how the training went.
LOSS_FAMILY = "L"


def all_rules() -> tuple[Rule, ...]:
    """Every rule there is, in the order of their codes."""
    return tuple(sorted(catalogue.entries("rules"), key=lambda rule: rule.code))


def chosen_rules(select: str = "ALL", ignore: str = "") -> tuple[Rule, ...]:
    """The rules that comma lists of names, codes and beginnings of codes select and do not ignore; `ALL` is every rule.

    Raises AdvisorError for what names no rule.
    """
    rules = all_rules()
    chosen, ignored = (_named(text, rules) for text in (select, ignore))
    return tuple(rule for rule in rules if rule.name in chosen - ignored)


def _named(text: str, rules: Sequence[Rule]) -> set[str]:
    wanted = [part for part in (piece.strip() for piece in text.split(",")) if part]
    matched = {part: {rule.name for rule in rules if _is_meant(part, rule)} for part in wanted}
    unknown = [part for part, found in matched.items() if not found]
    if unknown:
        raise AdvisorError("; ".join(_no_such_rule(part, rules) for part in unknown) + " (`advisor rules` lists them)")
    return set().union(*matched.values())


def _is_meant(part: str, rule: Rule) -> bool:
    return part.upper() == "ALL" or part.lower() == rule.name or rule.code.startswith(part.upper())


def _no_such_rule(part: str, rules: Sequence[Rule]) -> str:
    hint = nearest(part.lower(), (known for rule in rules for known in (rule.name, rule.code.lower())))
    return f"{printable(part)}: no rule has that name, code or beginning of a code{hint and f', {hint}'}"


def diagnose(run: Run, rules: Sequence[Rule] | None = None) -> Report:
    """What `rules` (all of them, unless told otherwise) say about a Run, first thing first."""
    if not isinstance(run, Run):
        raise TypeError(f"found {type(run).__name__}, expected a Run, as advisor.load(PATH) gives it")
    asked = all_rules() if rules is None else tuple(rules)
    found, skipped = _ask(asked, run)
    by_name = {rule.name: rule for rule in asked}
    judged, moot = _without_moot(found, _first_things(found, by_name, run))
    explained = [_with_fixes(_with_cause(finding, judged, by_name), by_name, run) for finding in judged]
    findings = tuple(_causes_first(explained))
    silent = {entry.rule for entry in (*skipped, *moot)}
    checked = tuple(rule.name for rule in asked if rule.name not in silent)
    return Report(run, _status(findings, skipped, asked), findings, (*skipped, *moot), checked)


def _ask(rules: Iterable[Rule], run: Run) -> tuple[list[Finding], list[Skipped]]:
    found: list[Finding] = []
    skipped: list[Skipped] = []
    for rule in rules:
        try:
            # A blown-up run holds numbers whose square is infinite: that is what is judged, and nothing to warn of.
            with np.errstate(all="ignore"):
                found.extend(rule.check(run))
        except SignalUnavailable as reason:
            skipped.append(Skipped(rule.name, str(reason)))
    return found, skipped


def _first_things(found: Sequence[Finding], asked: dict[str, Rule], run: Run) -> dict[str, str]:
    """Rules that are moot, each with the one that makes it so: a diverging run cannot also overfit, whether that is asked or not."""
    names = {finding.rule for finding in found}
    unasked = {rule.name: rule for rule in all_rules() if rule.name not in asked and names.intersection(rule.excludes)}
    first = [*_ask(unasked.values(), run)[0], *found]
    return {rule: finding.rule for finding in first for rule in (asked | unasked)[finding.rule].excludes}


def _without_moot(found: Sequence[Finding], moot: dict[str, str]) -> tuple[list[Finding], list[Skipped]]:
    """Findings that another finding leaves standing, and those it makes moot."""
    skipped = [Skipped(finding.rule, f"{moot[finding.rule]} comes first") for finding in found if finding.rule in moot]
    return [finding for finding in found if finding.rule not in moot], skipped


def _with_cause(finding: Finding, found: Sequence[Finding], rules: dict[str, Rule]) -> Finding:
    causes = [cause for cause in found if finding.rule in rules[cause.rule].explains]
    best = max(causes, key=_weight, default=None)
    return replace(finding, because=best.rule) if best else finding


def _with_fixes(finding: Finding, rules: dict[str, Rule], run: Run) -> Finding:
    rule = rules[finding.rule]
    last = rule.by_config if run.config is None else ()
    proposals = (named(fix).propose(run, finding) for fix in sorted(rule.fixes, key=last.__contains__))
    fixes: tuple[Proposal, ...] = tuple(proposal for proposal in proposals if proposal is not None)
    return replace(finding, fixes=fixes)


def _causes_first(found: Sequence[Finding]) -> list[Finding]:
    """Each cause directly before what it explains; otherwise the worst first."""
    roots = sorted((finding for finding in found if finding.because is None), key=lambda root: _family_weight(root, found), reverse=True)
    return [member for root in roots for member in _family(root, found)]


def _family(root: Finding, found: Sequence[Finding]) -> list[Finding]:
    effects = sorted((finding for finding in found if finding.because == root.rule), key=_weight, reverse=True)
    return [root, *(member for effect in effects for member in _family(effect, found))]


def _family_weight(root: Finding, found: Sequence[Finding]) -> tuple[Severity, Severity, float]:
    worst = max(member.severity for member in _family(root, found))
    return (worst, *_weight(root))


def _weight(finding: Finding) -> tuple[Severity, float]:
    return (finding.severity, finding.confidence)


def _status(findings: Sequence[Finding], skipped: Sequence[Skipped], asked: Sequence[Rule]) -> Status:
    if any(finding.severity >= Severity.WARNING for finding in findings):
        return Status.FINDINGS
    silent = {entry.rule for entry in skipped}
    judged = any(rule.code.startswith(LOSS_FAMILY) and rule.name not in silent for rule in asked)
    return Status.HEALTHY if judged else Status.UNDECIDED
