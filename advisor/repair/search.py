"""Tries one fix at a time, the cause first, and goes on from what is proven to help."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from advisor import dotted
from advisor.dotted import Tree
from advisor.edits import apply
from advisor.errors import AdvisorError
from advisor.findings import Severity
from advisor.outcome import Report, Status
from advisor.repair import candidates
from advisor.repair.attempts import Attempt, append
from advisor.repair.candidates import Candidate
from advisor.repair.metrics import deciding
from advisor.repair.outcome import CURED, IMPROVED, UNCHANGED, Options, Outcome, serious, untried
from advisor.repair.signals import is_silent, measured
from advisor.repair.trainer import Tools
from advisor.repair.trials import COMPLETE, Subject, Trial, Workshop, is_validated
from advisor.repair.verdict import ENOUGH_SEEDS, KEPT, Comparison, Verdict, compare, verdict
from advisor.run import Run

DECLINED = "needs --unsafe, or a yes"
NO_VALIDATION = "without a validation part nothing can be proven: set data.validation and train again"
SPENT = "the budget has no room for it; raise --budget"


def repair(run: Run, report: Report, tools: Tools, options: Options) -> Outcome:
    """Retrains what `run` trained with fixes for its findings, and says which of them helped.

    Each training is a new run folder beside `run`, each attempt a line in its attempts.jsonl.
    """
    if report.status is Status.HEALTHY and not options.fixes:
        return untried(run, report)
    return Search(run, report, tools, options).run()


def planned(run: Run, report: Report, fixes: Sequence[str]) -> Outcome:
    """What would be tried first, for all the findings of a run or of the fixes that are asked for; trains nothing.

    Raises AdvisorError where a fix that is asked for would change nothing.
    """
    wanted = [candidates.chosen(fix, run, report) for fix in fixes] if fixes else candidates.proposed(serious(report))
    return untried(run, report, tuple(_untried(candidate, run.config or {}) for candidate in wanted))


def _untried(candidate: Candidate, config: Tree) -> Attempt:
    proposal = candidate.proposal
    return Attempt(proposal.fix, proposal.edits, proposal.safety, candidate.finding, Verdict.NOT_TRIED, config=config)


class Search:
    """One repair in progress: the Config to go on from, what was tried, and what it cost."""

    def __init__(self, run: Run, report: Report, tools: Tools, options: Options) -> None:
        self.origin, self.report, self.options = run, report, options
        config, folder = run.config or {}, run.path.resolve()
        epochs = int(dotted.get(config, "train.epochs", run.epochs or 1))
        self.workshop = Workshop(tools, folder.parent, epochs, options.budget * (options.seeds or 1))
        self.base = Subject(folder.name, config, parent=run.about.get("id"), is_changed=False)
        self.attempts: list[Attempt] = []
        self.notes: list[str] = []

    def run(self) -> Outcome:
        """Tries until the run is healthy, nothing helps, or the budget is spent."""
        first = self.report
        self._know(self.origin, first)
        for candidate in self._candidates():
            attempt = self._attempt(candidate)
            self.attempts.append(attempt)
            append(self.origin.path, attempt)
            self.options.told(attempt)
        return Outcome(self.origin, tuple(self.attempts), self._status(), self.workshop.spent, first, self.report, tuple(self.notes))

    def _know(self, run: Run, report: Report) -> None:
        """Takes the given run as the first training of its Config; a stopped one, or one without weights, has to be trained again."""
        if not is_validated(run):
            return
        try:
            if run.about.get("status") in COMPLETE:
                self.base.trials[self.base.seed] = Trial(run, report, self.workshop.tools.trainer.scores(run.path))
        except AdvisorError as refusal:
            self.notes.append(f"its result cannot be measured, so it is trained again ({refusal})")

    def _candidates(self) -> Iterator[Candidate]:
        """What to try next; after a fix was kept, what is proposed for the run with it."""
        if self.options.fixes:
            yield from self._chosen()
            return
        tried: set[str] = set()
        declined: set[str] = set()
        while candidate := next((c for c in candidates.proposed(serious(self.report)) if c.fix not in tried | declined), None):
            tried.add(candidate.fix)
            yield candidate
            if self.attempts[-1].kept:
                tried.clear()
            if self.attempts[-1].reason == DECLINED:
                declined.add(candidate.fix)

    def _chosen(self) -> Iterator[Candidate]:
        for fix in self.options.fixes:
            try:
                yield candidates.chosen(fix, self._current, self.report)
            except AdvisorError as refusal:
                self.notes.append(str(refusal))

    @property
    def _current(self) -> Run:
        return self.base.first.run if self.base.seed in self.base.trials else self.origin

    def _attempt(self, candidate: Candidate) -> Attempt:
        attempt = _untried(candidate, self.base.config)
        if not is_validated(self.origin):
            return replace(attempt, reason=NO_VALIDATION)
        if not self.options.allows(candidate.proposal):
            return replace(attempt, reason=DECLINED)
        try:
            return self._tried(attempt)
        except AdvisorError as refusal:
            return replace(attempt, reason=str(refusal).partition("\n")[0])

    def _tried(self, attempt: Attempt) -> Attempt:
        edits = candidates.resolved(attempt.edits, self.base.config, self.workshop.tools.trainer)
        if not edits:
            return replace(attempt, reason="it would change nothing")
        attempt = replace(attempt, edits=edits)
        subject = Subject(f"{self.base.name}-{attempt.fix}", apply(edits, self.base.config), parent=self._current.about.get("id"))
        if not self._can_afford(subject, self.options.seeds or 1):
            return replace(attempt, reason=SPENT)
        spent = self.workshop.spent
        comparison = self._compared(subject, attempt)
        return self._judged(replace(attempt, trainings=self.workshop.spent - spent), subject, comparison)

    def _compared(self, subject: Subject, attempt: Attempt) -> Comparison:
        """Trains under as many seeds as the verdict needs and the budget allows."""
        seeds = self.options.seeds or 1
        same_loss = all(edit.path != "train.loss" for edit in attempt.edits)
        while True:
            after, before = self.workshop.trials(subject, seeds), self.workshop.trials(self.base, seeds)
            metric = deciding(attempt.finding.rule, after[0].need_scores(), same_loss)
            comparison = compare(before, after, metric)
            if self.options.seeds or comparison.is_settled or not self._can_afford(subject, seeds + 1):
                return comparison
            seeds += 1

    def _judged(self, attempt: Attempt, subject: Subject, comparison: Comparison) -> Attempt:
        rule, runs = attempt.finding.rule, [trial.run for trial in subject.trials.values()]
        silent = attempt.finding.severity >= Severity.WARNING and all(is_silent(rule, run) for run in runs)
        shown = verdict(comparison, silent)
        judged = replace(
            attempt, verdict=shown, kept=shown in KEPT, run=subject.first.run.path, seeds=tuple(subject.trials), comparison=comparison,
            signal=measured(rule, subject.first.run), reason=self._lacking(comparison),
        )  # fmt: skip
        if judged.kept:
            self.base, self.report = subject, subject.first.report
            self.base.name = subject.first.run.path.name
        return judged

    def _lacking(self, comparison: Comparison) -> str:
        unproven = not self.options.seeds and not comparison.is_settled and len(comparison.after) < ENOUGH_SEEDS
        return f"better, but not proven: {SPENT}" if unproven else ""

    def _can_afford(self, subject: Subject, seeds: int) -> bool:
        return self.workshop.can_afford([(subject, seeds), (self.base, seeds)])

    def _status(self) -> str:
        verdicts = {attempt.verdict for attempt in self.attempts if attempt.kept}
        if not verdicts:
            return UNCHANGED
        return CURED if Verdict.CURED in verdicts and not serious(self.report) else IMPROVED
