"""mlflow-metric: one metric's file of MLflow's file store, `timestamp value step` a line; its name is the metric's."""

from collections.abc import Iterator

import numpy as np

from advisor.errors import ReadError
from advisor.readers.base import Column, Reader, Source, Table
from advisor.readers.numbers import number
from advisor.readers.opening import named

EARLIEST, LATEST = 10**11, 10**14  # milliseconds since 1970 in which machine learning was logged


class MlflowMetric(Reader):
    """A single metric, as MLflow writes it into a run's `metrics` folder."""

    def recognises(self, source: Source) -> float:
        """By lines of time, value and step."""
        lines = [line.split() for line in source.first_lines[:20] if line.strip()]
        return 0.95 if lines and all(_is_entry(cells) for cells in lines[:-1] or lines) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table of this one metric."""
        name = metric_name(source)
        columns, rows = columns_of_metric(source, name)
        if rows == 0:
            raise ReadError(f"{named(source.path)}: an MLflow metric without a value; nothing was logged yet")
        yield Table(name, source.path, columns, rows)


def metric_name(source: Source) -> str:
    """The metric's name: the path below the run's `metrics` folder, or the file's name."""
    parts = source.path.parts
    below = parts[len(parts) - parts[::-1].index("metrics") :] if "metrics" in parts[:-1] else parts[-1:]
    name = "/".join(below)
    return name.rpartition("__")[2] if "__" in name else name


def _is_entry(cells: list[str]) -> bool:
    return len(cells) in (2, 3, 5) and cells[0].isdigit() and EARLIEST < int(cells[0][:20]) < LATEST and number(cells[1]) is not None


def columns_of_metric(source: Source, name: str) -> tuple[dict[str, Column], int]:
    """The columns `name`, step and timestamp of one metric's file, and how many values it holds."""
    entries = [(place, cells) for place, line in enumerate(source.lines, start=1) if _is_entry(cells := line.split())]
    places = np.array([place for place, _ in entries], dtype=np.int64)
    rows = np.arange(len(entries))
    values = np.array([number(cells[1]) for _, cells in entries], dtype=np.float64)
    times = np.array([float(cells[0]) / 1000 for _, cells in entries])
    steps = [number(cells[2]) if len(cells) > 2 else None for _, cells in entries]
    columns = {name: Column(values, rows, places), "timestamp": Column(times, rows, places)}
    if None not in steps and len(set(steps)) == len(steps):
        columns["step"] = Column(np.array(steps, dtype=np.float64), rows, places)
    return columns, len(entries)
