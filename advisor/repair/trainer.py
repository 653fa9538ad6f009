"""What repair asks of whoever trains: it knows no library that trains, and is tested with three lines."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from advisor.dotted import Tree
from advisor.run import Floats, Run


@dataclass(frozen=True, eq=False)
class Scores:
    """A run's result on each sample of the validation part; the same samples in the same order for all runs on the same data."""

    targets: NDArray[Any]  # (samples,) whole numbers for classes, else numbers; or (samples, targets)
    predictions: NDArray[Any]  # the same shape
    losses: Floats | None = None  # (samples,) their mean is the validation loss of the result


class Trainer(Protocol):
    """Trains, and measures what it has trained. Raises AdvisorError where it cannot."""

    def train(self, config: Tree, folder: Path, parent: str | None) -> Path:
        """Trains a Config into a new run folder; `parent` is the id of the run it is a changed copy of."""

    def scores(self, folder: Path) -> Scores:
        """How the result of a run does on each validation sample; only asked where the run has a validation loss."""

    def range_test(self, config: Tree) -> float | None:
        """The learning rate that suits a Config; None where no rate made the loss fall."""


@dataclass(frozen=True)
class Tools:
    """Who trains, and who reads a run folder back."""

    trainer: Trainer
    read: Callable[[Path], Run]
