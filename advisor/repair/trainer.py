"""What repair asks of whoever trains: it knows no library that trains, and is tested with a few lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from advisor.dotted import Tree
from advisor.errors import AdvisorError
from advisor.run import Floats, Run


@dataclass(frozen=True, eq=False)
class Scores:
    """A run's result on each sample of the validation part; the same samples in the same order for all runs on the same data."""

    targets: NDArray[Any]  # (samples,) whole numbers for classes, else numbers; or (samples, targets)
    predictions: NDArray[Any]  # the same shape
    losses: Floats | None = None  # (samples,) their mean is the validation loss of the result


@dataclass(frozen=True)
class Job:
    """One training that is wanted: of a Config, in a folder, as far as `until`. A folder that is there is gone on with."""

    config: Tree
    folder: Path
    parent: str | None = None  # id of the run whose changed copy it is
    until: int | None = None  # epochs to pause after, the schedule being that of the whole; None: to the end
    start: Path | None = None  # the run whose best weights so far it starts from; None: from the beginning


@dataclass(frozen=True)
class Made:
    """What a run folder was made from."""

    config: Tree
    parent: str | None
    start: Path | None = None


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a range test saw: the smoothed loss while the learning rate rose."""

    rates: Floats  # (steps,)
    losses: Floats  # (steps,)
    suggestion: float | None  # None where no rate made the loss fall


class Trainer(Protocol):
    """Trains, and measures what it has trained. Raises AdvisorError where it cannot."""

    def train(self, jobs: Sequence[Job]) -> list[AdvisorError | None]:
        """Does all the jobs, at once where that is possible; for each the reason why it could not be done, or None.

        Raises DiskError where there is no room for any.
        """

    def made_from(self, folder: Path) -> Made | None:
        """What a run folder was made from; None where that is not known, or where it cannot be gone on with."""

    def has_best_weights(self, folder: Path) -> bool:
        """Whether the weights of a run's best epoch so far were kept, for another to start from."""

    def scores(self, folder: Path) -> Scores:
        """How the result of a run does on each validation sample; only asked where the run has a validation loss."""

    def yardstick(self, config: Tree) -> Scores | None:
        """How a method that is solved and not trained does on each validation sample; None where the data do not suit one."""

    def unreached(self, config: Tree, changed: Tree) -> tuple[str, ...] | None:
        """What to write by hand where a change does nothing to a module of the user's own; None where it does something."""

    def range_test(self, config: Tree) -> Sweep:
        """How the loss of a Config's network goes while the rate rises from far too small to far too large."""


@dataclass(frozen=True)
class Tools:
    """Who trains, and who reads a run folder back."""

    trainer: Trainer
    read: Callable[[Path], Run]
