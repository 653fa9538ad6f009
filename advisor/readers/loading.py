"""A path → its Runs: every reader is asked how sure it is, the surest one reads, and roles are found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from advisor import catalogue
from advisor.errors import ReadError, ResultsError
from advisor.readers.assembling import to_run
from advisor.readers.base import Reader, Source, Table
from advisor.readers.disentangling import without_copies, writers
from advisor.readers.folders import LOOSE, left_out, named_runs, runs_below
from advisor.readers.opening import in_memory, is_folder, named, opened, standard_input, whole_lines
from advisor.run import Run
from advisor.text import first_of, printable

FORMATS = "readers.formats"
STANDARD_INPUT = "-"
PACKED = {
    b"PK\x03\x04": "a zip archive (also a workbook, or weights of PyTorch)",
    b"\xfd7zXZ\x00": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a zstandard archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"\x93NUMPY": "an array of numpy",
    b"\x89HDF": "an HDF5 file",
}
UNPACK = "give the log that was written beside it, unpacked, or exported as CSV"
GIVE_THE_FILE = "Expected a run folder, or a folder that holds logs; give the file, or `advisor train` makes one"
HALF = 0.5
LISTED = 5  # names in a message
Roles = Mapping[str, str | Sequence[str]]


def load(path: str | Path, mapping: Roles | None = None) -> Run:
    """The one Run in a file or folder; raises ReadError where there is none, or where there are several.

    `mapping` says which column plays a role, {"train_loss": "my loss"}; a list of columns is summed.
    """
    runs = load_all(path, mapping)
    if len(runs) > 1:
        names = [run.name for run in runs]
        raise ReadError(f"{named(Path(path))}: holds {len(runs)} runs ({first_of(names, LISTED)}); name one of them")
    return runs[0]


def load_all(path: str | Path, mapping: Roles | None = None, *, growing: bool = False) -> list[Run]:
    """Every Run in a file or folder (`-`: standard input); raises ReadError where there is none.

    `growing`: it is being written; of a text only whole lines are read.
    """
    with _refusing(Path(path)):
        return _with_names_of_their_own(_all_in(Path(path), mapping, growing))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        reason = printable(failure.strerror or str(failure))
        raise ReadError(f"{named(path)}: cannot be read ({reason}); check its permissions, or copy it") from None


def load_bytes(content: bytes, mapping: Roles | None = None) -> list[Run]:
    """Every Run in what came over standard input so far; raises ReadError where there is none."""
    return _with_names_of_their_own(_read(in_memory(whole_lines(content)), mapping))


def load_found(path: Path, mapping: Roles | None = None, *, growing: bool = False) -> list[Run]:
    """The runs in what `find` names: of a folder its own alone, and not those below it."""
    with _refusing(path):
        return _with_names_of_their_own(_found_in(path, mapping, growing))


def _all_in(path: Path, mapping: Roles | None, growing: bool) -> list[Run]:
    found = _found(path)
    return _found_in(path, mapping, growing) if found == [path] else _read_each(path, found, mapping)


def _found_in(path: Path, mapping: Roles | None, growing: bool) -> list[Run]:
    if str(path) == STANDARD_INPUT:
        return _read(standard_input(), mapping)
    source = opened(path, growing)
    if source.is_folder:
        next(path.iterdir(), None)  # refused here where the folder may not be listed, or it would seem empty
        if next(_by_sureness(source), None) is None:
            searched = f" (searched: {part})" if (part := left_out(path)) else ""
            raise ReadError(f"{named(path)}: found no training log{searched}. {GIVE_THE_FILE}")
    return _read(source, mapping)


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The files and run folders to read: what is given, with folders that hold runs replaced by these."""
    return [found for path in paths for found in _found(Path(path))]


def _found(path: Path) -> list[Path]:
    if str(path) == STANDARD_INPUT or not is_folder(path) or _preference(path) not in {None, *LOOSE}:
        return [path]
    return list(runs_below(path, _preference, _is_run)) or [path]


def _read_each(folder: Path, found: Iterable[Path], mapping: Roles | None) -> list[Run]:
    """The runs of a folder; a file that only looked like one is passed over, unless it was the only one."""
    runs: list[Run] = []
    refusals: list[ReadError] = []
    for path in found:
        try:
            runs += _read(opened(path), mapping)
        except ReadError as refusal:
            refusals.append(refusal)
    if runs:
        return runs
    if len(refusals) == 1:
        raise refusals[0]
    what = f"{len(refusals)} files that look like logs, but none holds a run; the first: {refusals[0]}"
    raise ReadError(f"{named(folder)}: found {what}. {GIVE_THE_FILE}")


