"""One repair in progress: the Config to go on from, what was tried and what it cost, and how a candidate enters, races and is judged."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from advisor import dotted
from advisor.dotted import Tree
from advisor.edits import Edit, apply
from advisor.errors import AdvisorError
from advisor.findings import Finding
from advisor.outcome import Report
from advisor.repair import candidates
from advisor.repair.adding import RATE_TEST, RECIPE
from advisor.repair.attempts import Attempt, append
from advisor.repair.attributing import attributed
from advisor.repair.candidates import Candidate
from advisor.repair.falling_short import is_short
from advisor.repair.metrics import Metric, deciding
from advisor.repair.outcome import Options, serious
from advisor.repair.proof import SPENT, Proof
from advisor.repair.rounds import Entrant, Race, another_rate, looks
from advisor.repair.trainer import Tools
from advisor.repair.trials import Subject, Trial, Wanted, Workshop, is_complete, is_validated
from advisor.repair.verdict import ENOUGH_SEEDS, Verdict
from advisor.repair.yardstick import Yardstick
from advisor.run import Run

DECLINED = "needs --unsafe, or a yes"
NO_VALIDATION = "without a validation part nothing can be proven: set data.validation and train again"
UNREACHED, NOTHING = "it does not reach into this module, so it was not trained", "it would change nothing"
GOES_ON = "first, outside the race: it changes how far steps go and nothing else, so it starts from the best weights of"
RUNS_AWAY = frozenset({"non-finite-loss", "diverging-loss"})
STEPS = frozenset({"optim.lr", "optim.clip_norm", "optim.schedule", "optim.warmup"})  # keys of how far each step goes


def not_tried(candidate: Candidate, config: Tree) -> Attempt:
    """The candidate as an attempt that has not been made."""
    proposal = candidate.proposal
    return Attempt(proposal.fix, proposal.edits, proposal.safety, candidate.finding, Verdict.NOT_TRIED, config=config)


class Session:
    """What the rounds of a repair share."""

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
        self.yardstick = Yardstick(lambda: tools.trainer.yardstick(config))

    def _know(self, run: Run, report: Report) -> None:
        """Takes the given run as the first training of its Config; a stopped one, or one without weights, has to be trained again."""
        if not is_validated(run):
            return
        try:
            if is_complete(run):
                self.base.trials[self.base.seed] = Trial(run, report, self.workshop.tools.trainer.scores(run.path))
        except AdvisorError as refusal:
            self.notes.append(f"its result cannot be measured, so it is trained again ({refusal})")

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
        attempt = not_tried(candidate, self.base.config)
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
                # It has that rate already: another one may add to it.
                made = replace(made, edits=another_rate(attempt.edits[0], self.base.config))
        except AdvisorError as refusal:
            return replace(attempt, reason=str(refusal).partition("\n")[0])
        if not made.edits:
            return replace(attempt, sweep=made.sweep, reason=NOTHING)
        try:
            by_hand = self._unreached(made.edits)
        except AdvisorError as refusal:
            return replace(attempt, edits=made.edits, reason=str(refusal).partition("\n")[0])
        if by_hand is not None:
            return replace(attempt, edits=made.edits, reason=UNREACHED if by_hand else NOTHING, by_hand=by_hand)
        config, parent = apply(made.edits, self.base.config), self._current.about.get("id")
        subject = Subject(f"{self.base.name}-{attempt.fix}", config, parent=parent, start=self._start(made.edits))
        rank = f"{GOES_ON} {subject.start.name}" if subject.start else ""
        return Entrant(replace(attempt, edits=made.edits, sweep=made.sweep, rank=rank), subject)

    def _unreached(self, edits: Sequence[Edit]) -> tuple[str, ...] | None:
        """What to write by hand where a fix of the network alone does not reach it; the first of its edits is what it is about."""
        if not all(edit.path.startswith("model.") for edit in edits):
            return None
        return self.workshop.tools.trainer.unreached(self.base.config, apply(edits[:1], self.base.config))

    def _start(self, edits: Sequence[Edit]) -> Path | None:
        """The run to take the best weights of: where the loss ran away and only the steps change, what was learned before is sound."""
        folder, broke = self.origin.path.resolve(), {finding.rule for finding in serious(self.report)} & RUNS_AWAY
        is_sound = not self.base.is_changed and bool(broke) and all(edit.path in STEPS for edit in edits)
        return folder if is_sound and self.workshop.tools.trainer.has_best_weights(folder) else None

    def _settle(self, attempt: Attempt) -> Attempt:
        """Puts an attempt on record, with what could not be changed in a module of the user's own and is to be written there."""
        by_hand = self.workshop.left_out(attempt.run, self.origin) if attempt.run else attempt.by_hand
        attempt = replace(attempt, by_hand=by_hand)
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

    def _measured(self, entrant: Entrant, most: int = ENOUGH_SEEDS) -> Attempt:
        """The entrant trained to the end and judged under `most` seeds; what is kept is gone on from."""
        judged = self.proof.judged(entrant, self.base, [attempt for attempt in self.attempts if attempt.kept], most)
        if is_short(judged.finding) and entrant.subject.trials:
            judged = self._beside_yardstick(judged, entrant.subject)
        return self._go_on_from(entrant.subject, judged) if judged.kept else judged

    def _beside_yardstick(self, judged: Attempt, subject: Subject) -> Attempt:
        """The attempt as the yardstick sees it, which no rule of the record can speak for."""
        lead = self.yardstick.lead(subject.first.need_scores())
        if lead is None:
            return judged
        verdict = Verdict.IMPROVED if lead.is_clear else Verdict.CURED
        return replace(judged, signal=lead.result, verdict=verdict if judged.kept else judged.verdict)

    def _go_on_from(self, subject: Subject, attempt: Attempt) -> Attempt:
        """A fix that is kept is what the next one builds on."""
        before = self.workshop.spent
        attribution = attributed(self.workshop, self.base, subject, attempt) if attempt.fix == RECIPE else None
        self._explained += self.workshop.spent - before
        self.base, self.report = subject, subject.first.report
        self.base.name = subject.first.run.path.name
        self._tried.clear()
        return replace(attempt, attribution=attribution, trainings=attempt.trainings + self.workshop.spent - before)
