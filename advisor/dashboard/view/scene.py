"""Runs and a Look → the charts to draw, each as a Plot of the core, all over the same part of the x axis."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from advisor.charts import Curve, Mark, Plot
from advisor.dashboard.view import axes, curves
from advisor.dashboard.view.curves import Pen
from advisor.dashboard.view.look import Along, Look, Range, shown
from advisor.findings import Finding
from advisor.outcome import Report
from advisor.report._curves import KINDS, LINEAR_KINDS, belongs, best_point, kind_of
from advisor.run import Floats, Run, Series
from advisor.text import cut, number, printable

LEGEND_NAME = 24  # cells for the name of a run in a legend


@dataclass(frozen=True, eq=False)
class Subject:
    """A run as it is drawn: its findings, its colour, and what it is called beside others."""

    report: Report
    hue: int
    label: str
    finding: int | None = None  # which of its findings is looked at; None: another run is


@dataclass(frozen=True, eq=False)
class Panel:
    """One chart and what it shows: a kind of one run, or a role of several."""

    name: str
    plot: Plot
    roles: frozenset[str]
    names: tuple[str, ...] = ()  # one a curve: its role, or its run; empty for a raw curve behind a smooth one


@dataclass(frozen=True, eq=False)
class Scene:
    """All charts, and the axis that they share."""

    panels: tuple[Panel, ...] = ()
    along: Along = "epoch"
    possible: tuple[Along, ...] = ("epoch",)
    whole: Range = (0.0, 1.0)
    places: Floats = field(default_factory=lambda: np.zeros(0))  # where the cursor can go


@dataclass(frozen=True, eq=False)
class _Line:
    """One series of one run, placed along the axis."""

    subject: Subject
    role: str
    series: Series
    x: Floats


def scene(subjects: Sequence[Subject], look: Look) -> Scene:
    """The charts of the runs; the first panel is the one to look at first."""
    runs = [subject.report.run for subject in subjects]
    if not runs:
        return Scene()
    possible = axes.possible(runs)
    along = look.along if look.along in possible else axes.natural(runs)
    groups = _groups(subjects, along)
    lines = [line for group in groups.values() for line in group]
    whole = axes.whole(line.x for line in lines)
    drawn = (_panel(name, group, look, (along, whole)) for name, group in groups.items())
    panels = tuple(panel for panel in drawn if any(len(curve.x) > 1 for curve in panel.plot.curves))
    return Scene(panels, along, possible, whole, max((line.x for line in lines), key=len, default=np.zeros(0)))


def _groups(subjects: Sequence[Subject], along: Along) -> dict[str, list[_Line]]:
    """What stands on one chart: series of a kind for one run, one role for several; the main ones first."""
    alone = len(subjects) == 1
    groups: dict[str, list[_Line]] = {}
    for subject in subjects:
        for role in _roles(subject.report.run):
            if line := _line(subject, role, along):
                groups.setdefault(kind_of(role) if alone else role, []).append(line)
    return dict(sorted(groups.items(), key=lambda item: _rank(item[0])))


def _roles(run: Run) -> list[str]:
    return [*(role for role in run.series if run.get(role)), *(name for name in run.others if name != axes.TIME and name not in run.series)]


def _rank(name: str) -> tuple[int, int]:
    """By kind, validation before training."""
    kind = kind_of(name)
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), not name.startswith("val_"))


def _line(subject: Subject, role: str, along: Along) -> _Line | None:
    series = axes.series_of(subject.report.run, role, along)
    x = axes.places(subject.report.run, series, along) if series is not None else None
    return _Line(subject, role, series, x) if series is not None and x is not None and len(x) else None


def _panel(name: str, lines: Sequence[_Line], look: Look, axis: tuple[Along, Range]) -> Panel:
    along, whole = axis
    window = shown(look, whole)
    alone = len({line.subject.hue for line in lines}) == 1 and all(line.subject is lines[0].subject for line in lines)
    every: list[tuple[Curve, str]] = []
    for nth, line in enumerate(lines):
        pen = Pen(_label(line, lines, alone=alone), nth if alone else line.subject.hue)
        first, *behind = curves.drawn(line.series, line.x, None if look.window is None else window, look.smoothing, pen)
        every += [(first, _reading(first, line, look)), *((curve, "") for curve in behind)]
    kind = kind_of(name)
    plain = [curve for curve, _ in every]
    limits = curves.limits(plain, window, clip=look.clip) if look.clip or look.window else None
    log = look.log if look.log is not None else False if kind in LINEAR_KINDS else None
    title = _title(name if plain[0].label else f"{name} {every[0][1]}", look, along)
    plot = Plot(
        tuple(plain), title, along, _marks(lines, kind, along), _best(lines, kind, along), log, window, limits,
        look.cursor, readings=tuple(reading for _, reading in every),
    )  # fmt: skip
    names = [whole for line in lines for whole in ((line.role if alone else line.subject.label), *([""] if look.smoothing else []))]
    return Panel(name, plot, frozenset(line.role for line in lines), tuple(names))


def _label(line: _Line, lines: Sequence[_Line], *, alone: bool) -> str:
    """What the legend calls a curve; nothing where the title says it already."""
    if alone:
        return "" if len(lines) == 1 and line.role == kind_of(line.role) else printable(_apart(line.role))
    return cut(printable(line.subject.label), LEGEND_NAME)


def _apart(role: str) -> str:
    """What a role is called where the title says its kind.

    >>> _apart("train_loss"), _apart("val_loss:clean"), _apart("val_balanced_accuracy"), _apart("lr")
    ('train', 'val:clean', 'val_balanced', 'lr')
    """
    stem, colon, rest = role.partition(":")
    return (stem.removesuffix(f"_{kind_of(role)}") or stem) + colon + rest


def _reading(curve: Curve, line: _Line, look: Look) -> str:
    """The value at the cursor, else the last one."""
    value = float(line.series.values[-1]) if look.cursor is None else curves.value_at(curve.x, curve.y, look.cursor)
    return "" if value is None else number(value)


def _title(name: str, look: Look, along: Along) -> str:
    parts = [printable(name)]
    if look.cursor is not None:
        parts.append(f"at {along} {number(look.cursor)}")
    if look.smoothing:
        parts.append(f"smoothed {look.smoothing:g}")
    return " ".join([*parts, "clipped"] if look.clip else parts)


def _marks(lines: Sequence[_Line], kind: str, along: Along) -> tuple[Mark, ...]:
    """The place of the finding that is looked at by its name; the others of its run stand faint behind it."""
    looked_at = next((line.subject for line in lines if line.subject.finding is not None), None)
    if looked_at is None:
        return ()
    run, main = looked_at.report.run, main_kind(looked_at.report.run)
    chosen: list[Mark] = []
    for nth, finding in enumerate(looked_at.report.findings):
        if not belongs(finding, kind, kind == main):
            continue
        start, end = (axes.moved(run, place, finding.evidence.axis, along) for place in (finding.evidence.start, finding.evidence.end))
        if nth == looked_at.finding:
            chosen.insert(0, Mark(f"{nth + 1} {finding.rule}", start, end, str(finding.severity)))
        elif len({line.subject.label for line in lines}) == 1:
            chosen.append(Mark(str(nth + 1), start, end, "faint"))
    return _joined(chosen)


def _joined(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Findings that are seen at the same place share a bracket; the one that is looked at has its own."""
    places: dict[tuple[float, float, str], list[str]] = {}
    for mark in marks:
        places.setdefault((mark.start, mark.end, mark.style), []).append(mark.label)
    return tuple(Mark(" ".join(labels), *place) for place, labels in places.items())


