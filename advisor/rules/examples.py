"""Small runs in which a rule's failing state, or a near miss of it, can be seen. Deterministic."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from advisor.run import Floats, Layers, Run, Series

FILE = Path("example.csv")
STEPS_PER_EPOCH = 10
NOTHING: Mapping[str, Any] = MappingProxyType({})


def record(*, columns: Mapping[str, str] = NOTHING, config: Any = None, layers: Layers | None = None, **told: Any) -> Run:
    """A Run with one value an epoch, by role; a role named `steps_ROLE` has one value a step.

    `columns` names the column that plays a role, where a rule may ask for it; `facts` and `about` go into the Run as they are.
    """
    facts, about = told.pop("facts", NOTHING), told.pop("about", NOTHING)
    series: dict[str, ArrayLike] = told
    by_epoch = {role: _epochs(columns.get(role, role), values) for role, values in series.items() if not role.startswith("steps_")}
    by_step = {role[6:]: _steps(role[6:], values) for role, values in series.items() if role.startswith("steps_")}
    roles = {role: one.name for role, one in by_epoch.items()}
    longest = max((len(one) for one in by_epoch.values()), default=0)
    return Run("example", FILE, "example", by_epoch, by_step, roles, layers=layers, config=config, facts=facts, about=about, rows=longest)


def later(run: Run, epochs: int) -> Run:
    """The same as the last part of a longer training: so many epochs before it are not in the record."""
    return replace(run, series={role: replace(one, epochs=one.epochs + epochs) for role, one in run.series.items()})


def falling(start: float, end: float, epochs: int, pace: float = 5.0) -> Floats:
    """A healthy curve: from `start`, the way to `end` shrinks by 1/e every `pace` epochs."""
    return end + (start - end) * np.exp(-np.arange(epochs) / pace)


def straight(start: float, end: float, epochs: int) -> Floats:
    """Evenly from `start` to `end`."""
    return np.linspace(start, end, epochs)


def joined(*parts: ArrayLike) -> Floats:
    """One curve after the other."""
    return np.concatenate([np.atleast_1d(np.asarray(part, dtype=float)) for part in parts])


def shaken(values: ArrayLike, by: float, seed: int = 0) -> Floats:
    """The curve with independent normal noise of deviation `by`, in its unit."""
    clean = np.asarray(values, dtype=float)
    return clean + np.random.default_rng(seed).normal(0.0, by, clean.shape)


def layered(names: Sequence[str], kinds: Sequence[str] | str = "Linear", **statistics: ArrayLike) -> Layers:
    """Recordings by layer, one an epoch; each statistic is (layers,) for all recordings alike, or (recordings, layers)."""
    tables = {name: np.atleast_2d(np.asarray(values, dtype=float)) for name, values in statistics.items()}
    recordings = max(len(table) for table in tables.values())
    tables = {name: np.broadcast_to(table, (recordings, len(names))).copy() for name, table in tables.items()}
    known = {name: ~np.isnan(table) for name, table in tables.items()}
    epochs = np.arange(1.0, recordings + 1)
    lines = (np.arange(recordings) * len(names))[:, None] + np.array([2, len(names) + 1])
    every = (kinds,) * len(names) if isinstance(kinds, str) else tuple(kinds)
    return Layers(tuple(names), every, epochs, epochs * STEPS_PER_EPOCH, tables, known, lines, "layers.csv")


def _epochs(role: str, values: ArrayLike) -> Series:
    column = np.atleast_1d(np.asarray(values, dtype=float))
    epochs = np.arange(1.0, len(column) + 1)
    return Series(role, column, epochs, epochs * STEPS_PER_EPOCH, np.arange(len(column)) + 2)


def _steps(role: str, values: ArrayLike) -> Series:
    column = np.atleast_1d(np.asarray(values, dtype=float))
    steps = np.arange(1.0, len(column) + 1)
    return Series(role, column, np.ceil(steps / STEPS_PER_EPOCH), steps, np.arange(len(column)) + 2, "steps.csv")
