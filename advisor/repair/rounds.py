"""The race of one round: who enters it, how far it goes, and the order in which its best are trained to the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import ceil, sqrt
from pathlib import Path

from advisor import dotted
from advisor.dotted import Tree
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import widths
from advisor.fixes.change_batch_size import NOISE
from advisor.repair.attempts import Attempt
from advisor.repair.candidates import DOUBTFUL, Candidate, proposed
from advisor.repair.metrics import Metric
from advisor.repair.race import NEAR, Runner, ranked, runner, staying
from advisor.repair.trials import Subject, Wanted, Workshop
from advisor.repair.verdict import Verdict
from advisor.rules._settings import times_usual_rate
from advisor.run import Run
from advisor.text import number

WIDTH = 4  # candidates in a race, the recipe not counted
SHARES = (0.15, 0.4)  # of the epochs, after which a race looks at the standing
RATE, LOWERS = "optim.lr", "lower-learning-rate"
SCHEDULE, CALMER = "optim.schedule", "calmer"
SWINGS = 0.02  # of accuracy or R² from epoch to epoch at the end: less does not keep a gain from being proven
BOLDER = 3.0  # times the measured rate, which is a tenth of the one at which the loss was lowest
CLEARLY = 0.5  # of the noise, by which what is to add to a good run has to lead it at the last look
LEAST = 2  # epochs, before which nothing is told apart
SHORTEST = 8  # epochs of a training that is worth cutting
# What these findings speak of shows late in a training, or in the loss alone: a part of the epochs tells nothing of their cures.
LATE_RULES = frozenset({
    "overfitting", "generalization-gap", "oversized-model", "trained-too-long", "stopped-too-early", "plateau", "noisy-validation",
    "mismatched-output-loss", "loss-spikes",
})  # fmt: skip
CAPACITY = frozenset({"widen-model", "deepen-model"})
LATE_FIXES = CAPACITY | {"stop-early", "train-longer", "add-schedule"}
# What each step does shows from the start, whatever it is for; but where the loss jumps, larger batches only make fewer of them.
EARLY_FIXES = frozenset({"change-batch-size", "change-loss"})


@dataclass(frozen=True)
class Entrant:
    """A candidate with what it would train."""

    attempt: Attempt
    subject: Subject

    @property
    def goes_on(self) -> bool:
        """Whether it starts from the best weights of the run that is to be fixed, not from the beginning."""
        return self.subject.start is not None

    @property
    def is_late(self) -> bool:
        """Whether only a whole training can tell what it is worth."""
        fix, rule = self.attempt.fix, self.attempt.finding.rule
        if fix in CAPACITY and not widths(self.attempt.config):
            return False  # the first hidden layer shows at once
        return fix in LATE_FIXES or (rule in LATE_RULES and (fix not in EARLY_FIXES or rule in NOISE))


@dataclass(frozen=True)
class Standing:
    """How a race ended: the order to train to the end, with the reason of each place, and those who were dropped."""

    order: tuple[Entrant, ...]
    dropped: tuple[Entrant, ...] = ()


def interleaved(findings: Sequence[Finding]) -> Iterator[Candidate]:
    """The candidates of all findings: the best of each cause, the first cause first, then the second best, and so on; each fix once."""
    roots = [finding for finding in findings if finding.because is None]
    families = [[root, *(each for each in findings if each.because == root.rule)] for root in roots]
    strays = [finding for finding in findings if not any(finding in family for family in families)]
    columns = [list(proposed(family)) for family in (*families, *([strays] if strays else []))]
    seen: set[str] = set()
    for row in zip_longest(*columns):
        for candidate in row:
            if candidate is not None and candidate.fix not in seen:
                seen.add(candidate.fix)
                yield candidate


def named_first(entrants: Sequence[Entrant], findings: Sequence[Finding]) -> list[Entrant]:
    """Who is tried for what the first cause itself names first, if only a whole training tells what that is worth."""
    first = next(proposed(findings[:1]), None)
    return [each for each in entrants if first and each.attempt.fix == first.fix and first.fix in LATE_FIXES and each.is_late]


def apart(entrants: Sequence[Entrant]) -> list[Entrant]:
    """Each Config once. Where two fixes come to the same measured rate, the second takes another one: a race can bear it."""
    found: list[Entrant] = []
    for entrant in entrants:
        fresh = _at_another_rate(entrant) if _is_among(entrant, found) else entrant
        if fresh is not None and not _is_among(fresh, found):
            found.append(fresh)
    return found


def _is_among(entrant: Entrant, others: Sequence[Entrant]) -> bool:
    return any(other.subject.config == entrant.subject.config for other in others)


def _at_another_rate(entrant: Entrant) -> Entrant | None:
    """The same with another rate than the measured one; None where that is the run's own or no mere rate."""
    edits, subject = entrant.attempt.edits, entrant.subject
    if [edit.path for edit in edits] != [RATE] or entrant.attempt.sweep is None:
        return None
    (other,) = another_rate(edits[0], subject.config)
    rate = other.value
    now = dotted.get(entrant.attempt.config, RATE)
    if rate == now or (entrant.attempt.fix == LOWERS and rate > now):
        return None
    made = replace(subject, config=dotted.put(subject.config, RATE, rate), trials={}, folders={}, counted={})
    return Entrant(replace(entrant.attempt, edits=(other,)), made)


