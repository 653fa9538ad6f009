"""The charts of a comparison: one role of all runs over each other; seeds of one Config as their mean."""

from collections.abc import Sequence

import numpy as np

from advisor.charts import Curve, Plot
from advisor.compare import Comparison, Group
from advisor.compare.metrics import loss_functions
from advisor.report._curves import LINEAR_KINDS, along, common_axis, kind_of
from advisor.run import Axis, Series
from advisor.text import cut, number, printable

MOST_CURVES = 6  # as many as can be told apart
LONGEST_NAME = 40


def plots(comparison: Comparison) -> list[Plot]:
    """A chart of the loss, and one of the figure that decides, where it is another one."""
    roles = dict.fromkeys((_loss_role(comparison), comparison.metric.role))
    drawn = (_plot(comparison, role) for role in roles if role)
    return [plot for plot in drawn if any(len(curve.x) > 1 for curve in plot.curves)]


def drawn_groups(comparison: Comparison) -> list[int]:
    """Which groups are drawn, in their order: all, or the best of too many."""
    groups = comparison.groups
    best_first = sorted(range(len(groups)), key=lambda i: -comparison.metric.gain(groups[i].value, 0.0))
    return sorted(best_first[:MOST_CURVES])


def _loss_role(comparison: Comparison) -> str | None:
    """The validation loss, else the training loss, where all runs have it and compute it alike."""
    if len(loss_functions(comparison.runs)) > 1:
        return None
    return next((role for role in ("val_loss", "train_loss") if all(run.get(role) for run in comparison.runs)), None)


def _plot(comparison: Comparison, role: str) -> Plot:
    chosen = drawn_groups(comparison)
    axis = common_axis([series for i in chosen for series in _series(comparison.groups[i], role)])
    curves = tuple(_curve(i + 1, comparison.groups[i], role, axis) for i in chosen)
    title = comparison.metric.name if role == comparison.metric.role else role
    return Plot(curves, printable(title), axis, log=False if kind_of(role) in LINEAR_KINDS else None)


def _series(group: Group, role: str) -> Sequence[Series]:
    return [run.need(role) for run in group.runs]


def _curve(nth: int, group: Group, role: str, axis: Axis) -> Curve:
    """The group's curve; of several seeds the mean, as far as all of them went."""
    series = _series(group, role)
    length = min(len(one) for one in series)
    places = [along(one, axis)[:length] for one in series]
    alike = all(np.array_equal(places[0], other) for other in places)
    values = np.mean([one.values[:length] for one in series], axis=0) if alike else series[0].values
    name = cut(printable(group.name), LONGEST_NAME)
    return Curve(f"{nth} {name} {number(float(values[-1]))}", places[0] if alike else along(series[0], axis), values)
