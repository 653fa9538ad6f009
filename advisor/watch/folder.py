"""The run folder that a watched loop is recorded in; its tables get a column for every name that is logged."""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import IO, Any

from advisor.errors import RunFolderError
from advisor.lock import hold
from advisor.outcome import strict
from advisor.training.files import Cell, RowLog, replace_text, writing
from advisor.training.folder import LAYER_COLUMNS, STEP_COLUMNS

Row = Mapping[str, Cell]

# In this order, where they are logged.
EPOCH_COLUMNS = (
    "epoch", "step", "train_loss", "val_loss", "train_accuracy", "val_accuracy", "val_balanced_accuracy", "train_r2", "val_r2",
    "lr", "grad_norm", "seconds",
)  # fmt: skip
ALWAYS = ("epoch", "step", "lr", "grad_norm", "seconds")


class Table:
    """A csv that grows by rows, and by columns when a row brings a new name; then it is replaced at once."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._log = RowLog(path, columns)

    def add(self, rows: Sequence[Row]) -> None:
        """Adds rows."""
        new = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in self._log.columns]
        if new:
            self._widen(new)
        self._log.append(rows)

    def close(self) -> None:
        """Lets go of the file."""
        self._log.close()

    def _widen(self, new: Sequence[str]) -> None:
        path, columns = self._log.path, (*self._log.columns, *new)
        with writing(path):
            lines = path.read_bytes().decode("utf-8").splitlines()
        rows = list(csv.reader(lines))[1:]
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([columns, *([*row, *[""] * len(new)] for row in rows)])
        self._log.close()  # Windows replaces no open file
        replace_text(path, text.getvalue())
        self._log = RowLog(path, columns)


class WatchFolder:
    """An open run folder without a Config, held by this process until it is closed."""

    def __init__(self, path: Path, document: Mapping[str, Any]) -> None:
        self.path, self._lock = _made(path, document)
        self._opened = ExitStack()
        self._opened.enter_context(self._lock)
        self._tables = {
            "steps.csv": Table(self.path / "steps.csv", STEP_COLUMNS),
            "layers.csv": Table(self.path / "layers.csv", LAYER_COLUMNS),
        }
        self._opened.callback(self._close_tables)

    def add_epoch(self, row: Row) -> None:
        """Adds a row to run.csv, which begins with the first one."""
        if "run.csv" not in self._tables:
            columns = [name for name in EPOCH_COLUMNS if name in row or name in ALWAYS]
            self._tables["run.csv"] = Table(self.path / "run.csv", columns)
        self._check()
        self._tables["run.csv"].add([row])

    def add_steps(self, rows: Sequence[Row]) -> None:
        """Adds rows to steps.csv."""
        if rows:
            self._check()
            self._tables["steps.csv"].add(rows)

    def add_layers(self, rows: Iterable[Row]) -> None:
        """Adds rows to layers.csv."""
        self._check()
        self._tables["layers.csv"].add(list(rows))

    def describe(self, document: Mapping[str, Any]) -> None:
        """Replaces run.json."""
        _describe(self.path, document)

    def close(self) -> None:
        """Lets go of the folder, for others to write."""
        self._opened.close()

    def _check(self) -> None:
        """Raises RunFolderError where the folder was deleted: what is written into its open files would be lost without a word."""
        if os.fstat(self._lock.fileno()).st_nlink == 0 and not self.path.is_dir():
            raise RunFolderError(f"{self.path}: was deleted; leave a folder alone while it is written")

    def _close_tables(self) -> None:
        for table in self._tables.values():
            table.close()


def _made(wanted: Path, document: Mapping[str, Any]) -> tuple[Path, IO[bytes]]:
    """A new folder and the lock on it: the wanted one, or with a number behind where something is there already."""
    for number in count(1):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        if not os.path.lexists(path) and _appeared(path, document):
            return path, hold(path)
    raise AssertionError


def _appeared(path: Path, document: Mapping[str, Any]) -> bool:
    """Makes the folder out of sight and moves it to `path` when it reads as a run: a kill leaves that, or nothing. False where taken."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        _describe(hidden, document)
        RowLog(hidden / "steps.csv", STEP_COLUMNS).close()
        hidden.rename(path)
        return True
    except (OSError, RunFolderError) as refusal:
        shutil.rmtree(hidden, ignore_errors=True)
        if os.path.lexists(path):  # another process was faster
            return False
        if path.parent.exists() and not path.parent.is_dir():
            raise RunFolderError(f"{path.parent}: found a file, expected a folder for runs; give another run_dir") from None
        reason = refusal if isinstance(refusal, OSError) else refusal.__context__  # the disk's own words
        raise RunFolderError(f"{path}: cannot be made ({getattr(reason, 'strerror', refusal)}); give another run_dir") from None


def _describe(path: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(strict(document), indent=2, allow_nan=False, ensure_ascii=False)
    replace_text(path / "run.json", text + "\n")
