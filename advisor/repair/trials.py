"""Trainings: one Config under several seeds, each a run folder beside the one that is to be fixed, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from advisor import dotted
from advisor.diagnose import diagnose
from advisor.dotted import Tree
from advisor.outcome import Report
from advisor.repair.trainer import Scores, Tools
from advisor.run import Run

# A run that was stopped, or whose process is gone, is no measure of what its Config can do.
COMPLETE = frozenset({"done", "failed"})
ROUNDING = 1e-9  # thirds of a training add up to less than a whole


def is_validated(run: Run) -> bool:
    """Whether a run was measured on a validation part."""
    return run.get("val_loss") is not None


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
    trials: dict[int, Trial] = field(default_factory=dict)
    parent: str | None = None  # id of the run whose Config was changed
    is_changed: bool = True  # False for the Config that is to be fixed

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


class Workshop:
    """Trains in one folder within a budget, and counts in full trainings' worth of epochs."""

    def __init__(self, tools: Tools, folder: Path, epochs: int, budget: float) -> None:
        self.tools, self.folder, self.epochs, self.budget = tools, folder, epochs, budget
        self.spent = 0.0

    def can_afford(self, wanted: Iterable[tuple[Subject, int]]) -> bool:
        """Whether the budget has room for so many seeds of each subject; those that are trained cost nothing."""
        costs = (sum(seed not in subject.trials for seed in subject.seeds(seeds)) * self._planned(subject) for subject, seeds in wanted)
        return self.spent + sum(costs) <= self.budget + ROUNDING

    def trials(self, subject: Subject, seeds: int) -> list[Trial]:
        """Its trainings under so many seeds; those that are missing are trained now."""
        for seed in subject.seeds(seeds):
            if seed not in subject.trials:
                subject.trials[seed] = self._train(subject, seed)
        return [subject.trials[seed] for seed in subject.seeds(seeds)]

    def look(self, run: Run) -> Trial:
        """A run that is there, judged and scored."""
        return Trial(run, diagnose(run), self.tools.trainer.scores(run.path) if is_validated(run) else None)

    def free_folder(self, name: str) -> Path:
        """The first folder of that name, or name-2, name-3 ..., that is not there yet."""
        count = 1
        while (folder := self.folder / (name if count == 1 else f"{name}-{count}")).exists():
            count += 1
        return folder

    def _train(self, subject: Subject, seed: int) -> Trial:
        config = dotted.put(subject.config, "train.seed", seed)
        run = self.tools.read(self.tools.trainer.train(config, self.free_folder(self._name(subject, seed)), subject.parent))
        self.spent += (run.epochs or 0) / self.epochs
        return self.look(run)

    def _name(self, subject: Subject, seed: int) -> str:
        if seed != subject.seed:
            return f"{subject.name}-seed{seed}"
        return subject.name if subject.is_changed else f"{subject.name}-again"

    def _planned(self, subject: Subject) -> float:
        return float(dotted.get(subject.config, "train.epochs", self.epochs)) / self.epochs
