"""Trains a fix to the end, beside the run that it is to mend, under as many seeds as the verdict takes."""

from collections.abc import Sequence
from dataclasses import replace

from advisor import dotted
from advisor.edits import Edit, safety
from advisor.errors import AdvisorError, DiskError
from advisor.findings import Severity
from advisor.repair.attempts import Attempt
from advisor.repair.metrics import LOSS, deciding
from advisor.repair.rounds import Entrant
from advisor.repair.signals import is_silent, measured
from advisor.repair.trials import Subject, Wanted, Workshop
from advisor.repair.verdict import ENOUGH_SEEDS, KEPT, Comparison, compare, verdict
from advisor.text import counted, number

SPENT = "the budget has no room for it; raise --budget"


class Proof:
    """What it takes to say that a fix helped."""

    def __init__(self, workshop: Workshop, seeds: int | None, unfixed: Subject) -> None:
        self.workshop = workshop
        self.seeds = seeds  # exactly so many; None: as many as it takes
        self.unfixed = unfixed  # the run that is to be fixed, none of whose fixes was kept yet

    def judged(self, entrant: Entrant, base: Subject, kept: Sequence[Attempt], most: int = ENOUGH_SEEDS) -> Attempt:
        """The entrant trained to the end and judged beside `base`, which has the fixes that were kept before; under `most` seeds."""
        attempt, subject = entrant.attempt, entrant.subject
        if not self._can_afford(subject, base, self.seeds or 1):
            return replace(attempt, reason=SPENT)
        before = self.workshop.spent - sum(subject.counted.values()) / self.workshop.epochs
        try:
            attempt, comparison = self._compared(attempt, subject, base, kept, most)
        except DiskError:  # says nothing of the fix
            raise
        except AdvisorError as refusal:
            return replace(attempt, reason=str(refusal).partition("\n")[0])
        return self._verdict(replace(attempt, trainings=self.workshop.spent - before), subject, comparison)

    def _compared(
        self, attempt: Attempt, subject: Subject, base: Subject, kept: Sequence[Attempt], most: int
    ) -> tuple[Attempt, Comparison]:
        """Trains under as many seeds as the verdict needs, the budget allows and are asked for at most."""
        seeds = self.seeds or 1
        while True:
            comparison = self._beside(base, attempt, subject, seeds)
            if kept and seeds == (self.seeds or 1) and not comparison.is_better and comparison.gain > comparison.noise:
                whole = self._beside(self.unfixed, attempt, subject, seeds)
                if whole.is_better and not self._costs_sureness(base, subject):
                    return _as_a_whole(attempt, subject, self.unfixed, kept, comparison), whole
            if self.seeds or comparison.is_settled or seeds >= most or not self._can_afford(subject, base, seeds + 1):
                return attempt, comparison
            seeds += 1

    def _beside(self, base: Subject, attempt: Attempt, subject: Subject, seeds: int) -> Comparison:
        before, after = self.workshop.pairs(base, subject, seeds)
        same_loss = dotted.get(base.config, "train.loss") == dotted.get(subject.config, "train.loss")
        return compare(before, after, deciding(attempt.finding.rule, after[0].need_scores(), same_loss), same_loss=same_loss)

    def _costs_sureness(self, base: Subject, subject: Subject) -> bool:
        """Whether the validation loss rose by more than its noise: what is right a little more often by chance may so be told."""
        if dotted.get(base.config, "train.loss") != dotted.get(subject.config, "train.loss"):
            return False
        losses = compare(*self.workshop.pairs(base, subject, 1), LOSS)
        return losses.gain < -losses.noise

    def _verdict(self, attempt: Attempt, subject: Subject, comparison: Comparison) -> Attempt:
        rule, runs = attempt.finding.rule, [trial.run for trial in subject.trials.values()]
        silent = attempt.finding.severity >= Severity.WARNING and all(is_silent(rule, run) for run in runs)
        shown = verdict(comparison, silent)
        return replace(
            attempt, verdict=shown, kept=shown in KEPT, run=subject.first.run.path, seeds=tuple(subject.trials), comparison=comparison,
            signal=measured(rule, subject.first.run), reason=attempt.reason or self._lacking(comparison),
        )  # fmt: skip

    def _lacking(self, comparison: Comparison) -> str:
        if not self.seeds and not comparison.is_settled and len(comparison.after) < ENOUGH_SEEDS:
            return f"better, but not proven: {SPENT}"
        if comparison.too_few and comparison.is_consistent:
            return f"better, but not proven: {counted(comparison.too_few, 'validation sample')} leave as much to chance; more would tell"
        return ""

    def _can_afford(self, subject: Subject, base: Subject, seeds: int) -> bool:
        return self.workshop.can_afford([Wanted(each, seed) for each in (subject, base) for seed in each.seeds(seeds)])


def _as_a_whole(attempt: Attempt, subject: Subject, unfixed: Subject, kept: Sequence[Attempt], beside: Comparison) -> Attempt:
    """The fix together with those that were kept before it, as one change of the run that had none of them.

    What it adds to them is likely, if not proven: more than the noise. It is chosen for that, and kept for what all of them bring, a
    larger gain that is proven by less.
    """
    paths = dict.fromkeys(edit.path for each in (*kept, attempt) for edit in each.edits)
    edits = tuple(Edit(path, dotted.get(subject.config, path)) for path in paths)
    fixes = ", ".join(each.fix for each in kept)
    than = f"on top of {fixes}, from {beside.metric.name} {number(beside.before[0])} to {number(beside.after[0])}"
    return replace(attempt, edits=edits, safety=safety(edits), config=unfixed.config, reason=than)
