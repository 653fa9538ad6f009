"""What is said about a Run: findings with their numbers, their place and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from advisor.edits import Edit, Safety
from advisor.run import Axis, Layers, Run, Series


class Severity(IntEnum):
    """How much a finding matters; ordered."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Evidence:
    """Where in the record a finding can be seen."""

    series: tuple[str, ...]  # roles
    axis: Axis
    start: float
    end: float
    layers: tuple[str, ...] = ()
    file: str = ""
    lines: tuple[int, int] | None = None
    records: tuple[int, int] | None = None


@dataclass(frozen=True)
class Proposal:
    """A Fix as proposed for one finding of one Run."""

    fix: str
    title: str
    safety: Safety
    edits: tuple[Edit, ...]
    pytorch: str  # the line to write without advisor's Config
    keras: str


@dataclass(frozen=True)
class Finding:
    """A Rule's statement about a Run: `measured` lies on the failing side of `threshold`."""

    rule: str
    code: str
    severity: Severity
    confidence: float  # 0..1: how often such a finding is right
    message: str  # what happened, with numbers
    why: str  # why it matters
    measured: float
    threshold: float
    evidence: Evidence
    because: str | None = None  # the rule whose finding explains this one
    fixes: tuple[Proposal, ...] = ()


def span(run: Run, roles: Sequence[str], first: int, last: int, series: Series | None = None) -> Evidence:
    """Evidence from point `first` to point `last` (indices, both included) of `series`: the first role's, if not told."""
    seen = run.need(roles[0]) if series is None else series
    return _evidence(run, tuple(roles), seen, (first, last))


def layers_span(run: Run, layers: Layers, chosen: Sequence[str], first: int, last: int) -> Evidence:
    """Evidence from recording `first` to recording `last` (indices, both included) of the named layers."""
    by_epoch = bool(np.isfinite(layers.epochs).all())
    along = layers.epochs if by_epoch else layers.steps
    lines = (int(layers.lines[first, 0]), int(layers.lines[last, 1]))
    file = layers.file or str(run.path)
    return Evidence((), "epoch" if by_epoch else "step", float(along[first]), float(along[last]), tuple(chosen), file, lines)


def _evidence(run: Run, roles: tuple[str, ...], series: Series, ends: tuple[int, int]) -> Evidence:
    first, last = ends
    x, places = series.x, (int(series.places[first]), int(series.places[last]))
    known = places if min(places) > 0 else None
    lines, records = (known, None) if run.unit == "lines" else (None, known)
    return Evidence(roles, series.axis, float(x[first]), float(x[last]), (), series.file or str(run.path), lines, records)
