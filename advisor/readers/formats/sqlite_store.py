"""sqlite-store: the databases of MLflow and Trackio, opened read-only; a run each."""

import json
import math
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
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
LOGGED = b"\2\2"
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
            with _opened(source.path) as store:
                yield from _tables(store, source.path)
        except (sqlite3.Error, UnicodeDecodeError) as failure:  # sqlite names what is broken in bytes that may be no text
            reason = printable(str(failure))
            raise ReadError(
                f"{named(source.path)}: an sqlite file that cannot be read ({reason}); expected MLflow's or Trackio's"
            ) from None


@contextmanager
def _opened(path: Path) -> "Iterator[Connection]":
    """The store, opened so that nothing is written beside it: to read it, sqlite would make an index of its log there."""
    import sqlite3

    path = path.resolve()
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    with ExitStack() as stack:
        how = "mode=ro"
        if _is_logged(path) and not (log.exists() and index.exists()):
            how = "immutable=1"
            if log.exists() and log.stat().st_size:
                how = "mode=ro"
                folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
                path = Path(copyfile(path, folder / "store"))
                copyfile(log, folder / "store-wal")
        store = stack.enter_context(closing(sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)))
        store.text_factory = lambda data: data.decode("utf-8", "replace")
        yield store


def _is_logged(path: Path) -> bool:
    """Whether its writer puts what is new into a log beside it first, as Trackio does."""
    with path.open("rb") as stream:
        return stream.read(20)[18:] == LOGGED


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
        number = math.nan if is_nan else _figure(value)
        if number is not None and not str(key).startswith("system/"):
            number = math.copysign(math.inf, number) if abs(number) >= HUGE else number
            runs.setdefault(run, []).append(Point(str(key), _figure(step) or 0.0, number, (_figure(time) or 0.0) / 1000, row))
    for run, points in runs.items():
        yield woven(str(names.get(run) or run), path, points)
    if not runs:
        raise ReadError(f"{named(path)}: an MLflow store without a metric; nothing was logged yet")


def _figure(cell: object) -> float | None:
    """A cell as a number; sqlite lets anything stand in a column of numbers."""
    return float(cell) if isinstance(cell, int | float) else None


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
            cells.add(row, {"step": _figure(step) or 0.0, **record}.items())
    for name, cells in runs.values():
        yield Table(str(name or path.stem), path, cells.columns(), cells.rows, "records")
    if not runs:
        raise ReadError(f"{named(path)}: a Trackio store without a metric; nothing was logged yet")


def _record(text: str | bytes) -> dict[str, float]:
    try:
        record = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return dict(numbers_in(record)) if isinstance(record, dict) else {}
