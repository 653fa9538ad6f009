"""A run in which no rule finds anything, and which yet leaves much of what its data give: seen beside a yardstick, not in its record."""

from collections.abc import Iterator
from dataclasses import replace

from advisor import catalogue
from advisor.errors import AdvisorError
from advisor.findings import Finding, Proposal, span
from advisor.fixes.base import named
from advisor.fixes.train_longer import FEW
from advisor.outcome import Report, Status
from advisor.repair.trainer import Tools
from advisor.repair.trials import is_complete, is_validated
from advisor.repair.yardstick import METHOD, Lead, Yardstick
from advisor.rules._settings import is_straight
from advisor.rules.base import Rule
from advisor.text import number

RULE, TOO_EARLY, LONGER = "underfitting", "stopped-too-early", "train-longer"
WHY = "Another method gets more out of the same samples, so it is in them: the network, or how it is trained, leaves it there."
# A rate that is off hides behind any curve; then comes what a network cannot express, and what slows it down.
FIXES = (
    *("find-learning-rate", "use-relu", "switch-optimizer", "widen-model", "raise-learning-rate", "change-batch-size", "add-batch-norm"),
    *("lower-regularization", "clip-gradients", "train-longer"),
)
BENT = ("use-relu", "widen-model", "deepen-model")  # what gives a model without any non-linearity one
IN_MORE_STEPS = frozenset({"train-longer", "raise-learning-rate", "find-learning-rate", "change-batch-size", "switch-optimizer"})
CONFIDENCE = 0.85


def beside_yardstick(report: Report, tools: Tools) -> Report:
    """The Report of a healthy run; with a finding, where its result falls far short of the yardstick."""
    run = report.run
    if report.status is not Status.HEALTHY or run.config is None or not is_validated(run) or not is_complete(run):
        return report
    config = run.config
    try:
        lead = Yardstick(lambda: tools.trainer.yardstick(config)).lead(tools.trainer.scores(run.path))
    except AdvisorError:  # there are no weights to measure, or no data
        return report
    if lead is None or not (lead.is_far or (lead.is_enough_if_told and (is_straight(run) or _still_improved(report)))):
        return report
    return replace(report, status=Status.FINDINGS, findings=(_finding(report, lead), *report.findings))


def _still_improved(report: Report) -> bool:
    return any(finding.rule == TOO_EARLY for finding in report.findings)


def is_short(finding: Finding) -> bool:
    """Whether a finding comes from the yardstick."""
    return finding.why == WHY


def _finding(report: Report, lead: Lead) -> Finding:
    rule: Rule = catalogue.entry("rules", RULE)
    points = len(report.run.need("val_loss").values)
    straight = ", and the model has no non-linearity: it can only draw straight lines" if is_straight(report.run) else ""
    message = f"The {lead.metric.name} ends at {number(lead.result)}, where {METHOD} reaches {number(lead.reached)}{straight}."
    evidence = span(report.run, ("val_loss",), 0, points - 1)
    found = Finding(RULE, rule.code, rule.severity, CONFIDENCE, message, WHY, lead.result, lead.reached, evidence)
    return replace(found, fixes=tuple(_proposals(report, found, lead.is_far)))


def _proposals(report: Report, found: Finding, is_far: bool) -> Iterator[Proposal]:
    told = [proposal.fix for finding in report.findings for proposal in finding.fixes[:1] if proposal.fix in FIXES]
    has_few_epochs = is_far and 0 < (report.run.epochs or 0) < FEW
    fitting = FIXES if is_far or is_straight(report.run) else [fix for fix in FIXES if fix in IN_MORE_STEPS]
    first = BENT if is_straight(report.run) else (LONGER,) if has_few_epochs else ()
    for fix in dict.fromkeys((*first, *told, *fitting)):  # what findings of mere information propose comes before the usual
        proposal = named(fix).propose(report.run, found)
        if proposal is not None and proposal.edits:
            yield proposal