def another_rate(edit: Edit, config: Tree) -> tuple[Edit, ...]:
    """A rate nearer to where the range test saw the lowest loss than the one that the Config has.

    Where that one lies far above what its optimiser usually takes: the one in the middle between both.
    """
    times = times_usual_rate(Run("measured", Path(), "config", {}, config=config))
    factor = BOLDER if not times > DOUBTFUL else 1 / sqrt(times)
    return (Edit(edit.path, float(f"{dotted.get(config, edit.path) * factor:.2g}")),)


def calmer(entrant: Entrant, attempt: Attempt) -> Entrant | None:
    """The same with a rate that falls to zero, where its results still swing at the end; None where they do not, or the rate falls."""
    config, comparison = entrant.subject.config, attempt.comparison
    swings = comparison is not None and comparison.metric.higher_is_better and comparison.swings >= SWINGS
    if not swings or dotted.get(config, SCHEDULE, "none") != "none":
        return None
    edits = (*entrant.attempt.edits, Edit(SCHEDULE, "cosine"))
    name = f"{entrant.subject.name}-{CALMER}"
    made = replace(entrant.subject, name=name, config=dotted.put(config, SCHEDULE, "cosine"), trials={}, folders={}, counted={})
    return Entrant(replace(entrant.attempt, edits=edits, reason="with a rate that falls to zero: its results swung to the end"), made)


def looks(epochs: int) -> list[int]:
    """After how many epochs a race looks at the standing; none where a training is too short to be cut.

    >>> looks(20), looks(30), looks(5)
    ([3, 8], [5, 12], [])
    """
    marks = sorted({max(LEAST, ceil(share * epochs)) for share in SHARES})
    return marks if epochs >= SHORTEST else []


