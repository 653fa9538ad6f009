"""event-files: TensorBoard's event files; one, or all of a run's folder with the sub-runs that Keras and torch make."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from advisor.errors import ReadError
from advisor.readers import framing
from advisor.readers.base import Column, Reader, Source, Table
from advisor.readers.names import by_add_scalars, understood
from advisor.readers.opening import named, opened
from advisor.readers.scalars import NOT_LOGGED, Scalars, holds_scalars
from advisor.readers.vocabulary import JUDGED, SPLITS
from advisor.run import Ints

MARK = "tfevents"
KERAS = "epoch_"  # the tags whose steps are epochs


@dataclass(frozen=True)
class Part:
    """One event file of a run and the sub-run that it belongs to."""

    path: Path
    folder: str = ""


class EventFiles(Reader):
    """TensorBoard event files, of one run."""

    def recognises(self, source: Source) -> float:
        """By the checksum of the first record, or by the folder's files."""
        if source.is_folder:
            framed = [part.path for part in _parts(source.path) if _is_framed(opened(part.path).data)]
            return 0.9 if any(map(holds_scalars, framed)) else 0.3 if framed else 0.0
        if _is_framed(source.data):
            return 0.99 if holds_scalars(source.path) else 0.5  # a run elsewhere in the folder comes before it
        return 0.6 if MARK in source.path.name and not source.text else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table of all the files of a run; their records are counted through."""
        scalars = Scalars()
        parts = _parts(source.path) if source.is_folder else [Part(source.path)]
        for part in sorted(parts, key=lambda part: (part.folder, part.path.name)):
            data = opened(part.path).whole() if source.is_folder else source.whole()
            scalars.read(data, f"{part.folder}/" if part.folder else "")
        if all(tag.startswith(NOT_LOGGED) for tag in scalars.tags):
            what = "its records are broken" if scalars.broken or scalars.cut else "it holds none"
            raise ReadError(f"{named(source.path)}: an event file without scalars ({what}); expected some from add_scalar or a callback")
        yield _table(source, scalars, len(parts))


def _is_framed(start: bytes) -> bool:
    """Whether it begins with a record whose length has the right checksum."""
    starts, _, _ = framing.records(start)
    return len(starts) > 0 and bool(framing.sound_lengths(start, starts[:1])[0])


def _parts(folder: Path) -> list[Part]:
    """The event files of a folder and of its sub-runs: folders named after a split, or by add_scalars after a tag."""
    own = [Part(path) for path in _event_files(folder)]
    split = [Part(path, sub.name) for sub in _folders(folder) if sub.name.lower() in SPLITS for path in _event_files(sub)]
    if own:
        split += [Part(path, sub.name) for sub in _folders(folder) if by_add_scalars(sub.name) for path in _event_files(sub)]
    return own + split


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())


def _event_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if MARK in path.name and path.is_file() and not path.name.endswith(".profile-empty"))


def _table(source: Source, scalars: Scalars, files: int) -> Table:
    which, steps, rows = np.array(scalars.which), np.array(scalars.steps), _rows(scalars)
    places, values = np.array(scalars.records), np.array(scalars.values)
    columns = {
        tag: Column(values[mine], rows[mine], places[mine])
        for tag, number in scalars.tags.items()
        if not tag.startswith(NOT_LOGGED)
        for mine in [which == number]
    }
    first = np.append(0, np.flatnonzero(np.diff(rows)) + 1)
    axis = "epoch" if columns and _by_epoch(list(columns)) and "epoch" not in columns else "step"
    counters = {
        axis: Column(steps[first].astype(np.float64), rows[first], places[first]),
        "wall_time": Column(np.array(scalars.times)[first], rows[first], places[first]),
    }
    name = source.path.resolve().name if source.is_folder else source.path.name
    return Table(name, source.path, counters | columns, int(rows[-1]) + 1, "records", _notes(scalars, files))


def _by_epoch(tags: list[str]) -> bool:
    judged = [tag.rpartition("/")[2] for tag in tags if understood(tag).kind in JUDGED]
    return bool(judged) and all(tag.startswith(KERAS) for tag in judged)


def _rows(scalars: Scalars) -> Ints:
    """The row of each scalar: those that follow each other under one step share one, a tag has one value in each."""
    rows: list[int] = []
    row, now, seen = -1, None, set[int]()
    for step, tag in zip(scalars.steps, scalars.which, strict=True):
        if step != now or tag in seen:
            row, now, seen = row + 1, step, set()
        seen.add(tag)
        rows.append(row)
    return np.array(rows)


def _notes(scalars: Scalars, files: int) -> tuple[str, ...]:
    notes = []
    if files > 1:
        notes.append(f"{files} event files were read as one run; records are counted through all of them")
    if scalars.broken:
        notes.append(f"{scalars.broken} records fail their checksum or make no sense and were left out")
    if scalars.cut:
        notes.append("the last record is cut: the file is being written, or its writer was killed")
    return tuple(notes)
