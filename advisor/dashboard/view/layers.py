"""What was recorded of each layer: as a map of layers and time, and as the curves of one layer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from advisor.charts import Mark, Row, Span
from advisor.charts.heat import Heat
from advisor.charts.rows import row_cells
from advisor.dashboard.view import axes
from advisor.dashboard.view.look import Along, Look
from advisor.dashboard.view.scene import Scene, Subject, scene
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.outcome import Report, Status
from advisor.run import Floats, Layers, Run, Series
from advisor.text import printable

# What people look for first; what else was recorded follows.
NAMED = {
    "grad_norm": "gradient norm",
    "update_ratio": "update ratio",
    "zero_share": "dead share",
    "saturated_share": "saturated share",
    "activation_std": "activation spread",
    "weight_norm": "weight norm",
}
JUDGED_BY = {
    "grad_norm": "vanishing-gradient",
    "update_ratio": "huge-updates",
    "zero_share": "dead-units",
    "saturated_share": "saturated-units",
    "activation_std": "bad-initialization",
}
SPOKEN_OF = {"dead-units": "zero_share", "saturated-units": "saturated_share"}
BY_FAMILY = {"G": "grad_norm", "U": "update_ratio", "A": "activation_std"}


def statistics(run: Run) -> tuple[str, ...]:
    """What was recorded by layer, in the order in which it is looked at; empty where nothing was."""
    if run.layers is None or len(run.layers.steps) == 0:
        return ()
    known = [name for name, seen in run.layers.recorded.items() if seen.any()]
    return tuple(sorted(known, key=lambda name: (list(NAMED).index(name) if name in NAMED else len(NAMED), name)))


def choice(known: Sequence[str], chosen: str, width: int) -> Row:
    """The statistics beside each other: as many whole words about the chosen one as a row holds, `<` and `>` where there are more."""
    words = [Span(f"[{called(name)}]", "chosen") if name == chosen else Span(f" {called(name)} ", "axis") for name in known]
    at, first, last = known.index(chosen), 0, len(words)
    while row_cells(tuple(words[first:last])) > width - (first > 0) - (last < len(words)) + words[last - 1].text.endswith(" "):
        if last - first == 1:
            break
        first, last = (first, last - 1) if last - 1 > at else (first + 1, last)
    before, behind = ([Span(sign, "faint")] * is_more for sign, is_more in (("<", first > 0), (">", last < len(words))))
    return (*before, *words[first:last], *behind)


def called(statistic: str) -> str:
    """A statistic in words."""
    return NAMED.get(statistic, printable(statistic))


def spoken_of(finding: Finding | None, run: Run) -> str:
    """The statistic that a finding is about, else the first one that was recorded."""
    known = statistics(run)
    wanted = (SPOKEN_OF.get(finding.rule) or BY_FAMILY.get(finding.code[0], "")) if finding else ""
    return wanted if wanted in known else next(iter(known), "")


def heat(run: Run, statistic: str, finding: Finding | None = None) -> Heat:
    """The map of a statistic; the layers that a finding speaks of are marked. Raises SignalUnavailable without any."""
    layers = run.need_layers()
    if statistic not in layers.recorded:
        raise SignalUnavailable(f"no {statistic} by layer was recorded")
    kept = np.flatnonzero(layers.recorded[statistic].any(axis=0))
    x, axis = _places(layers)
    names = tuple(layers.names[i] for i in kept)
    marked = frozenset(i for i, name in enumerate(names) if finding and name in finding.evidence.layers)
    order = np.argsort(x, kind="stable")
    values, recorded = layers.statistics[statistic][:, kept][order], layers.recorded[statistic][:, kept][order]
    return Heat(tuple(map(printable, names)), x[order], values, recorded, axis, marked)


def names(run: Run, statistic: str) -> tuple[str, ...]:
    """The layers in the map, as they are called in the record."""
    layers = run.need_layers()
    return tuple(layers.names[i] for i in np.flatnonzero(layers.recorded[statistic].any(axis=0)))


def _places(layers: Layers) -> tuple[Floats, str]:
    """Steps, for there are several recordings in an epoch; epochs where no steps are known."""
    if np.isfinite(layers.steps).all():
        return layers.steps, "step"
    return (layers.epochs, "epoch") if np.isfinite(layers.epochs).all() else (np.arange(1.0, len(layers.steps) + 1), "recording")


def layer_scene(run: Run, layer: str, look: Look) -> Scene:
    """All that was recorded of one layer, as curves."""
    layers = run.need_layers()
    at = layers.names.index(layer)
    series = {name: _series(layers, name, at) for name in statistics(run) if layers.recorded[name][:, at].any()}
    alone = replace(run, series=series, step_series={}, others={axes.TIME: run.others[axes.TIME]} if axes.TIME in run.others else {})
    return scene([Subject(Report(alone, Status.UNDECIDED, (), ()), 0, layer)], replace(look, along=look.along or "step"))


def _series(layers: Layers, statistic: str, at: int) -> Series:
    known = layers.recorded[statistic][:, at]
    return Series(
        statistic, layers.statistics[statistic][known, at], layers.epochs[known], layers.steps[known], layers.lines[known, 0], layers.file
    )


def mark_of(found: Heat, run: Run, finding: Finding | None) -> Mark | None:
    """The place of a finding on the axis of the map; None where it has none there, or is everywhere."""
    if finding is None or found.axis not in ("step", "epoch") or len(found.x) == 0:
        return None
    target: Along = "step" if found.axis == "step" else "epoch"
    start, end = (axes.moved(run, place, finding.evidence.axis, target) for place in (finding.evidence.start, finding.evidence.end))
    is_told = bool(np.isfinite([start, end]).all()) and (start > found.x[0] or end < found.x[-1])
    return Mark(finding.rule, start, end, str(finding.severity)) if is_told else None


def recording_moved(found: Heat, cursor: float | None, by: int) -> float | None:
    """The recording before or after the one that is looked at."""
    if len(found.x) == 0:
        return None
    if cursor is None:
        return float(found.x[-1 if by < 0 else 0])
    at = int(np.argmin(np.abs(found.x - cursor)))
    return float(found.x[min(max(at + by, 0), len(found.x) - 1)])


def value_at(found: Heat, layer: int, cursor: float) -> float | None:
    """What was recorded of a layer at the place nearest to the cursor."""
    if len(found.x) == 0 or layer >= len(found.names):
        return None
    at = int(np.argmin(np.abs(found.x - cursor)))
    return float(found.values[at, layer]) if found.recorded[at, layer] else None