class Race:
    """Trains entrants side by side, a part of the epochs at a time, and drops the weak."""

    def __init__(self, workshop: Workshop, base: Subject, metric: Metric, *, leads_clearly: bool = False) -> None:
        self.workshop, self.base, self.metric = workshop, base, metric
        self.leads_clearly = leads_clearly  # asked of those who stay: to be ahead of the unfixed run already, beyond the noise
        self.dropped: list[Entrant] = []

    def run(self, entrants: Sequence[Entrant]) -> Standing:
        """The standing at the end; as many enter as the budget can bear."""
        field = list(entrants)
        for look in looks(self.workshop.epochs):
            field = self._able(field, look)
            field = self._halved(field, look)
        return Standing(tuple(field), tuple(self.dropped))

    def _able(self, field: Sequence[Entrant], until: int) -> list[Entrant]:
        """Those who could be trained so far, with room left to train one of them to the end."""
        wanted, rest = [Wanted(each.subject, each.subject.seed, until) for each in field], 1 - until / self.workshop.epochs
        while wanted and not self.workshop.can_afford(wanted, more=rest):
            wanted.pop()
        able = []
        for each, refusal in zip(field, self.workshop.train(wanted), strict=False):
            if refusal is None:
                able.append(each)
            else:
                self._drop(each, str(refusal).partition("\n")[0])
        for each in field[len(wanted) :]:
            self._drop(each, "the budget has no room for it in this race; raise --budget")
        return able

    def _halved(self, field: Sequence[Entrant], until: int) -> list[Entrant]:
        """The best so far, best first; the others are dropped, and at the last look those who trail the unfixed run."""
        runners = [self._runner(each, until) for each in field]
        is_last = until == looks(self.workshop.epochs)[-1]
        # Until the last look they stay in the order in which the findings name them, which decides between those who are close.
        order = ranked(runners) if is_last else sorted(staying(runners, self.workshop.epochs))
        first = max(order, key=lambda place: runners[place].standing, default=0)
        for place in (place for place in range(len(field)) if place not in order):
            self._drop(field[place], self._behind(runners[place], runners[first], field[first], until))
        if is_last or self.leads_clearly:
            order = [place for place in order if self._leads_unfixed(field[place], runners[place], until, 0.0 if is_last else NEAR)]
        return [self._placed(field[place], rank, runners, place, until) for rank, place in enumerate(order, 1)]

    def _leads_unfixed(self, entrant: Entrant, entered: Runner, until: int, behind: float) -> bool:
        """Whether it is ahead beyond the noise; early, where it may be `behind` by so much, whether it keeps up."""
        unfixed = self.unfixed(until)
        if unfixed is None:
            return True
        noise = max(entered.noise, unfixed.noise)
        ahead = -behind if behind else CLEARLY * min(noise, NEAR) if self.leads_clearly else noise
        if entered.standing > unfixed.standing + ahead:
            return True
        if not self.leads_clearly and entered.projected(self.workshop.epochs) > unfixed.standing:
            return True
        figures = f"{self._shown(entered)} against {self._shown(unfixed)} after {until} of {self.workshop.epochs} epochs"
        than = "no better than the unfixed run"
        if self.leads_clearly:
            than = f"{'no clear lead over' if entered.standing > unfixed.standing else 'adds nothing to'} {self.base.name}"
        self._drop(entrant, f"{than}: {self.metric.name} {figures}")
        return False

    def unfixed(self, until: int) -> Runner | None:
        """How the unfixed run did, after as many epochs; None where it is not known."""
        trial = self.base.trials.get(self.base.seed)
        return runner(trial.run, self.metric, until) if trial else None

    def _runner(self, entrant: Entrant, until: int) -> Runner:
        return runner(self.workshop.read(Wanted(entrant.subject, entrant.subject.seed)), self.metric, until)

    def _drop(self, entrant: Entrant, reason: str) -> None:
        folder = entrant.subject.folders.get(entrant.subject.seed)
        spent = sum(entrant.subject.counted.values()) / self.workshop.epochs
        run = folder if spent else None
        verdict = Verdict.DROPPED if spent else Verdict.NOT_TRIED
        attempt = replace(
            entrant.attempt, verdict=verdict, reason=reason, run=run, seeds=(entrant.subject.seed,) if spent else (), trainings=spent
        )
        self.dropped.append(replace(entrant, attempt=attempt))

    def _behind(self, behind: Runner, best: Runner, leader: Entrant, until: int) -> str:
        figures = f"{self.metric.name} {self._shown(behind)} after {until} of {self.workshop.epochs} epochs"
        if behind.standing >= best.standing:
            return f"{figures}, no clear lead over {self._shown(best)} of {leader.attempt.fix}, which is named before it"
        return f"{figures}, where {leader.attempt.fix} had {self._shown(best)}"

    def _placed(self, entrant: Entrant, rank: int, runners: Sequence[Runner], place: int, until: int) -> Entrant:
        of = f"{self.metric.name} {self._shown(runners[place])} after {until} of {self.workshop.epochs} epochs"
        return replace(entrant, attempt=replace(entrant.attempt, rank=f"{rank} of {len(runners)} in the race: {of}"))

    def _shown(self, each: Runner) -> str:
        value = each.standing if self.metric.higher_is_better else -each.standing
        return number(value) if abs(value) != float("inf") else "no number"


def passed_over(entrants: Iterable[Entrant], best: str, epochs: int) -> Iterator[Attempt]:
    """Those who were not trained to the end because another one helped."""
    for each in entrants:
        spent = sum(each.subject.counted.values()) / epochs
        folder = each.subject.folders.get(each.subject.seed)
        reason = f"{each.attempt.rank}; {best} came before it and helped" if each.attempt.rank else ""
        if spent:
            yield replace(each.attempt, verdict=Verdict.DROPPED, reason=reason, run=folder, seeds=(each.subject.seed,), trainings=spent)
