"""How far a training has come: what its steps do not carry in themselves, and the checkpoint that holds all of it."""

import copy
import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from advisor.config import Config
from advisor.training.files import Cell
from advisor.training.repeatable import random_state, restore_random
from advisor.training.setup import Setup

# Figures of the result leave out what is said elsewhere.
NOT_FIGURES = frozenset({"epoch", "step", "lr", "grad_norm", "seconds"})


@dataclass
class Progress:
    """Counted from 1 where something was done; `row` is the row of run.csv that the result stands in."""

    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    best_loss: float = math.inf
    waited: int = 0  # epochs since the best one
    failed: bool = False
    row: dict[str, Cell] = field(default_factory=dict)
    best_weights: dict[str, Tensor] | None = None  # kept for early stopping alone

    def end_epoch(self, row: dict[str, Cell], setup: Setup) -> None:
        """Takes note of a finished epoch: its row, and its weights where they may become the result."""
        self.epoch, self.seconds = int(row["epoch"] or 0), float(row["seconds"] or 0.0)
        losses = [float(loss) for name in ("train_loss", "val_loss") if (loss := row.get(name)) is not None]
        self.failed = not all(math.isfinite(loss) for loss in losses)
        if not setup.config.train.early_stopping:
            self.row = row
        elif losses[-1] < self.best_loss or not self.row:
            self.best_loss, self.waited, self.row = losses[-1], 0, row
            self.best_weights = copy.deepcopy(setup.model.state_dict())
        else:
            self.waited += 1

    def is_over(self, config: Config) -> bool:
        """Whether no further epoch is wanted."""
        patience = config.train.early_stopping
        return self.failed or self.epoch >= config.train.epochs or bool(patience and self.waited >= patience)

    @property
    def figures(self) -> dict[str, Cell]:
        """The figures of the result by their column names."""
        return {name: value for name, value in self.row.items() if name not in NOT_FIGURES and value is not None}


def checkpoint(setup: Setup, progress: Progress) -> dict[str, Any]:
    """All that a training needs to go on as if it had never stopped."""
    return {
        "progress": vars(progress),
        "model": setup.model.state_dict(),
        "optimizer": setup.optimizer.state_dict(),
        "schedule": setup.schedule.state(),
        "batches": setup.batches.state(),
        "random": random_state(setup.device),
    }


def restore(setup: Setup, state: dict[str, Any]) -> Progress:
    """Puts a checkpoint back into a fresh Setup."""
    setup.model.load_state_dict(state["model"])
    setup.optimizer.load_state_dict(state["optimizer"])
    setup.schedule.restore(state["schedule"])
    setup.batches.restore(state["batches"])
    restore_random(state["random"], setup.device)
    return Progress(**state["progress"])
