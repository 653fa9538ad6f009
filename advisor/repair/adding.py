"""What may add to a run that is well already: fixes that only a whole training can tell, by what the run's end shows."""

from collections.abc import Mapping

from advisor import dotted
from advisor.findings import Finding
from advisor.fixes._record import finite_values
from advisor.fixes.base import named
from advisor.outcome import Report
from advisor.repair.candidates import Candidate, proposed
from advisor.repair.falling_short import LONGER, TOO_EARLY
from advisor.repair.metrics import R2, deciding
from advisor.repair.race import Runner
from advisor.repair.rounds import LATE_FIXES, interleaved
from advisor.repair.trainer import Scores
from advisor.run import Run
from advisor.signals.chance import last_epochs

# What holds a network back from learning by heart shows late, and adds up: stopping early is cheap, and so is what comes on top of it.
BY_HEART = frozenset({"overfitting", "generalization-gap", "oversized-model"})
ALSO = 2  # of the other fixes against learning by heart
RECIPE, RATE_TEST, SCHEDULE, WIDTH = "default-recipe", "find-learning-rate", "add-schedule", "widen-model"
LAST_RESORTS = (RATE_TEST, SCHEDULE)
BOLD = (RECIPE, WIDTH, "add-residual")  # where another method shows that much is missing
IN_AS_MANY_EPOCHS = LATE_FIXES - {"stop-early", LONGER}
AS_GOOD, AS_GOOD_R2 = 0.98, 0.995  # accuracy or R² that leaves nothing to add
POOR = 0.9  # accuracy or R²; of ten cures that ended below it, on injected faults, half fell short of what there was to gain
BEHIND = 0.015  # of accuracy or R²: where the last epochs had so much more than the result, a calmer end is worth a training
NARROW = 32  # units in every layer; ten layers of five on two moons: 0.88, of 16: 0.96; two of 16 on a chequered square 0.84, of 64: 0.87


def leaves_room(scores: Scores) -> bool:
    """Whether the result on the validation part leaves more than next to nothing to gain."""
    metric = deciding("", scores, same_loss=False)
    return metric.value(scores) <= (AS_GOOD_R2 if metric is R2 else AS_GOOD)


def ends_poor(run: Run, scores: Scores) -> float | None:
    """How far training itself came, or the validation part if that came further, where both are poor; None where they are not."""
    trained = [*finite_values(run, "train_accuracy")[-1:], *finite_values(run, "train_r2")[-1:]]
    reached = max([*trained, deciding("", scores, same_loss=False).value(scores)], default=1.0)
    return float(reached) if trained and reached < POOR else None


def offers(fixes: Mapping[str, Finding], run: Run) -> list[Candidate]:
    """Some fixes, each with the finding that it is tried for, as far as they would change anything."""
    proposals = ((finding, named(fix).propose(run, finding)) for fix, finding in fixes.items())
    return [Candidate(finding, proposal) for finding, proposal in proposals if proposal and proposal.edits]


def also_named(finding: Finding, kept: str) -> dict[str, Finding]:
    """What a finding names beside the fix that was kept: the first one, and the rate; against learning by heart, what restrains it."""
    others = [each.fix for each in proposed([finding]) if each.fix != kept]
    return dict.fromkeys(others[:ALSO] if finding.rule in BY_HEART else [*others[:1], RATE_TEST], finding)


def late_offers(report: Report, result: Runner, finding: Finding) -> list[Candidate]:
    """What findings of mere information propose; else a calmer end, where the result fell back, or more units, where there are few."""
    told = [each for each in interleaved(report.findings) if each.fix in IN_AS_MANY_EPOCHS]
    late = last_epochs(result.results)
    fell_back = len(late) > 0 and late.max() - late[-1] > BEHIND
    fix = SCHEDULE if fell_back else WIDTH if _is_narrow(report.run) else ""
    return told or (offers({fix: finding}, report.run) if fix else [])


def more_epochs(report: Report) -> list[Candidate]:
    """More epochs, where validation still improved at the end."""
    return [each for each in proposed(report.findings) if each.finding.rule == TOO_EARLY and each.fix == LONGER]


def _is_narrow(run: Run) -> bool:
    return dotted.get(run.config, "model.kind") == "mlp" and 0 < min(dotted.get(run.config, "model.hidden", ()), default=0) < NARROW
