"""Values of many metrics, each with its own step → one table with a row a step."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from advisor.readers.base import Column, Table


class Point(NamedTuple):
    """One value of one metric."""

    name: str
    step: float
    value: float
    time: float  # seconds since 1970; nan where unknown
    place: int  # line or record, from 1


def woven(name: str, path: Path, points: Iterable[Point]) -> Table:
    """A table in which the values of one step share a row; of a step that was logged again the latest value counts."""
    by_step: dict[float, int] = {}
    latest: dict[tuple[str, float], Point] = {}
    ordered = sorted(points, key=lambda point: point.step)
    for point in ordered:
        by_step.setdefault(point.step, len(by_step))
        known = latest.get((point.name, point.step))
        if known is None or not point.time < known.time:
            latest[point.name, point.step] = point
    filled: dict[str, list[Point]] = {}
    for point in latest.values():
        filled.setdefault(point.name, []).append(point)
    columns = {metric: _column(found, by_step) for metric, found in sorted(filled.items())}
    rows = np.arange(len(by_step))
    steps = Column(np.array(list(by_step), dtype=np.float64), rows, np.zeros(len(rows), dtype=np.int64))
    return Table(name, path, ({} if "step" in columns else {"step": steps}) | columns, len(rows), "records")


def _column(points: list[Point], rows: dict[float, int]) -> Column:
    values = np.array([point.value for point in points], dtype=np.float64)
    return Column(values, np.array([rows[point.step] for point in points]), np.array([point.place for point in points], dtype=np.int64))
