"""Keeps one fix at a time, the best of a race, and goes on from what is proven to help."""

from collections.abc import Sequence
from itertools import islice

from advisor.errors import AdvisorError
from advisor.outcome import Report, Status
from advisor.repair import candidates
from advisor.repair.adding import (
    BOLD,
    BY_HEART,
    LAST_RESORTS,
    RECIPE,
    also_named,
    ends_poor,
    late_offers,
    leaves_room,
    more_epochs,
    offers,
)
from advisor.repair.attempts import Attempt
from advisor.repair.candidates import Candidate
from advisor.repair.falling_short import LONGER
from advisor.repair.outcome import CURED, IMPROVED, UNCHANGED, Options, Outcome, serious, untried
from advisor.repair.race import runner
from advisor.repair.rounds import WIDTH, Entrant, apart, calmer, interleaved, looks, named_first, passed_over
from advisor.repair.session import UNREACHED, Session, not_tried
from advisor.repair.trainer import Tools
from advisor.repair.verdict import Verdict
from advisor.repair.yardstick import Lead
from advisor.run import Run
from advisor.text import number

MORE = "more may be had: what was tried last still added something, proven or not; raise --budget"
POOR_END = "more may be had: no other method shows that the data give no more, and training itself ends at"
SUSPECTS = 2  # fixes for settings that stand out, beside those of the findings
PATIENCE = 0.5  # of the budget, after which nothing more is added to what is well
RIVALS = 2  # who are trained under one seed before another one is under further seeds
ADDED = 3  # fixes that may enter a race to add to one that was kept


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
    return untried(run, report, tuple(not_tried(candidate, run.config or {}) for candidate in wanted))


def _gain(measured: tuple[Entrant, Attempt]) -> float:
    comparison = measured[1].comparison
    return comparison.gain if comparison else -float("inf")


