"""Findings about layers → their numbers by layer on a log axis."""

from collections.abc import Sequence

import numpy as np

from advisor.charts import Level, Row, draw_levels
from advisor.errors import SignalUnavailable
from advisor.findings import Evidence, Finding
from advisor.report.base import Stage
from advisor.run import Bools, Floats, Layers, Run
from advisor.text import printable

# What findings of a family, named by the first letter of their codes, are about.
STATISTICS = {"G": "grad_norm", "U": "update_ratio"}
MOST_LAYERS = 24
WRAPPED = "layer"  # what `training.surgery` calls a layer that it put something behind


def layer_rows(run: Run, findings: Sequence[Finding], stage: Stage) -> list[Row]:
    """For each statistic that a finding speaks of, its median by layer over what the finding speaks of."""
    spoken = {STATISTICS[one.code[0]]: one.evidence for one in reversed(findings) if one.evidence.layers and one.code[0] in STATISTICS}
    return [row for statistic, evidence in reversed(spoken.items()) for row in by_layer(run, statistic, stage, within=evidence)]


def by_layer(run: Run, statistic: str, stage: Stage, after: Run | None = None, within: Evidence | None = None) -> list[Row]:
    """A statistic's median over all recordings or those `within` a place, by layer, first layer first; beside that of another run."""
    before = medians(run, statistic, within)
    if not before:
        return []
    other = medians(after, statistic) if after else None
    levels_drawn = levels(before, other)
    if not levels_drawn:
        return []
    return draw_levels(levels_drawn, stage.width, stage.glyphs, f"median {statistic} by layer, first layer first")


def levels(before: dict[str, float], after: dict[str, float] | None) -> list[Level]:
    """Layers by name, those that both runs have; where there are too many for a screen, evenly chosen ones."""
    names = [name for name in before if after is None or _of_layer(after, name) is not None]
    chosen = names if len(names) <= MOST_LAYERS else [names[i] for i in np.linspace(0, len(names) - 1, MOST_LAYERS).astype(int)]
    return [Level(printable(name), before[name], None if after is None else _of_layer(after, name)) for name in chosen]


def _of_layer(values: dict[str, float], name: str) -> float | None:
    """The value of a layer; one of a user's own module that was given a norm or dropout behind it stands within that pair."""
    return values.get(name, values.get(f"{name}.{WRAPPED}"))


def medians(run: Run, statistic: str, within: Evidence | None = None) -> dict[str, float]:
    """The median of a statistic by layer; empty where it was not recorded."""
    try:
        recorded = run.need_layers()
        names, values = recorded.where(statistic)
    except SignalUnavailable:
        return {}
    chosen = _within(recorded, within)
    return {name: _median(column) for name, column in zip(names, values[chosen].T, strict=True)}


def _within(recorded: Layers, place: Evidence | None) -> Bools:
    """Which recordings lie in a place: all, where nothing is told or nothing lies there."""
    along = recorded.steps if place and place.axis == "step" else recorded.epochs
    chosen = (along >= place.start) & (along <= place.end) if place else np.ones(len(along), dtype=bool)
    return chosen if chosen.any() else np.ones(len(along), dtype=bool)


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")
