"""Runs of `advisor train --auto-fix` that were cut short, whenever that was: the same command goes on with them."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from advisor.as_trained import CONFIG, tree_of
from advisor.config import Config
from advisor.config.paths import rewritten
from advisor.errors import AdvisorError, RunFolderError
from advisor.interrupts import importing
from advisor.lock import is_busy
from advisor.text import printable

MARK = Path("resume") / "auto-fix"  # is there from the first step until all is fixed and said


def mark(folder: Path) -> None:
    """Notes that a run is to be fixed once it is trained. Where that cannot be written, --resume goes on as well."""
    with suppress(OSError):
        (folder / MARK).touch()


def unmark(folder: Path) -> None:
    """All is fixed and said."""
    with suppress(OSError):
        (folder / MARK).unlink(missing_ok=True)


def begun(run_dir: Path, name: str | None, config: Config) -> Path | None:
    """The run that the same command began and did not finish; None where it begins one.

    Raises AdvisorError where that is a run by name that cannot be gone on with now.
    """
    for folder in _looked_at(run_dir, name):
        if (
            _is_cut_short(folder)
            and tree_of(folder / CONFIG) == rewritten(config, folder)
            and _can_go_on(folder, is_named=name is not None)
        ):
            return folder
    return None


def _looked_at(run_dir: Path, name: str | None) -> Iterator[Path]:
    """The run of that name, or all there are, the last one first."""
    if name is not None:
        yield run_dir / name
    elif run_dir.is_dir():
        yield from sorted((each for each in run_dir.iterdir() if not each.name.startswith(".")), reverse=True)


def _is_cut_short(folder: Path) -> bool:
    return (folder / MARK).is_file() or _has_just_begun(folder)


def _has_just_begun(folder: Path) -> bool:
    """Whether it was killed before it could be marked: it has its Config, and no step."""
    if not (folder / CONFIG).is_file() or (folder / "model.safetensors").exists() or _has_rows(folder / "steps.csv"):
        return False
    try:
        return bool(json.loads((folder / "run.json").read_text(encoding="utf-8")).get("status") == "running")
    except (OSError, ValueError, AttributeError):
        return False


def _has_rows(file: Path) -> bool:
    try:
        return file.read_bytes().count(b"\n") > 1
    except OSError:
        return False


def _can_go_on(folder: Path, *, is_named: bool) -> bool:
    """Whether nobody works on it, and data and module are those that it was begun with; for a run by name, raises what is amiss."""
    with importing():
        from advisor.training import check_unchanged
    try:
        if is_busy(folder):
            raise RunFolderError(f"{printable(str(folder))}: another process is at work on it; wait for it or stop it, then try again")
        check_unchanged(folder)
    except AdvisorError:
        if is_named:
            raise
        return False
    return True
