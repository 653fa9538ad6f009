"""Trainings: one Config under several seeds, each a run folder beside the one that is to be fixed, and what they cost.

A folder that an earlier command left behind is gone on with, if it was made from the very same Config. It counts as if it were
trained now, so that a repair that was killed ends as one that was not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from advisor import dotted
from advisor.config import parse
from advisor.diagnose import diagnose
from advisor.dotted import Tree
from advisor.errors import AdvisorError
from advisor.outcome import Report
from advisor.own_code import NOT_APPLIED
from advisor.repair.trainer import Job, Made, Scores, Sweep, Tools
from advisor.run import Run

# A run that was stopped, or whose process is gone, is no measure of what its Config can do.
COMPLETE = frozenset({"done", "failed"})
ROUNDING = 1e-9  # thirds of a training add up to less than a whole


def is_validated(run: Run) -> bool:
    """Whether a run was measured on a validation part."""
    return run.get("val_loss") is not None


def is_complete(run: Run) -> bool:
    """Whether a run tells what its Config can do: it came to its end, or was ended because nothing could come of it."""
    return run.about.get("status") in COMPLETE or bool(run.about.get("hopeless"))


@dataclass(frozen=True, eq=False)
class Trial:
    """One finished training: its record, what the rules say of it, and how it does on the validation part."""

    run: Run
    report: Report
    scores: Scores | None

    def need_scores(self) -> Scores:
        """The scores of a run that is known to have a validation part."""
        assert self.scores is not None  # noqa: S101 - repair compares nothing without a validation part
        return self.scores


@dataclass(eq=False)
class Subject:
    """One Config, with its trainings by seed."""

    name: str
    config: Tree
    trials: dict[int, Trial] = field(default_factory=dict)  # the finished ones
    parent: str | None = None  # id of the run whose Config was changed
    is_changed: bool = True  # False for the Config that is to be fixed
    start: Path | None = None  # the run whose best weights the training of its own seed starts from
    folders: dict[int, Path] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)  # epochs of each training that count as spent

    @property
    def seed(self) -> int:
        """The Config's own seed."""
        return int(dotted.get(self.config, "train.seed", 0))

    @property
    def first(self) -> Trial:
        """The training with the Config's own seed."""
        return self.trials[self.seed]

    def seeds(self, count: int) -> list[int]:
        """Its own seed and those that follow."""
        return [self.seed + i for i in range(count)]

    def name_of(self, seed: int) -> str:
        """The name of the run folder for a seed."""
        if seed != self.seed:
            return f"{self.name}-seed{seed}"
        return self.name if self.is_changed else f"{self.name}-again"


@dataclass(frozen=True)
class Wanted:
    """A training that is asked for: of a subject under a seed, as far as so many epochs."""

    subject: Subject
    seed: int
    until: int | None = None  # None: to the end


