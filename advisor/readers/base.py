"""What every reader is: it recognises one format and turns a file or folder into raw tables; roles are found in one place for all."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor import catalogue
from advisor.run import Floats, Ints, Layers, Unit


@dataclass(frozen=True, eq=False)
class Column:
    """The values of one column, tag or key: absent cells are left out, nan and inf kept."""

    values: Floats  # (cells,)
    rows: Ints  # (cells,) which row of the table each stands in, from 0
    places: Ints  # (cells,) line or record in the file, from 1


@dataclass(frozen=True, eq=False)
class Table:
    """What a reader took from a file, before roles are known."""

    name: str
    path: Path
    columns: Mapping[str, Column]
    rows: int
    unit: Unit = "lines"
    notes: tuple[str, ...] = ()
    layers: Layers | None = None
    config: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    steps: "Table | None" = None  # one row an optimiser step, where that is a file of its own


@dataclass(frozen=True)
class Head:
    """What the sniffing sees of a path."""

    path: Path
    is_folder: bool
    text: str  # the first 64 KiB of a file, decoded; empty for a folder or binary file
    data: bytes  # the same, raw and decompressed


class Reader(ABC):
    """One format, in one file; the file's name is the format's name."""

    @property
    def name(self) -> str:
        """The name of the format, from the reader's file."""
        return catalogue.own_name(self)

    @abstractmethod
    def recognises(self, head: Head) -> float:
        """How sure the reader is that this is its format, 0..1; the surest one reads."""

    @abstractmethod
    def read(self, path: Path) -> Iterator[Table]:
        """The tables of a path, one a run; raises ReadError where it holds none."""
