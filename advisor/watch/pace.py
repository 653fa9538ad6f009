"""Which steps of a loop are recorded, when nobody says how many steps an epoch has."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from advisor.training.recorder import FIRST_STEPS

Every = int | Literal["auto"]

BETWEEN = 100  # steps from one recording to the next, beside the first step of each epoch
SHARE = 0.007  # of the time, that recording and logging may take together
LEAST = 0.0025  # of the time, that is left to recording however much is logged
LONG_STEP = 5e-3  # seconds; below, an epoch has its recording whatever it costs


@dataclass
class Pace:
    """Counts steps. "auto" is by count: the first 10 steps, each 100th and the first of an epoch.

    The clock only ever holds a recording back: where steps take 5 ms and more, and recording and logging together would take more
    than their share of the time.
    """

    every: Every = "auto"
    step: int = 0  # optimiser steps done
    is_new_epoch: bool = False
    spent: float = 0.0  # seconds of recording, after the first steps
    told: float = 0.0  # seconds of logging, after the first steps
    latest: float = 0.0  # seconds of the latest recording
    clock: Callable[[], float] = time.perf_counter
    _began: float = field(default=0.0, repr=False)

    @property
    def is_next_due(self) -> bool:
        """Whether the step that comes next is recorded."""
        upcoming = self.step + 1
        if self.every != "auto":
            return upcoming == 1 or upcoming % self.every == 0
        if upcoming <= FIRST_STEPS:
            return True
        if self.is_new_epoch:
            return self._are_steps_short or self._is_affordable
        return upcoming % BETWEEN == 0 and self._is_affordable

    def passed(self) -> bool:
        """Takes in a step that was not recorded; whether the next one is. Runs at every step: as little as can be."""
        self.step += 1
        if self.every == "auto" and not self.is_new_epoch and self.step > FIRST_STEPS and (self.step + 1) % BETWEEN:
            return False
        return self.is_next_due

    def stepped(self, spent: float) -> None:
        """Takes in a step that is done, and the seconds that recording it took: 0 where it was not recorded."""
        self.step += 1
        self.is_new_epoch = self.is_new_epoch and not spent
        self.latest = spent or self.latest
        if self.step == FIRST_STEPS:
            self._began = self.clock()
        elif self.step > FIRST_STEPS:
            self.spent += spent

    def logged(self, spent: float) -> None:
        """Takes in the seconds that logging took: what is recorded besides has to stay within the same share."""
        if self.step > FIRST_STEPS:
            self.told += spent

    @property
    def _elapsed(self) -> float:
        return self.clock() - self._began

    @property
    def _are_steps_short(self) -> bool:
        return self._elapsed < LONG_STEP * (self.step - FIRST_STEPS)

    @property
    def _is_affordable(self) -> bool:
        elapsed = self._elapsed
        return self.spent + self.latest <= max(SHARE * elapsed - self.told, LEAST * elapsed)
