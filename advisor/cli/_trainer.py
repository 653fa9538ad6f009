"""Repair's trainer: trains with PyTorch, in several processes where that is worth it, and shows on standard error that it goes on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from zipfile import is_zipfile

from advisor import dotted
from advisor.as_trained import EPOCHS, check_as_trained
from advisor.cli import _sweeps
from advisor.cli._crew import Crew, Row, cores
from advisor.cli._jobs import do
from advisor.cli._progress import progress
from advisor.cli._shared import tell
from advisor.cli._side_by_side import side_by_side
from advisor.config import load, parse
from advisor.dotted import Tree
from advisor.errors import AdvisorError, DiskError
from advisor.outcome import shown
from advisor.own_code import refused
from advisor.repair import Job, Made, Scores, Sweep
from advisor.text import printable
from advisor.training import evaluate, range_test, unreached, yardstick
from advisor.training.branching import BEST
from advisor.training.events import EpochDone, Event, Listener
from advisor.training.folder import CHECKPOINT, load_document

WORTH_SECONDS = 8.0  # of training, expected; less is done before other processes have started


class TorchTrainer:
    """Trains Configs whose relative paths start from `base`, a run folder: all others lie beside it."""

    def __init__(self, base: Path, workers: int | None = None) -> None:
        self.base = base
        self.workers = cores() if workers is None else workers
        self.crew: Crew | None = None
        self.is_forced = workers is not None
        self._yardsticks: dict[str, Scores | None] = {}  # by Config: one is asked for before anything is tried, and again meanwhile

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.crew:
            self.crew.end()

    def train(self, jobs: Sequence[Job]) -> list[AdvisorError | None]:
        """Does all the jobs; for each the reason why it could not be done. Ctrl-C ends the training, and with it everything.

        Raises DiskError where the disk takes no more: no fix is judged by that.
        """
        refusals = [self._alone(jobs[0])] if len(jobs) == 1 else self._side_by_side(jobs)
        if full := next((refusal for refusal in refusals if isinstance(refusal, DiskError)), None):
            raise full
        return refusals

    def _side_by_side(self, jobs: Sequence[Job]) -> list[AdvisorError | None]:
        tell("", f"training {len(jobs)} runs beside {printable(shown(self.base))}{_part(jobs)}")
        with side_by_side(jobs) as hear:
            if self._is_worth_it(jobs):
                self.crew = self.crew or Crew(self.base, self.workers)
                return self.crew.do(jobs, hear)
            return [self._done(job, _heard(place, hear)) for place, job in enumerate(jobs)]

    def made_from(self, folder: Path) -> Made | None:
        """The Config and the origin of a run folder of `advisor train`; None where it is damaged, so that nobody can go on with it."""
        try:
            check_as_trained(folder, but=EPOCHS)
            document, config = load_document(folder), load(folder / "config.toml")
        except AdvisorError:
            return None
        checkpoint, start = folder / CHECKPOINT, document.get("start")
        if checkpoint.exists() and not is_zipfile(checkpoint):  # as PyTorch writes it, with its index at the end
            return None
        # What it starts from lies beside it, wherever both lie by now.
        return Made(config.tree(), document.get("parent"), folder.parent / Path(start["run"]).name if start else None)

    def has_best_weights(self, folder: Path) -> bool:
        """Whether somebody watched the run and kept the weights of its best epoch."""
        return (folder / BEST).exists()

    def scores(self, folder: Path) -> Scores:
        """How a run's result does on each validation sample."""
        with refused():
            measured = evaluate(folder)
        return Scores(measured.targets, measured.predictions, measured.losses)

    def range_test(self, config: Tree) -> Sweep:
        """How the loss of a short trial goes while the learning rate rises; the same one is made once."""
        if known := _sweeps.kept(self.base, config):
            return known
        tell("", "looking for the learning rate by a range test")
        with refused():
            found = range_test(parse(config, self.base))
        sweep = Sweep(found.rates, found.losses, found.suggestion)
        _sweeps.keep(self.base, config, sweep)
        return sweep

    def unreached(self, config: Tree, changed: Tree) -> tuple[str, ...] | None:
        """What to write by hand where a change leaves a module of the user's own as it was."""
        with refused():
            return unreached(parse(config, self.base), parse(changed, self.base))

    def yardstick(self, config: Tree) -> Scores | None:
        """How kernel ridge regression does on each validation sample."""
        asked = repr(config)
        if asked not in self._yardsticks:
            with refused():
                found = yardstick(parse(config, self.base))
            self._yardsticks[asked] = Scores(found.targets, found.predictions) if found else None
        return self._yardsticks[asked]

    def _alone(self, job: Job) -> AdvisorError | None:
        tell("", f"training {printable(shown(job.folder))}{_part([job])}")
        with progress(quiet=False) as listener:
            return self._done(job, listener)

    def _done(self, job: Job, listener: Listener) -> AdvisorError | None:
        try:
            do(job, self.base, listener)
        except AdvisorError as refusal:
            return refusal
        return None

    def _is_worth_it(self, jobs: Sequence[Job]) -> bool:
        """Whether other processes are there to use, and would be through sooner. The results are the same."""
        if self.is_forced or self.workers < 2:
            return self.workers > 1
        try:
            document = load_document(self.base)
        except AdvisorError:
            return False
        result = document.get("result") or {}
        pace = float(document.get("seconds") or 0.0) / float(result.get("epoch") or 1)
        return document.get("device") == "cpu" and pace * sum(map(_epochs, jobs)) > WORTH_SECONDS


def _epochs(job: Job) -> int:
    planned = int(dotted.get(job.config, "train.epochs", 1))
    return min(job.until or planned, planned)


def _part(jobs: Sequence[Job]) -> str:
    untils = {job.until for job in jobs}
    until = untils.pop()
    return f", up to epoch {until} of {dotted.get(jobs[0].config, 'train.epochs')}" if until and not untils else ""


def _heard(place: int, hear: Any) -> Listener:
    """A listener that hears of whole epochs alone."""

    def listener(event: Event) -> None:
        if isinstance(event, EpochDone):
            row: Row = {name: float(value) for name, value in event.figures.items() if value is not None}
            hear(place, row)

    return listener
