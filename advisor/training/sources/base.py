"""What every source gives: inputs and targets as they are, before anything is split, filled or scaled."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.config import Config

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Part:
    """Some samples and what is to be predicted of them."""

    x: Array  # (samples, ...) numbers; nan where a cell is empty
    y: Array  # (samples,) numbers, booleans or text; (samples, targets) for several numbers

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: Array) -> "Part":
        """The samples that an index or a mask selects."""
        return Part(self.x[rows], self.y[rows])


@dataclass(frozen=True, eq=False)
class RawData:
    """What a source holds. Parts that it keeps apart itself are never mixed again."""

    whole: Part  # what is split, or the training part where the source holds the others too
    held_out: dict[str, Part] = field(default_factory=dict)  # by the key that asks for them: "validation", "test"
    columns: tuple[str, ...] = ()  # the column that each input comes from, for messages
    classes: tuple[str, ...] = ()  # names of the targets 0, 1, ... where the source has them
    are_tokens: bool = False  # whole numbers of a function: indices, which scaling would destroy
    notes: tuple[str, ...] = ()


class Source(ABC):
    """Data that need no file, in one file; the file's name is the name that data.source takes."""

    @abstractmethod
    def load(self, config: Config) -> RawData:
        """The samples, the same ones for the same data.seed."""


def has_nan(values: Array) -> Array:
    """Which samples (samples,) have an empty cell."""
    if values.dtype.kind != "f":
        return np.zeros(len(values), dtype=bool)
    return np.asarray(np.isnan(values.reshape(len(values), -1)).any(axis=1))


def noise_of(config: Config, usual: float) -> float:
    """The noise of a generated source: what the Config names, else the usual value."""
    return usual if config.data.noise == "auto" else float(config.data.noise)
