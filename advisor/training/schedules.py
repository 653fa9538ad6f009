"""The learning rate of every step: pure formulas, and the small state that plateau needs."""

import math
from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer

from advisor.config import Config

TENTH = 0.1
PATIENCE = 5  # epochs without a better validation loss after which plateau takes a tenth
RISE = 0.3  # share of onecycle that goes up; it starts at 1/25 of the peak and ends 10,000 times lower, as in PyTorch
START, END = 1 / 25, 1 / 25 / 1e4


def _cosine_between(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def step(progress: float) -> float:
    """A tenth at half, a hundredth at three quarters.

    >>> [round(step(progress), 6) for progress in (0.49, 0.5, 0.75)]
    [1.0, 0.1, 0.01]
    """
    return TENTH ** ((progress >= 0.5) + (progress >= 0.75))


def cosine(progress: float) -> float:
    """Half a cosine from 1 to 0.

    >>> [round(cosine(progress), 6) for progress in (0, 0.5, 1)]
    [1.0, 0.5, 0.0]
    """
    return _cosine_between(1.0, 0.0, progress)


def constant(progress: float) -> float:
    """No change."""
    return 1.0


SHAPES: dict[str, Callable[[float], float]] = {"step": step, "cosine": cosine, "plateau": constant, "none": constant}


def factor(name: str, taken: int, total: int, warmup: float = 0.0) -> float:
    """What lr is multiplied by at the step after `taken` of `total` steps, plateau's cuts aside.

    During warmup the factor rises in equal parts to 1; the schedule then spans the steps that remain.

    >>> [factor("none", taken, 100, warmup=0.04) for taken in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    if name == "onecycle":
        return _onecycle(taken, total)
    rising = round(warmup * total)
    if taken < rising:
        return (taken + 1) / rising
    return SHAPES[name]((taken - rising) / max(total - rising, 1))


def _onecycle(taken: int, total: int) -> float:
    """PyTorch's OneCycleLR with its defaults: the last step gets the lowest rate."""
    peak = RISE * total - 1
    if taken <= peak:
        return _cosine_between(START, 1.0, taken / peak)
    return _cosine_between(1.0, END, (taken - peak) / max(total - 1 - peak, 1e-9))


class Schedule:
    """Keeps the optimiser's rate where it belongs: `step()` behind each of its steps, `end_epoch(loss)` behind each epoch."""

    def __init__(self, config: Config, optimizer: Optimizer, steps_per_epoch: int) -> None:
        self.name, self.lr, self.warmup = config.optim.schedule, config.optim.lr, config.optim.warmup
        self.total = config.train.epochs * steps_per_epoch
        self.optimizer = optimizer
        self.taken, self.cut, self.best, self.waited = 0, 1.0, math.inf, 0
        self._set()

    def step(self) -> None:
        """Sets the rate of the next step."""
        self.taken += 1
        self._set()

    def end_epoch(self, loss: float) -> None:
        """Takes note of the validation loss (the training loss where there is none); only plateau minds."""
        better = loss < self.best
        self.best, self.waited = (loss, 0) if better else (self.best, self.waited + 1)
        if self.name == "plateau" and self.waited >= PATIENCE:
            self.cut, self.waited = self.cut * TENTH, 0
            self._set()

    def state(self) -> dict[str, Any]:
        """What a resumed training needs to go on."""
        return {"taken": self.taken, "cut": self.cut, "best": self.best, "waited": self.waited}

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from where `state` was taken."""
        self.taken, self.cut, self.best, self.waited = state["taken"], state["cut"], state["best"], state["waited"]
        self._set()

    def _set(self) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self.lr * self.cut * factor(self.name, min(self.taken, self.total), self.total, self.warmup)


def build_schedule(config: Config, optimizer: Optimizer, steps_per_epoch: int) -> Schedule:
    """The schedule over all steps of the training, the optimiser's rate set for the first."""
    return Schedule(config, optimizer, steps_per_epoch)