class Workshop:
    """Trains in one folder within a budget, and counts in full trainings' worth of epochs."""

    def __init__(self, tools: Tools, folder: Path, epochs: int, budget: float) -> None:
        self.tools, self.folder, self.epochs, self.budget = tools, folder, epochs, budget
        self._subjects: dict[int, Subject] = {}
        self._sweeps: list[tuple[Tree, Sweep]] = []

    @property
    def spent(self) -> float:
        """Full trainings' worth of epochs; the hundred steps of a range test are not counted."""
        return sum(sum(subject.counted.values()) for subject in self._subjects.values()) / self.epochs

    @property
    def has_room(self) -> bool:
        """Whether the budget has room for one more training."""
        return self.spent + 1 <= self.budget + ROUNDING

    def can_afford(self, wanted: Iterable[Wanted], *, more: float = 0.0) -> bool:
        """Whether the budget has room for these, and for so many trainings `more`; what is trained costs nothing."""
        return self.spent + sum(self._cost(each) for each in wanted) + more <= self.budget + ROUNDING

    def train(self, wanted: Sequence[Wanted]) -> list[AdvisorError | None]:
        """Brings each training as far as it is wanted, all at once where possible; says which were refused."""
        found = [self._found(each) for each in wanted]
        jobs = [self._job(each) for each, run in zip(wanted, found, strict=True) if not _is_far_enough(run, each)]
        refusals = iter(self.tools.trainer.train(jobs) if jobs else [])
        refused = [None if _is_far_enough(run, each) else next(refusals) for each, run in zip(wanted, found, strict=True)]
        for each, refusal in zip(wanted, refused, strict=True):
            if refusal is None:
                self._count(each)
        return refused

    def trials(self, subject: Subject, seeds: int) -> list[Trial]:
        """Its trainings under so many seeds, finished; those that are missing are trained now. Raises what refuses one."""
        missing = [Wanted(subject, seed) for seed in subject.seeds(seeds) if seed not in subject.trials]
        for each, refusal in zip(missing, self.train(missing), strict=True):
            if refusal is not None:
                raise refusal
            subject.trials[each.seed] = self.look(self.read(each))
        return [subject.trials[seed] for seed in subject.seeds(seeds)]

    def pairs(self, base: Subject, subject: Subject, seeds: int) -> tuple[list[Trial], list[Trial]]:
        """The trainings of both under so many seeds, in the same order; those that are missing are trained at once."""
        missing = [Wanted(each, seed) for each in (base, subject) for seed in each.seeds(seeds) if seed not in each.trials]
        for refusal in self.train(missing):
            if refusal is not None:
                raise refusal
        return self.trials(base, seeds), self.trials(subject, seeds)

    def read(self, wanted: Wanted) -> Run:
        """The run of a training that was asked for."""
        return self.tools.read(wanted.subject.folders[wanted.seed])

    def look(self, run: Run) -> Trial:
        """A run that is there, judged and scored."""
        return Trial(run, diagnose(run), self.tools.trainer.scores(run.path) if is_validated(run) else None)

    def left_out(self, folder: Path, origin: Run) -> tuple[str, ...]:
        """What could not be changed in a module of the user's own, with the line to write instead; what was so before aside."""
        known, notes = (run.about.get("notes") or () for run in (origin, self.tools.read(folder)))
        return tuple(str(note) for note in notes if note not in known and NOT_APPLIED in note)

    def sweep(self, config: Tree) -> Sweep:
        """The range test of a Config; the same one is made once."""
        known = next((sweep for tree, sweep in self._sweeps if tree == config), None)
        if known is None:
            known = self.tools.trainer.range_test(config)
            self._sweeps.append((config, known))
        return known

    def _cost(self, wanted: Wanted) -> float:
        planned = int(dotted.get(wanted.subject.config, "train.epochs", self.epochs))
        if wanted.seed in wanted.subject.trials:
            return 0.0
        return max(0, min(planned, wanted.until or planned) - wanted.subject.counted.get(wanted.seed, 0)) / self.epochs

    def _found(self, wanted: Wanted) -> Run | None:
        """The run of that training as far as it has come; None where it has no epoch yet. Chooses its folder."""
        subject, config = wanted.subject, _seeded(wanted)
        folder = subject.folders.setdefault(wanted.seed, self._folder(subject, wanted.seed, config))
        try:
            return self.tools.read(folder) if folder.exists() else None
        except AdvisorError:  # killed before its first epoch
            return None

    def _folder(self, subject: Subject, seed: int, config: Tree) -> Path:
        """The first folder NAME, NAME-2, NAME-3 ... that is free, or that was made from the same Config."""
        wanted = Made(config, subject.parent, _start(subject, seed))
        made_from = self.tools.trainer.made_from
        names = self._names(subject.name_of(seed))
        return next(folder for folder in names if not folder.exists() or _is_same(made_from(folder), wanted))

    def _names(self, name: str) -> Iterator[Path]:
        count = 1
        while True:
            yield self.folder / (name if count == 1 else f"{name}-{count}")
            count += 1

    def _job(self, wanted: Wanted) -> Job:
        subject, seed = wanted.subject, wanted.seed
        return Job(_seeded(wanted), subject.folders[seed], subject.parent, wanted.until, _start(subject, seed))

    def _count(self, wanted: Wanted) -> None:
        """What it costs, whoever trained it; more epochs than were wanted now, by an earlier command, do not count yet."""
        subject, run = wanted.subject, self.read(wanted)
        done = (run.epochs or 0) - (_inherited(run) if _start(subject, wanted.seed) else 0)
        self._subjects[id(subject)] = subject
        subject.counted[wanted.seed] = max(subject.counted.get(wanted.seed, 0), min(done, wanted.until or done))


def _is_far_enough(run: Run | None, wanted: Wanted) -> bool:
    if run is None:
        return False
    return is_complete(run) or (wanted.until is not None and (run.epochs or 0) >= wanted.until)


def _inherited(run: Run) -> int:
    """Epochs that a run took over from the one whose weights it started from."""
    return int((run.about.get("start") or {}).get("epoch", 0))


def _seeded(wanted: Wanted) -> Tree:
    return dotted.put(wanted.subject.config, "train.seed", wanted.seed)


def _start(subject: Subject, seed: int) -> Path | None:
    return subject.start if seed == subject.seed else None


def _is_same(made: Made | None, wanted: Made) -> bool:
    if made is None or made.parent != wanted.parent or made.start != wanted.start:
        return False
    return parse(made.config).tree() == parse(wanted.config).tree()