def _best(lines: Sequence[_Line], kind: str, along: Along) -> float | None:
    """Where validation was best, of the run that is looked at."""
    looked_at = next((line.subject for line in lines if line.subject.finding is not None), lines[0].subject)
    own = {line.role: line.series for line in lines if line.subject is looked_at}
    found = best_point(own, kind)
    place = None if found is None else axes.places(looked_at.report.run, found, along)
    return None if place is None else float(place[0])


def main_kind(run: Run) -> str | None:
    """The kind of chart that is looked at first."""
    kinds = {kind_of(role) for role in run.series if run.get(role)}
    return next((kind for kind in KINDS if kind in kinds), next(iter(kinds), None))


def panel_of(found: Scene, run: Run, finding: Finding) -> int:
    """Which chart a finding is to be seen on."""
    main = main_kind(run)
    at = (i for i, panel in enumerate(found.panels) if belongs(finding, kind_of(panel.name), kind_of(panel.name) == main))
    return next(at, 0)


def span_of(found: Scene, run: Run, finding: Finding) -> Range | None:
    """The part of the x axis that a finding speaks of."""
    start, end = (axes.moved(run, place, finding.evidence.axis, found.along) for place in (finding.evidence.start, finding.evidence.end))
    return (start, end) if np.isfinite(start) and np.isfinite(end) else None
