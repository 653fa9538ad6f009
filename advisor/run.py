"""One recorded training: its series, its layers, its Config if known, and where each value stands in the source.

Cells have three states. Absent values are left out of a series; finite and not finite ones stay as they were logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from advisor.errors import SignalUnavailable
from advisor.text import position

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Axis = Literal["epoch", "step"]
Unit = Literal["lines", "records"]

OF_OUTPUTS = frozenset({"zero_share", "saturated_share", "activation_std"})  # statistics of what layers return
NOTHING: Mapping[str, Any] = MappingProxyType({})


def placed(unit: Unit, place: int) -> str:
    """One place of a file in words.

    >>> placed("lines", 27), placed("records", 3)
    ('line 27', 'record 3')
    """
    return f"{unit.removesuffix('s')} {place}"


def _locked(array: Any, kind: Any = np.float64) -> Any:
    if isinstance(array, np.ndarray) and array.dtype == kind and not array.flags.writeable:
        return array
    copy = np.array(array, dtype=kind)
    copy.flags.writeable = False
    return copy


@dataclass(frozen=True, eq=False)
class Series:
    """The values of one metric against epoch and step; arrays are read-only and equally long."""

    name: str
    values: Floats  # (points,) finite, nan or inf; never absent
    epochs: Floats  # (points,) nan where the source has none
    steps: Floats  # (points,) optimiser steps done; nan where the source has none
    places: Ints  # (points,) line or record in the file, from 1; 0 where unknown
    file: str = ""  # where it stands, if not in the Run's own file

    def __post_init__(self) -> None:
        for name in ("values", "epochs", "steps"):
            object.__setattr__(self, name, _locked(getattr(self, name)))
        object.__setattr__(self, "places", _locked(self.places, np.int64))

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def axis(self) -> Axis:
        """`epoch` where each value has one of its own, else `step`."""
        known = np.isfinite(self.epochs).all() and len(np.unique(self.epochs)) == len(self.epochs)
        return "epoch" if known else "step"

    @cached_property
    def x(self) -> Floats:  # (points,)
        """Where the values lie on their axis; counted from 1 where the source gives neither epochs nor steps."""
        along = self.epochs if self.axis == "epoch" else self.steps
        return along if np.isfinite(along).all() else np.arange(1.0, len(self) + 1)

    def at(self, i: int) -> str:
        """Where point `i` lies, in words that find it in the log: `epoch 3`, `step 3050000`."""
        return f"{self.axis} {position(float(self.x[i]))}"

    @property
    def finite(self) -> "Series":
        """The same series without its NaN and infinite values."""
        kept = np.isfinite(self.values)
        return self if kept.all() else self.take(kept)

    def take(self, chosen: Any) -> "Series":
        """The points that an index, a mask or a slice selects."""
        return Series(self.name, self.values[chosen], self.epochs[chosen], self.steps[chosen], self.places[chosen], self.file)


@dataclass(frozen=True, eq=False)
class Layers:
    """What was recorded of each layer; statistics are named as the columns of layers.csv."""

    names: tuple[str, ...]  # (layers,) dotted module names, first layer first
    kinds: tuple[str, ...]  # (layers,) class names
    epochs: Floats  # (recordings,)
    steps: Floats  # (recordings,)
    statistics: Mapping[str, Floats]  # each (recordings, layers); nan also where nothing was recorded
    recorded: Mapping[str, Bools]  # each (recordings, layers); tells a recorded nan from an absent value
    lines: Ints  # (recordings, 2) first and last line of each recording
    file: str = ""
    unseen: str = ""  # why nothing is known of the layers' outputs, where the recorder said so

    def until(self, epoch: float) -> "Layers":
        """What had been recorded by the end of an epoch."""
        kept = self.epochs <= epoch
        statistics = {name: table[kept] for name, table in self.statistics.items()}
        recorded = {name: table[kept] for name, table in self.recorded.items()}
        return replace(
            self, epochs=self.epochs[kept], steps=self.steps[kept], lines=self.lines[kept], statistics=statistics, recorded=recorded
        )

    def where(self, statistic: str) -> tuple[tuple[str, ...], Floats]:
        """The layers for which a statistic was ever recorded, and its values (recordings, those layers).

        Raises SignalUnavailable where no layer has it.
        """
        if statistic not in self.recorded or not self.recorded[statistic].any():
            reason = f": {self.unseen}" if self.unseen and statistic in OF_OUTPUTS else ""
            raise SignalUnavailable(f"no {statistic} by layer was recorded{reason}")
        kept = np.flatnonzero(self.recorded[statistic].any(axis=0))
        return tuple(self.names[i] for i in kept), self.statistics[statistic][:, kept]


@dataclass(frozen=True, eq=False)
class Run:
    """One recorded training, whoever recorded it. Rules see this and nothing else."""

    name: str
    path: Path
    format: str  # the reader's name
    series: Mapping[str, Series]  # by role: train_loss, val_loss, train_accuracy, lr, grad_norm, val_loss:NAME, ...
    step_series: Mapping[str, Series] = field(default_factory=lambda: NOTHING)  # the same roles, one value an optimiser step
    roles: Mapping[str, Any] = field(default_factory=lambda: NOTHING)  # role -> column, or the columns it sums
    unused: tuple[str, ...] = ()  # columns without a role
    notes: tuple[str, ...] = ()  # what was assumed while reading
    others: Mapping[str, Series] = field(default_factory=lambda: NOTHING)  # columns without a role, and `time`: to be looked at, not judged
    layers: Layers | None = None
    config: Mapping[str, Any] | None = None  # the resolved Config as nested tables
    facts: Mapping[str, Any] = field(default_factory=lambda: NOTHING)  # samples, classes, parameters, probes ...
    about: Mapping[str, Any] = field(default_factory=lambda: NOTHING)  # run.json without the facts: status, result, seeds ...
    unit: Unit = "lines"  # what `places` count
    rows: int = 0

    def get(self, role: str) -> Series | None:
        """The series of a role, if it has any value."""
        series = self.series.get(role)
        return series if series is not None and len(series) else None

    def need(self, role: str) -> Series:
        """The series of a role; raises SignalUnavailable where there is none."""
        series = self.get(role)
        if series is None:
            raise SignalUnavailable(f"no {role} in this log")
        return series

    def need_layers(self) -> Layers:
        """What was recorded by layer; raises SignalUnavailable where nothing was."""
        if self.layers is None or len(self.layers.steps) == 0:
            unseen = self.about.get("unseen")
            reason = unseen.get("layers") if isinstance(unseen, Mapping) else None
            raise SignalUnavailable(f"nothing was recorded by layer{f': {reason}' if reason else ''}")
        return self.layers

    @property
    def epochs(self) -> int | None:
        """How many epochs are recorded, if the source tells."""
        return self._furthest("epochs")

    @property
    def steps(self) -> int | None:
        """The last optimiser step recorded, if the source tells."""
        return self._furthest("steps")

    def until(self, epoch: float) -> "Run":
        """The run as it was at the end of an epoch, by values that have one."""
        series = {role: one.take(one.epochs <= epoch) for role, one in self.series.items()}
        steps = {role: one.take(one.epochs <= epoch) for role, one in self.step_series.items()}
        layers = self.layers.until(epoch) if self.layers else None
        return replace(self, series=series, step_series=steps, layers=layers)

    def to_frame(self) -> "DataFrame":
        """One row an epoch or step, one column a role, as pandas; `epoch` and `step` are the index, absent cells are NaN."""
        import pandas

        parts = [pandas.DataFrame({**_keys(series), role: series.values}) for role, series in self.series.items()]
        keys = [key for key in ("epoch", "step") if any(key in part for part in parts)]
        rows = pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame({"step": []})
        return rows.groupby(keys or ["step"], dropna=False).last()

    def _furthest(self, along: str) -> int | None:
        ends = [np.nanmax(getattr(s, along)) for s in self.series.values() if np.isfinite(getattr(s, along)).any()]
        return int(max(ends)) if ends else None


def _keys(series: Series) -> dict[str, Floats]:
    """Where the points of a series lie, on each axis that is known."""
    known = {"epoch": series.epochs, "step": series.steps}
    return {key: values for key, values in known.items() if np.isfinite(values).any()} or {"step": series.x}