class Search(Session):
    """Rounds until all is well or nothing helps, then what may be added."""

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
        refused = [each for each in entered if isinstance(each, Attempt)]
        for each in refused:
            if each.reason == UNREACHED:
                self._settle(each)
        self._is_raced = False
        self._field = apart([each for each in entered if isinstance(each, Entrant)])
        while entrant := self._next():
            attempt = self._settle(self._proven(entrant))
            if attempt.kept:
                others = list(passed_over(self._field, attempt.fix, self.workshop.epochs))
                self._seen += [each.subject.config for each in self._field]
                close = {other.fix: other.finding for other in others}
                self._close = close | self._close | also_named(attempt.finding, attempt.fix)
                for other in others:
                    self._settle(other)
                return bool(serious(self.report))
        for each in refused:
            if each.reason != UNREACHED:
                self._settle(each)
        return bool(entered)

    def _proven(self, entrant: Entrant) -> Attempt:
        """The entrant measured; where one seed does not tell, some of its rivals are, before any is under further seeds.

        Of all that one seed leaves open the best is asked for more, in a calmer form first where it swings.
        """
        attempt = self._measured(entrant, most=1)
        tried = [(entrant, attempt)]
        while self._is_open(attempt) and len(tried) <= RIVALS and (rival := self._rival(attempt)):
            self._field = [each for each in self._field if each is not rival]
            found = self._measured(rival, most=1)
            if found.kept:
                self._field = [*(each for each, _ in tried), *self._field]
                return found
            tried.append((rival, found))
        entrant, attempt = max((pair for pair in tried if self._is_open(pair[1])), key=_gain, default=tried[0])
        for each, other in tried:
            if each is not entrant:
                self._settle(other)
        return self._made_sure(entrant, attempt)

    def _rival(self, attempt: Attempt) -> Entrant | None:
        """The next who could be trained to the end for what one training costs, or less; what restrains a network adds up instead."""
        if not self.workshop.has_room or attempt.finding.rule in BY_HEART:
            return next((each for each in self._field if not each.is_late), None)
        return next((each for each in self._field if each.attempt.fix != LONGER), None)

    def _is_open(self, attempt: Attempt) -> bool:
        """Whether further seeds may prove what one does not."""
        found = attempt.comparison
        return not attempt.kept and not self.options.seeds and found is not None and not found.is_settled

    def _made_sure(self, entrant: Entrant, attempt: Attempt) -> Attempt:
        """What one seed left open: first with a rate that falls to zero, where it swings; then under further seeds."""
        if not self._is_open(attempt):
            return attempt
        calm = calmer(entrant, attempt)
        if calm and self.workshop.has_room:
            calmed = self._measured(calm, most=1)
            if calmed.kept or (self._is_open(calmed) and _gain((calm, calmed)) > _gain((entrant, attempt))):
                self._settle(attempt)
                return calmed if calmed.kept else self._measured(calm)
            self._settle(calmed)
        return self._measured(entrant)

    def _refine(self) -> None:
        """Once all is well: adds to it as long as something adds. Nothing is called cured while more may be had."""
        first = self.base
        while self._close and not serious(self.report) and (self._leaves_room() or self._learns_by_heart()) and self._adds():
            pass
        self._may_gain |= self._is_cut and self.base is not first
        self.notes += [MORE] if self._may_gain else []
        if self._close and not serious(self.report) and (lead := self._behind()):
            self._may_gain = True
            self.notes.append(str(lead))
        elif self._close and not serious(self.report) and (reached := self._ends_poor()) is not None:
            self._may_gain = True
            self.notes.append(f"{POOR_END} {number(reached)}")

    def _ends_poor(self) -> float | None:
        """How far training itself came, where that is poor and no other method shows that the data give no more."""
        return ends_poor(self._current, self.base.first.need_scores()) if self._leaves_room() else None

    def _leaves_room(self) -> bool:
        """Whether there may be something to gain: the result is not good enough for anything, and no other method agrees with it."""
        scores = self.base.first.need_scores()
        return leaves_room(scores) and not ((lead := self.yardstick.lead(scores)) and lead.is_even)

    def _learns_by_heart(self) -> bool:
        """Whether it learned by heart and is not good enough for anything: a method that does so too agrees with it for that reason."""
        return leaves_room(self.base.first.need_scores()) and any(each.rule in BY_HEART for each in self._close.values())

    def _behind(self) -> Lead | None:
        """How far a method without a network is ahead of the result, where it clearly is and that leaves something to gain."""
        scores = self.base.first.need_scores()
        lead = self.yardstick.lead(scores) if leaves_room(scores) else None
        return lead if lead and lead.is_clear else None

    def _adds(self) -> bool:
        """Whether something was kept of what had been close to the last fix, is named beside it, or shows in the run's end."""
        before, finding = self.base, next(iter(self._close.values()))
        self._may_gain = self._is_cut = False
        kept = {attempt.fix for attempt in self.attempts if attempt.kept}
        close = {fix: each for fix, each in self._close.items() if fix not in kept}
        for fix in [fix for fix, each in close.items() if each.rule in BY_HEART]:
            for entrant in self._wanted_more(offers({fix: close[fix]}, self._current)):
                self._add(entrant)
        tellable = {fix: each for fix, each in close.items() if each.rule not in BY_HEART and fix != LONGER}
        entered = apart(self._wanted_more(offers(tellable, self._current)[:ADDED]))
        for entrant in self._raced(entered, adds=True)[:1]:
            self._add(entrant)
        result = runner(self._current, self._metric(), self.workshop.epochs)
        for entrant in self._wanted_more(late_offers(self.report, result, finding)[:1]):
            self._add(entrant)
        if self.base is before and self._behind():
            for entrant in self._wanted_more(more_epochs(self.report)):
                self._add(entrant)
        if self.base is before and self._behind():
            bold = apart(self._wanted_more(offers(dict.fromkeys(BOLD, finding), self._current)))
            for entrant in self._raced(bold, adds=True)[:1]:
                self._add(entrant)
        return self.base is not before

    def _wanted_more(self, offers: Sequence[Candidate]) -> list[Entrant]:
        """Those of some candidates that can be tried, while what was spent leaves room to add something; once at least."""
        if serious(self.report) or not offers:
            return []
        is_patient = not self._has_added or self.workshop.spent - self._explained <= PATIENCE * self.workshop.budget
        if not self.workshop.has_room or not (is_patient or self._behind()):
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
        """Whom to train to the end now: those that go on from good weights, then the best of a race, then those that a race cannot tell.

        Of the last the one that the first cause itself names first comes before a race, which another could win that only hides it.
        """
        before = [each for each in self._field if each.goes_on]
        if not self._is_raced:
            before = before or named_first(self._field, serious(self.report))
        if not before and not self._is_raced:
            is_short = not looks(self.workshop.epochs)  # nobody is cut there, so all come in the order in which they are named
            late = [] if is_short else [each for each in self._field if each.is_late]
            raced = self._raced([each for each in self._field if each not in late])
            self._field, self._is_raced = [*raced, *late], True
        chosen = next(iter([*before, *self._field]), None)
        self._field = [each for each in self._field if each is not chosen]
        return chosen

    def _entrants(self) -> list[Entrant | Attempt]:
        """The next candidates for what is found now, the recipe as the last resort behind them; attempts are those not to be tried."""
        found = serious(self.report)
        fresh = (candidate for candidate in interleaved(found) if candidate.fix not in self._tried | self._declined)
        offered = list(islice(fresh, WIDTH))
        chosen = [candidate for candidate in offered if candidate.fix != RECIPE]
        chosen += self._unasked(chosen) if offered else self._last_resorts()
        self._tried |= {candidate.fix for candidate in chosen}
        return [self._entered(candidate) for candidate in chosen]

    def _unasked(self, chosen: Sequence[Candidate]) -> list[Candidate]:
        """What no finding proposes first: settings that stand out before any training, and the recipe as the last resort."""
        known = self._tried | self._declined | {candidate.fix for candidate in chosen}
        named_ones = [fix for fix in (*candidates.suspected(self._current)[:SUSPECTS], RECIPE) if fix not in known]
        return [found for fix in named_ones if (found := self._found(fix))]

    def _last_resorts(self) -> list[Candidate]:
        """What may help any run, where nothing has that was proposed."""
        is_helped = any(attempt.kept for attempt in self.attempts)
        fresh = [] if is_helped else [fix for fix in LAST_RESORTS if fix not in self._tried | self._declined]
        return [found for fix in fresh if (found := self._found(fix))]

    def _status(self) -> str:
        verdicts = {attempt.verdict for attempt in self.attempts if attempt.kept}
        if not verdicts:
            return UNCHANGED
        is_cured = Verdict.CURED in verdicts and not serious(self.report) and not self._may_gain
        return CURED if is_cured else IMPROVED
