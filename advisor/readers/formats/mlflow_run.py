"""mlflow-run: a run's folder in MLflow's file store, `meta.yaml` beside `metrics/`, a file a metric."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.formats.mlflow_metric import columns_of_metric
from advisor.readers.opening import named, opened
from advisor.readers.weaving import Point, woven

META, METRICS, PARAMS = "meta.yaml", "metrics", "params"
SYSTEM = "system/"  # the machine's own metrics
MOST_FILES = 5000


class MlflowRun(Reader):
    """A run as MLflow keeps it in files; nested names are nested folders."""

    def recognises(self, source: Source) -> float:
        """A folder with metrics, and meta.yaml beside them."""
        return 0.95 if source.is_folder and (source.path / META).is_file() and (source.path / METRICS).is_dir() else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, woven from a file a metric."""
        points = [point for path in _files(source.path) for point in _points(path, source.path / METRICS)]
        if not points:
            raise ReadError(f"{named(source.path)}: an MLflow run without a metric; nothing was logged yet")
        name = _written(source.path / META, "run_name") or source.path.name
        yield replace(woven(name, source.path, points), config=None, about={"params": _params(source.path / PARAMS)})


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / METRICS).rglob("*") if path.is_file())[:MOST_FILES]


def _points(path: Path, top: Path) -> Iterator[Point]:
    name = path.relative_to(top).as_posix()
    if name.startswith(SYSTEM):
        return
    try:
        columns, _ = columns_of_metric(opened(path), name)
    except ReadError:
        return
    times, steps = columns["timestamp"].values, columns.get("step")
    for k, value in enumerate(columns[name].values):
        yield Point(name, float(steps.values[k]) if steps else float(k), float(value), float(times[k]), int(columns[name].places[k]))


def _written(path: Path, key: str) -> str:
    """The value of a key in a flat YAML file."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(f"{key}:"):
            return line.partition(":")[2].strip().strip("'\"")
    return ""


def _params(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())[:MOST_FILES] if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")[:500] for path in files}
