"""Where the values of a run lie on the x axis that was asked for: epochs, steps or seconds since the start."""

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from advisor.dashboard.view.look import Along
from advisor.report._curves import along, common_axis
from advisor.run import Axis, Floats, Run, Series

TIME = "time"
_seconds: WeakKeyDictionary[Series, Floats | None] = WeakKeyDictionary()  # a series belongs to one run


def possible(runs: Sequence[Run]) -> tuple[Along, ...]:
    """The axes that at least one of the runs can be drawn along."""
    every = [series for run in runs for series in (*run.series.values(), *run.step_series.values())]
    found: list[Along] = []
    if any(np.isfinite(series.epochs).all() for series in every):
        found.append("epoch")
    if any(np.isfinite(series.steps).all() for series in every) or not found:
        found.append("step")
    return (*found, "time") if any(TIME in run.others for run in runs) else tuple(found)


def natural(runs: Sequence[Run]) -> Along:
    """The axis that the runs tell best."""
    return common_axis([series for run in runs for series in run.series.values() if len(series)])


def series_of(run: Run, role: str, axis: Along) -> Series | None:
    """A role's values: those of each step along steps and time, where they were recorded."""
    if axis != "epoch" and role in run.step_series and len(run.step_series[role]):
        return run.step_series[role]
    return run.get(role) or run.others.get(role)


def places(run: Run, series: Series, axis: Along) -> Floats | None:  # (points,)
    """Where the values lie along an axis; None where the run does not tell."""
    if axis != "time":
        return along(series, axis)
    if series not in _seconds:
        _seconds[series] = _timed(run, series)
    return _seconds[series]


def _timed(run: Run, series: Series) -> Floats | None:
    """Seconds since the start: by the row that both stand in, else by their steps or epochs."""
    clock = run.others.get(TIME)
    if clock is None or len(clock) == 0:
        return None
    seconds = clock.values - clock.values[0] * (clock.values[0] > 1e8)  # a time of day is turned into a duration
    if series.file == clock.file and len(series) <= len(clock) and series.places.any():
        return np.asarray(np.interp(series.places, clock.places, seconds))
    for key in ("steps", "epochs"):
        ours, theirs = getattr(series, key), getattr(clock, key)
        if np.isfinite(ours).all() and np.isfinite(theirs).all():
            return np.asarray(np.interp(ours, theirs, seconds))
    return None


def moved(run: Run, place: float, source: Axis, target: Along) -> float:
    """A place on one axis as a place on another, by the first series that has both."""
    if source == target:
        return place
    for series in (*run.series.values(), *run.step_series.values()):
        known = series.epochs if source == "epoch" else series.steps
        there = places(run, series, target)
        if there is not None and len(known) and np.isfinite(known).all() and np.isfinite(there).all():
            return float(np.interp(place, known, there))
    return place


def whole(every: Iterable[Floats]) -> tuple[float, float]:
    """From the first to the last place of all."""
    ends = [(float(np.nanmin(x)), float(np.nanmax(x))) for x in every if len(x) and np.isfinite(x).any()]
    return (min(start for start, _ in ends), max(end for _, end in ends)) if ends else (0.0, 1.0)
