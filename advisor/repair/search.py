"""Keeps one fix at a time, the best of a race, and goes on from what is proven to help."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from advisor import dotted
from advisor.dotted import Tree
from advisor.edits import Edit, apply
from advisor.errors import AdvisorError
from advisor.findings import Finding
from advisor.outcome import Report, Status
from advisor.repair import candidates
from advisor.repair.adding import BY_HEART, RATE_TEST, also_named, late_offers, leaves_room, offers
from advisor.repair.attempts import Attempt, append
from advisor.repair.attributing import attributed
from advisor.repair.candidates import Candidate
from advisor.repair.metrics import Metric, deciding
from advisor.repair.outcome import CURED, IMPROVED, UNCHANGED, Options, Outcome, serious, untried
from advisor.repair.proof import SPENT, Proof
from advisor.repair.race import runner
from advisor.repair.rounds import WIDTH, Entrant, Race, apart, bolder, interleaved, looks, passed_over
from advisor.repair.trainer import Tools
from advisor.repair.trials import Subject, Trial, Wanted, Workshop, is_complete, is_validated
from advisor.repair.verdict import Verdict
from advisor.run import Run

DECLINED = "needs --unsafe, or a yes"
NO_VALIDATION = "without a validation part nothing can be proven: set data.validation and train again"
MORE = "more may be had: what was tried last still added something, proven or not; raise --budget"
RECIPE = "default-recipe"
SUSPECTS = 2  # fixes for settings that stand out, beside those of the findings
PATIENCE = 0.5  # of the budget, after which nothing more is added to what is well
ADDED = 3  # fixes that may enter a race to add to one that was kept
RUNS_AWAY = frozenset({"non-finite-loss", "diverging-loss"})
STEPS = frozenset({"optim.lr", "optim.clip_norm", "optim.schedule", "optim.warmup"})  # keys of how far each step goes


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
        self.proof = Proof(self.workshop, options.seeds, self.base)
        self.attempts: list[Attempt] = []
        self.notes: list[str] = []
        self._field: list[Entrant] = []  # who is still to be trained to the end in this round
        self._is_raced = False
        self._close: dict[str, Finding] = {}  # fixes that were close behind the one that was kept last, with what they are for
        self._seen: list[Tree] = []  # Configs that were passed over, or tried on top of what was well
        self._is_cut = False  # whether something could have been tried, had there been room
        self._has_added = False  # whether anything was tried on top of what was well
        self._explained = 0.0  # trainings that only told which of many changes mattered
        self._may_gain = False  # whether more may be had than was proven
        self._tried: set[str] = set()  # fixes of the present base
        self._declined: set[str] = set()

    def run(self) -> Outcome:
        """Tries until the run is healthy, nothing helps, or the budget is spent."""
        first = self.report
        self._know(self.origin, first)
        if self.options.fixes:
            self._try_in_turn()
        else:
            while self._round():
                pass
            self._refine()
        return Outcome(self.origin, tuple(self.attempts), self._status(), self.workshop.spent, first, self.report, tuple(self.notes))

    def _know(self, run: Run, report: Report) -> None:
        """Takes the given run as the first training of its Config; a stopped one, or one without weights, has to be trained again."""
        if not is_validated(run):
            return
        try:
            if is_complete(run):
                self.base.trials[self.base.seed] = Trial(run, report, self.workshop.tools.trainer.scores(run.path))
        except AdvisorError as refusal:
            self.notes.append(f"its result cannot be measured, so it is trained again ({refusal})")

    def _try_in_turn(self) -> None:
        """The fixes that are asked for, each to the end."""
        for fix in self.options.fixes:
            try:
                entered = self._entered(candidates.chosen(fix, self._current, self.report))
            except AdvisorError as refusal:
                self.notes.append(str(refusal))
                continue
            self._settle(self._measured(entered) if isinstance(entered, Entrant) else entered)

    def _round(self) -> bool:
        """One race and the trainings that follow it; whether another one may bring something."""
        entered = self._entrants()
        self._is_raced = False
        self._field = apart([each for each in entered if isinstance(each, Entrant)])
        while entrant := self._next():
            attempt = self._settle(self._measured(entrant))
            if attempt.kept:
                others = list(passed_over(self._field, attempt.fix, self.workshop.epochs))
                self._seen += [each.subject.config for each in self._field]
                close = {other.fix: other.finding for other in others}
                self._close = close | self._close | also_named(attempt.finding, attempt.fix)
                for other in others:
                    self._settle(other)
                return bool(serious(self.report))
        for each in entered:
            if isinstance(each, Attempt):
                self._settle(each)
        return bool(entered)

    def _refine(self) -> None:
        """Once all is well: adds to it as long as something adds. Nothing is called cured while more may be had."""
        first = self.base
        while self._close and not serious(self.report) and leaves_room(self.base.first.need_scores()) and self._adds():
            pass
        self._may_gain |= self._is_cut and self.base is not first
        self.notes += [MORE] if self._may_gain else []

    def _adds(self) -> bool:
        """Whether something was kept of what had been close to the last fix, is named beside it, or shows in the run's end."""
        before, finding = self.base, next(iter(self._close.values()))
        self._may_gain = self._is_cut = False
        kept = {attempt.fix for attempt in self.attempts if attempt.kept}
        close = {fix: each for fix, each in self._close.items() if fix not in kept}
        for fix in [fix for fix, each in close.items() if each.rule in BY_HEART]:
            for entrant in self._wanted_more(offers({fix: close[fix]}, self._current)):
                self._add(entrant)
        tellable = {fix: each for fix, each in close.items() if each.rule not in BY_HEART}
        entered = apart(self._wanted_more(offers(tellable, self._current)[:ADDED]))
        for entrant in self._raced(entered, adds=True)[:1]:
            self._add(entrant)
        result = runner(self._current, self._metric(), self.workshop.epochs)
        for entrant in self._wanted_more(late_offers(self.report, result, finding)[:1]):
            self._add(entrant)
        return self.base is not before

    def _wanted_more(self, offers: Sequence[Candidate]) -> list[Entrant]:
        """Those of some candidates that can be tried, while what was spent leaves room to add something; once at least."""
        if serious(self.report) or not offers:
            return []
        if (self._has_added and self.workshop.spent - self._explained > PATIENCE * self.workshop.budget) or not self.workshop.has_room:
            self._is_cut = True
            return []
        entered = [entered for each in offers if isinstance(entered := self._entered(each), Entrant)]
        self._has_added = True
        return [each for each in entered if each.subject.config not in self._seen]

    def _add(self, entrant: Entrant) -> None:
        attempt = self._settle(self._measured(entrant))
        self._seen.append(entrant.subject.config)
        gain = attempt.comparison
        self._may_gain |= not attempt.kept and (gain is None or gain.gain > gain.noise)

    def _next(self) -> Entrant | None:
        """Whom to train to the end now: those that go on from good weights, then the best of a race, then those that a race cannot tell."""
        going_on = [each for each in self._field if each.goes_on]
        if not going_on and not self._is_raced:
            raced = self._raced([each for each in self._field if not each.is_late])
            self._field, self._is_raced = [*raced, *(each for each in self._field if each.is_late)], True
        chosen = next(iter([*going_on, *self._field]), None)
        self._field = [each for each in self._field if each is not chosen]
        return chosen

    def _entrants(self) -> list[Entrant | Attempt]:
        """The next candidates for what is found now, the recipe as the last resort behind them; attempts are those not to be tried."""
        found = serious(self.report)
        fresh = (candidate for candidate in interleaved(found) if candidate.fix not in self._tried | self._declined)
        offered = list(islice(fresh, WIDTH))
        chosen = [candidate for candidate in offered if candidate.fix != RECIPE]
        chosen += self._unasked(chosen) if offered else []
        self._tried |= {candidate.fix for candidate in chosen}
        return [self._entered(candidate) for candidate in chosen]

    def _unasked(self, chosen: Sequence[Candidate]) -> list[Candidate]:
        """What no finding proposes first: settings that stand out before any training, and the recipe as the last resort."""
        known = self._tried | self._declined | {candidate.fix for candidate in chosen}
        named_ones = [fix for fix in (*candidates.suspected(self._current)[:SUSPECTS], RECIPE) if fix not in known]
        return [found for fix in named_ones if (found := self._found(fix))]

    def _found(self, fix: str) -> Candidate | None:
        try:
            return candidates.chosen(fix, self._current, self.report)
        except AdvisorError:  # the Config has all of it
            return None

    @property
    def _current(self) -> Run:
        return self.base.first.run if self.base.seed in self.base.trials else self.origin

    def _entered(self, candidate: Candidate) -> Entrant | Attempt:
        """The candidate with its measured values; where it cannot be tried, the attempt that says why."""
        attempt = _untried(candidate, self.base.config)
        if not is_validated(self.origin):
            return replace(attempt, reason=NO_VALIDATION)
        if not self.options.allows(candidate.proposal):
            self._declined.add(candidate.fix)
            return replace(attempt, reason=DECLINED)
        if not self.workshop.has_room:
            return replace(attempt, reason=SPENT)
        try:
            made = candidates.resolved(attempt.edits, self.base.config, self.workshop.sweep)
            if self.base.is_changed and attempt.fix == RATE_TEST and not made.edits and made.sweep and made.sweep.suggestion:
                # It has that rate already: a bolder one may add to it.
                made = replace(made, edits=bolder(attempt.edits[0], self.base.config))
        except AdvisorError as refusal:
            return replace(attempt, reason=str(refusal).partition("\n")[0])
        if not made.edits:
            return replace(attempt, sweep=made.sweep, reason="it would change nothing")
        config, parent = apply(made.edits, self.base.config), self._current.about.get("id")
        subject = Subject(f"{self.base.name}-{attempt.fix}", config, parent=parent, start=self._start(made.edits))
        return Entrant(replace(attempt, edits=made.edits, sweep=made.sweep), subject)

    def _start(self, edits: Sequence[Edit]) -> Path | None:
        """The run to take the best weights of: where the loss ran away and only the steps change, what was learned before is sound."""
        folder, broke = self.origin.path.resolve(), {finding.rule for finding in serious(self.report)} & RUNS_AWAY
        is_sound = not self.base.is_changed and bool(broke) and all(edit.path in STEPS for edit in edits)
        return folder if is_sound and self.workshop.tools.trainer.has_best_weights(folder) else None

    def _settle(self, attempt: Attempt) -> Attempt:
        """Puts an attempt on record, with what could not be changed in a module of the user's own and is to be written there."""
        attempt = replace(attempt, by_hand=self.workshop.left_out(attempt.run, self.origin) if attempt.run else ())
        self.attempts.append(attempt)
        append(self.origin.path, attempt)
        self.options.told(attempt)
        return attempt

    def _raced(self, entrants: Sequence[Entrant], *, adds: bool = False) -> Sequence[Entrant]:
        """The entrants of a race in the order in which to train them to the end; who is dropped goes on record.

        Where they are to add to what is well already, only those count that lead it clearly.
        """
        if len(entrants) < (1 if adds else 2) or not looks(self.workshop.epochs):
            return () if adds else entrants
        self._train_unfixed()
        standing = Race(self.workshop, self.base, self._metric(), leads_clearly=adds).run(entrants)
        for entrant in standing.dropped:
            self._settle(entrant.attempt)
        return standing.order

    def _train_unfixed(self) -> None:
        """A run that was stopped is trained again where the budget has room: a race is run beside it."""
        if self.base.seed not in self.base.trials and self.workshop.can_afford([Wanted(self.base, self.base.seed)]):
            self.workshop.trials(self.base, 1)

    def _metric(self) -> Metric:
        """What a race is decided by."""
        trial = next(iter(self.base.trials.values()), None)
        scores = trial.need_scores() if trial else self.workshop.look(self.origin).need_scores()
        return deciding("", scores, same_loss=False)

    def _measured(self, entrant: Entrant) -> Attempt:
        """The entrant trained to the end and judged; what is kept is gone on from."""
        judged = self.proof.judged(entrant, self.base, [attempt for attempt in self.attempts if attempt.kept])
        return self._go_on_from(entrant.subject, judged) if judged.kept else judged

    def _go_on_from(self, subject: Subject, attempt: Attempt) -> Attempt:
        """A fix that is kept is what the next one builds on."""
        before = self.workshop.spent
        attribution = attributed(self.workshop, self.base, subject, attempt) if attempt.fix == RECIPE else None
        self._explained += self.workshop.spent - before
        self.base, self.report = subject, subject.first.report
        self.base.name = subject.first.run.path.name
        self._tried.clear()
        return replace(attempt, attribution=attribution, trainings=attempt.trainings + self.workshop.spent - before)

    def _status(self) -> str:
        verdicts = {attempt.verdict for attempt in self.attempts if attempt.kept}
        if not verdicts:
            return UNCHANGED
        is_cured = Verdict.CURED in verdicts and not serious(self.report) and not self._may_gain
        return CURED if is_cured else IMPROVED
