"""What every reader is: it recognises one format and turns a file or folder into raw tables; roles are found in one place for all."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from advisor import catalogue
from advisor.decoding import decoded
from advisor.run import Floats, Ints, Layers, Unit


@dataclass(frozen=True, eq=False)
class Column:
    """The values of one column, tag or key: absent cells are left out, nan and inf kept."""

    values: Floats  # (cells,)
    rows: Ints  # (cells,) which row of the table each stands in, from 0; increasing
    places: Ints  # (cells,) line or record in the file, from 1

    def __len__(self) -> int:
        return len(self.values)

    @property
    def ends_higher(self) -> bool:
        """Whether the last third of the finite values lies above the first one on the whole."""
        finite = self.values[np.isfinite(self.values)]
        third = max(len(finite) // 3, 1)
        return len(finite) > 1 and float(finite[-third:].mean()) > float(finite[:third].mean())


@dataclass(frozen=True, eq=False)
class Table:
    """What a reader took from a file, before roles are known."""

    name: str
    path: Path
    columns: Mapping[str, Column]  # in the order of the file
    rows: int
    unit: Unit = "lines"
    notes: tuple[str, ...] = ()
    layers: Layers | None = None
    config: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    steps: "Table | None" = None  # one row an optimiser step, where that is a file of its own
    roles: Mapping[str, str] = field(default_factory=dict)  # role -> column, where the format itself says so
    splits: Mapping[str, str] = field(default_factory=dict)  # column -> split, where the record says so and the name does not
    blanks: bool = False  # whether every row has a cell in every column, so that an empty one was written on purpose
    file: str = ""  # where the values stand, if not in `path`


@dataclass(frozen=True)
class Source:
    """A path, or standard input, with its first 64 KiB for the sniffing; the whole is read when asked for."""

    path: Path
    is_folder: bool
    data: bytes  # the first 64 KiB, decompressed; empty for a folder
    text: str  # the same, decoded; empty for a folder or binary file
    whole: Callable[[], bytes]  # everything, decompressed

    @cached_property
    def lines(self) -> list[str]:
        """All lines, decoded, without their ends; numbered as an editor does."""
        text = decoded(self.whole())
        return [line.rstrip("\r") for line in (text if "\n" in text else text.replace("\r", "\n")).split("\n")]

    def each_line(self) -> Iterator[str]:
        """The same, one after the other: for logs that are read once and are long."""
        text = decoded(self.whole())
        end = "\n" if "\n" in text else "\r"
        start = 0
        while (stop := text.find(end, start)) >= 0:
            yield text[start:stop].rstrip("\r")
            start = stop + 1
        yield text[start:].rstrip("\r")

    @cached_property
    def first_lines(self) -> list[str]:
        """The lines of the first 64 KiB; the last one may be cut."""
        return [line.rstrip("\r") for line in (self.text if "\n" in self.text else self.text.replace("\r", "\n")).split("\n")]


class Reader(ABC):
    """One format, in one file; the file's name is the format's name."""

    at_most = 1.0  # how sure the reader ever is; the least sure ones are asked when the others have failed

    @property
    def name(self) -> str:
        """The name of the format, from the reader's file."""
        return catalogue.own_name(self)

    @abstractmethod
    def recognises(self, source: Source) -> float:
        """How sure the reader is that this is its format, 0..1; the surest one reads."""

    @abstractmethod
    def read(self, source: Source) -> Iterator[Table]:
        """The tables of a source, one a run; raises ReadError where it holds none."""
