"""A case: one fault of one strength in one program, under any seed."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from injected.faults import Fault, Level, all_faults
from injected.programs import PROGRAMS, Edits, Program, tree


@dataclass(frozen=True)
class Case:
    """A faulty Config, its healthy twin, and what must be said of it."""

    program: Program
    fault: Fault
    level: str
    edits: Edits  # what was done to the healthy Config

    @property
    def name(self) -> str:
        """`program/fault/level`, unique among all cases."""
        return f"{self.program.name}/{self.fault.name}/{re.sub('[^a-z0-9.-]+', '-', self.level.lower())}"

    @property
    def data(self) -> str:
        """The data set, which the split goes by."""
        return self.program.data

    @property
    def expected(self) -> str:
        """The rule it is counted under."""
        return self.fault.right[0]

    @property
    def right(self) -> tuple[str, ...]:
        """The rules that name its cause."""
        return self.fault.right

    @property
    def companions(self) -> frozenset[str]:
        """Rules whose findings are true of it without naming its cause."""
        return self.fault.companions

    @property
    def is_held_out(self) -> bool:
        """Whether nothing may be tuned on it."""
        return self.program.is_held_out

    @property
    def is_curable(self) -> bool:
        """Whether an edit that is allowed takes the fault out."""
        return self.fault.is_curable

    def tree(self, seed: int = 0) -> dict[str, Any]:
        """The faulty Config as nested tables; relative paths start from `BASE`."""
        return tree({**self.program.edits, **self.edits}, seed)

    def healthy(self, seed: int = 0) -> dict[str, Any]:
        """The same without the fault."""
        return tree(self.program.edits, seed)


@cache
def candidates() -> tuple[Case, ...]:
    """Every fault in every program that it suits, whether it does harm there or not."""
    return tuple(
        Case(program, fault, level, edits)
        for place, program in enumerate(PROGRAMS)
        for fault in all_faults()
        for level, edits in _some(tuple(fault.levels(program)), place, fault)
    )


def _some(levels: tuple[Level, ...], place: int, fault: Fault) -> tuple[Level, ...]:
    """Half of the strengths of a fault that suits many programs, in turn: each of them appears, and none of them too often."""
    if fault.is_special or len(levels) < 2:
        return levels
    return tuple(levels[(place + i) % len(levels)] for i in range((len(levels) + 1) // 2))
