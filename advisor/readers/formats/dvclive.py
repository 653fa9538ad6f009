"""dvclive: a folder of DVCLive, `plots/metrics/**/NAME.tsv`, a file a metric."""

import math
from collections.abc import Iterator
from pathlib import Path

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.numbers import number
from advisor.readers.opening import named, opened
from advisor.readers.weaving import Point, woven

PLOTS = Path("plots") / "metrics"


class Dvclive(Reader):
    """The folder that DVCLive writes; the path of a file below `plots/metrics` is the metric's name."""

    def recognises(self, source: Source) -> float:
        """A folder with plots/metrics."""
        return 0.95 if source.is_folder and any((source.path / PLOTS).rglob("*.tsv")) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, woven from a file a metric."""
        top = source.path / PLOTS
        points = [point for path in sorted(top.rglob("*.tsv")) for point in _points(path, path.relative_to(top).with_suffix("").as_posix())]
        if not points:
            raise ReadError(f"{named(source.path)}: a DVCLive folder without a value; nothing was logged yet")
        yield woven(source.path.resolve().name, source.path, points)


def _points(path: Path, name: str) -> Iterator[Point]:
    try:
        lines = opened(path).lines
    except ReadError:
        return
    header = lines[0].split("\t")
    if "step" not in header:
        return
    at, last = header.index("step"), len(header) - 1
    for place, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) == len(header) and (step := number(cells[at])) is not None and (value := number(cells[last])) is not None:
            yield Point(name, step, value, math.nan, place)
