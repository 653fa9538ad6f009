"""What could be tried: fixes with the finding they are for, and their Edits with measured values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np

from advisor import catalogue, dotted
from advisor.config import effectless, parse
from advisor.config.effects import default
from advisor.diagnose import diagnose
from advisor.dotted import Tree
from advisor.edits import Edit, Safety, apply
from advisor.errors import AdvisorError
from advisor.findings import Finding, Proposal, Severity
from advisor.fixes._changes import UNSOUND
from advisor.fixes.base import named
from advisor.outcome import Report
from advisor.repair.trainer import Sweep
from advisor.rules._settings import USUAL_BATCH
from advisor.rules.base import Rule
from advisor.run import Run

RANGE_TEST = "range-test"
CLIPPED = 3.0  # times the bound, of the norm in the middle
FEW_STEPS = 16  # an epoch
LOSSES_OF_NUMBERS = frozenset({"mse", "mae", "huber"})
# Beyond so many times the usual rate of its optimiser, a measured one is held in doubt: batch norm bears a hundred steps at rates that
# swing without end over the epochs.
DOUBTFUL = 20.0
ALIKE = 1.2  # a measured rate within this factor of the present one is the present one


@dataclass(frozen=True)
class Candidate:
    """A fix as proposed for a finding."""

    finding: Finding
    proposal: Proposal

    @property
    def fix(self) -> str:
        """The name of the fix."""
        return self.proposal.fix


def proposed(findings: Sequence[Finding]) -> Iterator[Candidate]:
    """The fixes of findings that can be tried, the first finding's first and its best first; each fix once."""
    seen: set[str] = set()
    for finding in findings:
        for proposal in finding.fixes:
            if proposal.safety is not Safety.MANUAL and proposal.fix not in seen:
                seen.add(proposal.fix)
                yield Candidate(finding, proposal)


def advice(findings: Sequence[Finding]) -> list[Proposal]:
    """The fixes of findings that only a person can make; each once."""
    manual = (proposal for finding in findings for proposal in (finding.fixes or _by_hand(finding)) if proposal.safety is Safety.MANUAL)
    return list({proposal.fix: proposal for proposal in manual}.values())


def _by_hand(finding: Finding) -> Iterator[Proposal]:
    """What helps best where no Edit does, as in a module of the user's own: its line of code is to be written there."""
    rule: Rule = catalogue.entry("rules", finding.rule)
    for fix in map(named, rule.fixes[:1]):
        yield Proposal(fix.name, fix.title, Safety.MANUAL, (), fix.pytorch, fix.keras)


def suspected(run: Run) -> list[str]:
    """Fixes for settings that stand out, whatever the rules say: bad first weights, few steps, bounds, the loss, what is warned of."""
    planned = Run("planned", run.path, "config", {}, config=run.config, facts=run.facts)
    tried = (proposed([finding]) for finding in diagnose(planned).findings if finding.severity >= Severity.WARNING)
    warned = (first.fix for candidates in tried if (first := next(candidates, None)))
    stand_out = {
        "reinitialize": dotted.get(run.config, "model.init") in UNSOUND,
        "change-batch-size": _has_few_steps(run),
        "clip-gradients": _is_clipped(run),
        "change-loss": _takes_classes_for_numbers(run),
    }
    return list(dict.fromkeys([*(fix for fix, is_so in stand_out.items() if is_so), *warned]))


def _is_clipped(run: Run) -> bool:
    """Whether nearly every gradient is shortened."""
    bound, norms = dotted.get(run.config, "optim.clip_norm", 0.0), run.get("grad_norm")
    return bound > 0 and norms is not None and len(norms.finite) > 0 and float(np.median(norms.finite.values)) > CLIPPED * bound


def _takes_classes_for_numbers(run: Run) -> bool:
    """Whether classes are learned with a loss for numbers."""
    return run.facts.get("task") == "classification" and dotted.get(run.config, "train.loss") in LOSSES_OF_NUMBERS


def _has_few_steps(run: Run) -> bool:
    """Whether large batches leave few steps in an epoch."""
    batch, samples = dotted.get(run.config, "data.batch_size"), run.facts.get("samples")
    if not isinstance(samples, int):
        return False
    size = batch if isinstance(batch, int) else samples
    return size > USUAL_BATCH and samples < FEW_STEPS * size


def chosen(fix: str, run: Run, report: Report) -> Candidate:
    """A fix that a person asks for, with the finding that proposes it, or else the first one; findings that matter before mere information.

    Raises AdvisorError where there is nothing to fix, or the fix would change nothing.
    """
    offering = [finding for finding in report.findings if any(proposal.fix == fix for proposal in finding.fixes)]
    serious = [finding for finding in report.findings if finding.severity >= Severity.WARNING]
    finding = next(iter([*(each for each in offering if each in serious), *serious, *offering, *report.findings]), None)
    if finding is None:
        raise AdvisorError(f"{run.path}: {report.status}, found nothing to apply {fix} to; expected a run with a finding")
    proposal = named(fix).propose(run, finding)
    if proposal is None:
        raise AdvisorError(f"{run.path}: {fix} would change nothing in its Config; choose another fix")
    if proposal.safety is Safety.MANUAL:
        raise AdvisorError(f"{fix} is advice for a person, no Edit of a Config; `advisor explain {fix}` says what to do")
    return Candidate(finding, proposal)


@dataclass(frozen=True)
class Resolved:
    """Edits with measured values, and the range test that was asked."""

    edits: tuple[Edit, ...]
    sweep: Sweep | None = None


def resolved(edits: Sequence[Edit], config: Tree, sweep_of: Callable[[Tree], Sweep]) -> Resolved:
    """The Edits with measured values, without those that change nothing, and with keys reset that lose their effect.

    Raises ConfigError where they make no valid Config.
    """
    needs_sweep = any(edit.measure == RANGE_TEST for edit in edits)
    sweep = sweep_of(apply(edits, config)) if needs_sweep else None
    final = [_measured(edit, edits, config, sweep) if sweep and edit.measure == RANGE_TEST else edit for edit in edits]
    final = [edit for edit in final if dotted.get(config, edit.path) != edit.value]
    tree = apply(final, config)
    parse(tree)
    idle = [path for path in effectless(tree) if path not in effectless(config)]
    return Resolved((*final, *(Edit(path, default(path)) for path in idle)) if final else (), sweep)


def _measured(edit: Edit, edits: Sequence[Edit], config: Tree, sweep: Sweep) -> Edit:
    """The Edit with the rate of a range test on the edited Config, or with its own where the test cannot tell.

    A fix that is to lower the rate never raises it nor leaves it as it is, nor the other way round.
    """
    now, found = dotted.get(config, edit.path), sweep.suggestion
    if found is None or not isfinite(found):
        return replace(edit, measure=None)
    is_alike, is_directed = len(edits) == 1 and now / ALIKE < found < now * ALIKE, len(edits) == 1 and edit.value != now
    if len(edits) > 1 and found > DOUBTFUL * edit.value:  # another optimiser: what it usually takes is the fix's own
        found = sqrt(found * edit.value)
    if is_directed and (is_alike or (found - now) * (edit.value - now) < 0):
        return replace(edit, measure=None)
    return replace(edit, value=now if is_alike else float(f"{found:.2g}"), measure=None)
