"""What a training tells while it runs: to the progress in the terminal, to the dashboard, to tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.training.files import Cell


@dataclass(frozen=True)
class Started:
    """The folder is made and the first step is about to be taken; `epoch` is 0 unless the run goes on after a stop."""

    folder: Path
    epoch: int
    epochs: int
    steps_per_epoch: int
    notes: tuple[str, ...]
    probes: Mapping[str, Any] = field(default_factory=dict)  # facts.probes of run.json


@dataclass(frozen=True)
class StepDone:
    """One optimiser step, counted from 1 over the whole run."""

    step: int


@dataclass(frozen=True)
class EpochDone:
    """One row of run.csv has been written."""

    figures: Mapping[str, Cell]


@dataclass(frozen=True)
class Ended:
    """The run folder is complete. `epoch` is the result's; None where no epoch was completed."""

    status: str
    epoch: int | None


class StopTraining(Exception):
    """What a listener raises behind an epoch to end the training there; names the rule that says why."""


Event = Started | StepDone | EpochDone | Ended
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listens to nothing."""
