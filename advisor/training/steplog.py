"""The rows of steps.csv and layers.csv and the means of an epoch. They are read from the device and written now and then."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from torch import Tensor

from advisor.training.files import Cell
from advisor.training.folder import RunFolder
from advisor.training.recorder import fetch

# Steps that may wait to be written: what a kill can cost at most.
WAITING = 50
# Seconds after which the next recorded step writes what waits, for those who watch a slow training.
PATIENCE = 0.5


@dataclass(frozen=True, eq=False)
class Step:
    """One optimiser step; its figures may still lie on the device."""

    step: int
    epoch: int
    lr: float
    samples: int
    loss: Tensor
    grad_norm: Tensor


@dataclass
class StepLog:
    """Collects the steps of one epoch."""

    folder: RunFolder
    waiting: list[Step] = field(default_factory=list)
    layers: list[dict[str, Cell]] = field(default_factory=list)  # rows that wait
    written: float = field(default_factory=time.monotonic)
    samples: int = 0
    steps: int = 0
    losses: float = 0.0  # summed over samples
    grad_norms: float = 0.0  # summed over steps

    def add(self, step: Step) -> None:
        """Takes in a step."""
        self.waiting.append(step)
        if len(self.waiting) >= WAITING:
            self.flush()

    def add_layers(self, rows: Iterable[dict[str, Cell]]) -> None:
        """Takes in what was recorded of the latest step."""
        self.layers.extend(rows)
        if time.monotonic() - self.written > PATIENCE:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        self.folder.add_layers(self.layers)
        self.layers, self.written = [], time.monotonic()
        steps, self.waiting = self.waiting, []
        figures = fetch([*(step.loss for step in steps), *(step.grad_norm for step in steps)])
        rows: list[dict[str, Cell]] = []
        for step, loss, norm in zip(steps, figures[: len(steps)], figures[len(steps) :], strict=True):
            rows.append({"step": step.step, "epoch": step.epoch, "loss": loss, "grad_norm": norm, "lr": step.lr})
            self.losses += loss * step.samples
            self.grad_norms += norm
            self.samples += step.samples
            self.steps += 1
        self.folder.add_steps(rows)

    def means(self) -> dict[str, Cell]:
        """Loss (mean over samples) and gradient norm (mean over steps) of all that was written."""
        return {"train_loss": self.losses / self.samples, "grad_norm": self.grad_norms / self.steps}
