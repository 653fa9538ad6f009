"""sqlite-store: the databases of MLflow and Trackio, opened read-only; a run each."""

import json
import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells, numbers_in
from advisor.readers.opening import named
from advisor.readers.weaving import Point, woven
from advisor.text import printable

if TYPE_CHECKING:
    from sqlite3 import Connection

MAGIC = b"SQLite format 3\x00"
MLFLOW_COLUMNS = {"key", "value", "step", "run_uuid"}
TRACKIO_COLUMNS = {"run_name", "step", "metrics"}
HUGE = 1.797e308  # how MLflow writes infinity


class SqliteStore(Reader):
    """A tracking server's sqlite file: MLflow's `metrics` table, or Trackio's."""

    def recognises(self, source: Source) -> float:
        """By the signature of sqlite."""
        return 0.9 if source.data.startswith(MAGIC) and str(source.path) != "-" else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """A table for each run of the store; it is opened to be read only."""
        import sqlite3

        try:
            with closing(_opened(source.path)) as store:
                yield from _tables(store, source.path)
        except sqlite3.Error as failure:
            reason = printable(str(failure))
            raise ReadError(
                f"{named(source.path)}: an sqlite file that cannot be read ({reason}); expected MLflow's or Trackio's"
            ) from None


def _opened(path: Path) -> "Connection":
    import sqlite3

    store = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    store.text_factory = lambda data: data.decode("utf-8", "replace")
    return store


def _tables(store: "Connection", path: Path) -> Iterator[Table]:
    columns = {row[1] for row in store.execute("PRAGMA table_info(metrics)")}
    if columns >= MLFLOW_COLUMNS:
        yield from _of_mlflow(store, path, "is_nan" in columns)
    elif columns >= TRACKIO_COLUMNS:
        yield from _of_trackio(store, path, "run_id" in columns)
    else:
        raise ReadError(f"{named(path)}: an sqlite file without a table of metrics; expected MLflow's or Trackio's")


def _of_mlflow(store: "Connection", path: Path, marked: bool) -> Iterator[Table]:
    names = {row[0]: row[1] for row in store.execute("SELECT run_uuid, name FROM runs")} if _has(store, "runs") else {}
    nan = "is_nan" if marked else "0"
    query = f"SELECT run_uuid, key, value, timestamp, step, {nan}, rowid FROM metrics ORDER BY run_uuid, rowid"  # noqa: S608 - ours alone
    runs: dict[str, list[Point]] = {}
    for run, key, value, time, step, is_nan, row in store.execute(query):
        if not str(key).startswith("system/"):
            number = math.nan if is_nan else math.copysign(math.inf, value) if abs(value) >= HUGE else float(value)
            runs.setdefault(run, []).append(Point(str(key), float(step), number, float(time) / 1000, row))
    for run, points in runs.items():
        yield woven(names.get(run) or run, path, points)
    if not runs:
        raise ReadError(f"{named(path)}: an MLflow store without a metric; nothing was logged yet")


def _has(store: "Connection", table: str) -> bool:
    return store.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _of_trackio(store: "Connection", path: Path, by_id: bool) -> Iterator[Table]:
    run = "run_id" if by_id else "run_name"
    query = f"SELECT {run}, run_name, step, metrics, id FROM metrics ORDER BY {run}, id"  # noqa: S608 - ours alone
    runs: dict[str, tuple[str, Cells]] = {}
    for key, name, step, text, row in store.execute(query):
        _, cells = runs.setdefault(key, (name, Cells()))
        record = _record(text)
        if record:
            cells.add(row, {"step": float(step or 0), **record}.items())
    for name, cells in runs.values():
        yield Table(name, path, cells.columns(), cells.rows, "records")
    if not runs:
        raise ReadError(f"{named(path)}: a Trackio store without a metric; nothing was logged yet")


def _record(text: str | bytes) -> dict[str, float]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return dict(numbers_in(record)) if isinstance(record, dict) else {}