def _read(source: Source, mapping: Roles | None) -> list[Run]:
    refusals: list[ReadError] = []
    for _, reader in _by_sureness(source):
        try:
            return _runs_in(source, reader, mapping)
        except ResultsError:
            raise
        except ReadError as refusal:
            refusals.append(refusal)
    if source.path.suffix.lower() == ".toml":
        raise ReadError(f"{named(source.path)}: settings, and no log; `advisor train` trains such a Config, and makes the run to give here")
    raise refusals[0] if refusals else ReadError(_unrecognised(source))


def _runs_in(source: Source, reader: Reader, mapping: Roles | None) -> list[Run]:
    """The runs that a reader finds; one that cannot be judged does not hide the others, but is named beside them."""
    runs: list[Run] = []
    refused: dict[str, ReadError] = {}
    for table in reader.read(source):
        try:
            runs += _runs_of(table, reader.name, mapping)
        except ResultsError:
            raise
        except ReadError as refusal:
            refused[table.name] = refusal
    if not runs:
        raise next(iter(refused.values()), ReadError(_unrecognised(source)))
    if not refused:
        return runs
    names = first_of(list(refused), LISTED)
    note = f"left out, having neither a loss nor a metric of known direction (--map may name one): {names}"
    return [replace(runs[0], notes=(*runs[0].notes, note)), *runs[1:]]


def _runs_of(table: Table, reader: str, mapping: Roles | None) -> list[Run]:
    """The run of a table, or one for each of the processes that wrote it at the same time."""
    table = without_copies(table)
    run = to_run(table, reader, mapping)
    parts = writers(table, run.roles) if run.about.get("interleaved") else []
    return [to_run(part, reader, mapping) for part in parts] or [run]


def _by_sureness(source: Source) -> Iterator[tuple[float, Reader]]:
    """The readers that may read a source with how sure they are, the surest first; none is asked before it could be the next."""
    waiting = sorted(catalogue.entries(FORMATS), key=lambda reader: -reader.at_most)
    asked: list[tuple[float, Reader]] = []
    while waiting or asked:
        limit = waiting[0].at_most if waiting else 0.0
        asked += [(reader.recognises(source), reader) for reader in waiting if reader.at_most == limit]
        waiting = [reader for reader in waiting if reader.at_most < limit]
        following = waiting[0].at_most if waiting else 0.0
        asked.sort(key=lambda pair: pair[0], reverse=True)
        ready = [pair for pair in asked if pair[0] > following]
        yield from ready
        asked = [pair for pair in asked if 0 < pair[0] <= following]


def _preference(path: Path) -> str | None:
    """The format of a file or folder as the surest reader names it; None where no reader is more than half sure."""
    try:
        source = opened(path)
        sureness, reader = next(_by_sureness(source), (0.0, None))
    except (OSError, ReadError):  # such as a folder that may not be entered
        return None
    if reader is None or sureness <= HALF or (source.is_folder and reader.name in LOOSE and _is_collection(path)):
        return None
    return reader.name


def _is_collection(folder: Path) -> bool:
    """Whether logs of several trainings lie in a folder beside each other."""
    return len(named_runs(folder, _preference, _is_run)) > 1


def _is_run(path: Path) -> bool:
    try:
        return bool(_read(opened(path), None))
    except ReadError:
        return False


def _unrecognised(source: Source) -> str:
    if packed := next((kind for magic, kind in PACKED.items() if source.data.startswith(magic)), None):
        return f"{named(source.path)}: {packed}, not a log; {UNPACK}"
    known = ", ".join(catalogue.names(FORMATS))
    what = "text in which no reader finds a training log" if source.text else "a binary file of no known format"
    return f"{named(source.path)}: {what}; expected one of {known}"


def _with_names_of_their_own(runs: list[Run]) -> list[Run]:
    """The same runs; where two have one name, the later ones get a number."""
    seen: dict[str, int] = {}
    unique: list[Run] = []
    for run in runs:
        seen[run.name] = seen.get(run.name, 0) + 1
        unique.append(run if seen[run.name] == 1 else replace(run, name=f"{run.name} ({seen[run.name]})"))
    return unique
