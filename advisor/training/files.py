"""Files that are whole whenever the process is killed: replaced at once, or grown by whole rows."""

import csv
import io
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from advisor.errors import RunFolderError

Cell = float | int | str | None

# Windows refuses to replace a file while another program reads it: tries, and seconds between them.
REPLACE_TRIES = 20
REPLACE_PAUSE = 0.05


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns whatever the disk refuses into one clear line; raises RunFolderError."""
    try:
        yield
    except OSError as refusal:
        reason = refusal.strerror or str(refusal)
        raise RunFolderError(
            f"{path}: cannot be written ({reason}); what was recorded stays readable; make room, then go on with --resume"
        ) from None


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Makes `path` what `write` puts into a temporary file: readers see the old file or the new one, never half of it."""
    temporary = path.with_name(f"{path.name}.tmp")
    with writing(path):
        try:
            write(temporary)
            _move(temporary, path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    for _ in range(REPLACE_TRIES - 1):
        try:
            source.replace(target)
            return
        except PermissionError:
            time.sleep(REPLACE_PAUSE)
    source.replace(target)


def replace_text(path: Path, text: str) -> None:
    """Makes `path` hold `text`, at once."""
    replace(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def cell(value: Cell) -> str:
    """A value as it stands in a csv: nothing if absent, else nine digits, which is all that a 32-bit float has.

    >>> cell(None), cell(0.1), cell(3), cell(float("nan")), cell(float("-inf"))
    ('', '0.1', '3', 'nan', '-inf')
    """
    if value is None:
        return ""
    return f"{value:.9g}" if isinstance(value, float) else str(value)


class RowLog:
    """A csv file that grows by whole rows. After a refused write it ends with the last whole row."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.columns = tuple(columns)
        with writing(path):
            self._file = path.open("ab", buffering=0)
        try:
            if self._size() == 0:
                self._write([self.columns])
        except RunFolderError:
            self.close()
            raise

    def append(self, rows: Iterable[Mapping[str, Cell]]) -> None:
        """Adds rows in one write; absent names become empty cells."""
        self._write([[cell(row.get(name)) for name in self.columns] for row in rows])

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        with writing(self.path):
            self._write_all(text.getvalue().encode("utf-8"))

    def _write_all(self, data: bytes) -> None:
        whole, written = self._size(), 0
        try:
            while written < len(data):
                written += self._file.write(data[written:]) or 0
        except OSError:
            with suppress(OSError):
                self._file.truncate(whole)
            raise

    def _size(self) -> int:
        return self._file.seek(0, os.SEEK_END)


def keep_rows(path: Path, column: str, last: int) -> None:
    """Drops the rows of a csv whose `column` is beyond `last`, and a torn last one. A file that is not there stays so."""
    if not path.exists():
        return
    with writing(path):
        text = path.read_bytes().decode("utf-8")
    whole = text[: text.rfind("\n") + 1].splitlines(keepends=True)
    at = next(csv.reader(whole[:1])).index(column) if whole else 0
    kept = [line for line in whole[1:] if int(next(csv.reader([line]))[at]) <= last]
    replace_text(path, "".join(whole[:1] + kept))
