"""A Run → the charts that show its findings: which series together, on which axis, and where the findings lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from advisor.charts import Curve, Mark, Plot
from advisor.findings import Finding
from advisor.run import Axis, Floats, Run, Series
from advisor.text import number, printable

# Series that belong on one chart, by the end of their role; the first kind that a run has is always drawn.
KINDS = ("loss", "accuracy", "metric", "r2", "grad_norm", "lr")
# Scores between 0 and 1, or 0 and 100: a log axis would stretch what does not matter.
LINEAR_KINDS = frozenset({"accuracy", "metric", "r2"})
LOWER_IS_BETTER = frozenset({"loss"})


@dataclass(frozen=True)
class Numbered:
    """A finding with the number by which chart and text refer to each other."""

    label: str
    finding: Finding


def numbered(findings: Sequence[Finding]) -> list[Numbered]:
    """Findings counted from 1, in their order."""
    return [Numbered(str(nth), finding) for nth, finding in enumerate(findings, start=1)]


def kind_of(role: str) -> str:
    """Which chart a role belongs to; its own name where it belongs to none.

    >>> kind_of("val_loss"), kind_of("val_loss:test"), kind_of("val_balanced_accuracy"), kind_of("momentum")
    ('loss', 'loss', 'accuracy', 'momentum')
    """
    stem = role.partition(":")[0]
    return next((kind for kind in KINDS if stem.endswith(kind)), stem)


def plots(run: Run, findings: Sequence[Finding], every: bool = False) -> list[Plot]:
    """The charts of a Run: its main curves, and those series that a finding speaks of, or `every` one."""
    kinds = {kind_of(role): None for role in run.series if run.get(role)}
    main = next((kind for kind in KINDS if kind in kinds), next(iter(kinds), None))
    spoken = set(kinds) if every else {kind_of(role) for finding in findings for role in finding.evidence.series}
    chosen = [kind for kind in (*KINDS, *kinds) if kind in kinds and (kind == main or kind in spoken)]
    marked = numbered(findings)
    drawn = (_plot(run, kind, [item for item in marked if belongs(item.finding, kind, kind == main)]) for kind in dict.fromkeys(chosen))
    return [plot for plot in drawn if any(len(curve.x) > 1 for curve in plot.curves)]


def belongs(finding: Finding, kind: str, is_main: bool) -> bool:
    """A finding is marked on the charts of its series; one about layers or facts on the main chart."""
    kinds = {kind_of(role) for role in finding.evidence.series}
    return kind in kinds or (is_main and not kinds)


def _plot(run: Run, kind: str, marked: Sequence[Numbered]) -> Plot:
    series = {role: found for role in run.series if kind_of(role) == kind and (found := run.get(role)) is not None}
    axis = common_axis(list(series.values()))
    curves = tuple(Curve(_label(role, found), along(found, axis), found.values) for role, found in series.items())
    marks = tuple(_mark(item, axis, list(series.values())) for item in marked)
    return Plot(curves, kind, axis, marks, _best(series, axis, kind), log=False if kind in LINEAR_KINDS else None)


def _label(role: str, series: Series) -> str:
    title = series.name if kind_of(role) == "metric" else role  # a metric is known by the name of its column
    return f"{printable(title)} {number(float(series.values[-1]))}"


def common_axis(series: Sequence[Series]) -> Axis:
    """`epoch` where all series have epochs of their own, or where steps are not known."""
    if all(one.axis == "epoch" for one in series) or not all(np.isfinite(one.steps).all() for one in series):
        return "epoch" if all(np.isfinite(one.epochs).all() for one in series) else "step"
    return "step"


def along(series: Series, axis: Axis) -> Floats:
    """Where the points of a series lie on an axis; counted where the log does not say."""
    known = series.epochs if axis == "epoch" else series.steps
    return known if np.isfinite(known).all() else series.x


def _mark(item: Numbered, axis: Axis, series: Sequence[Series]) -> Mark:
    evidence = item.finding.evidence
    start, end = (_moved(place, evidence.axis, axis, series) for place in (evidence.start, evidence.end))
    return Mark(item.label, start, end, str(item.finding.severity))


def _moved(place: float, source: Axis, target: Axis, series: Sequence[Series]) -> float:
    """A place on one axis as a place on the other, by a series that has both."""
    both = next((one for one in series if np.isfinite(one.epochs).all() and np.isfinite(one.steps).all()), None)
    if source == target or both is None:
        return place
    pairs = (both.epochs, both.steps) if source == "epoch" else (both.steps, both.epochs)
    return float(np.interp(place, *pairs))


def _best(series: dict[str, Series], axis: Axis, kind: str) -> float | None:
    found = best_point(series, kind)
    return None if found is None else float(along(found, axis)[0])


def best_point(series: Mapping[str, Series], kind: str) -> Series | None:
    """The one point where validation was best, if there was any."""
    role = next((role for role in series if role.startswith("val_")), None)
    if role is None or kind not in LINEAR_KINDS | LOWER_IS_BETTER:
        return None
    finite = series[role].finite
    if len(finite) == 0:
        return None
    best = np.argmin(finite.values) if kind in LOWER_IS_BETTER else np.argmax(finite.values)
    return finite.take([int(best)])


def overlaid(before: Run, after: Run, role: str) -> Plot | None:
    """One role of two runs over each other: before, faint, and after."""
    pair = [(run.get(role), word) for run, word in ((before, "before"), (after, "after"))]
    known = [(series, word) for series, word in pair if series is not None]
    if len(known) < 2:
        return None
    axis = common_axis([series for series, _ in known])
    curves = tuple(Curve(f"{word} {number(float(series.values[-1]))}", along(series, axis), series.values) for series, word in known)
    title = known[-1][0].name if kind_of(role) == "metric" else role  # a metric is known by the name of its column
    plot = Plot(curves, printable(title), axis, log=False if kind_of(role) in LINEAR_KINDS else None)
    return replace(plot, curves=(replace(curves[0], faint=True), curves[1]))
