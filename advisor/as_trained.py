"""The Config that a run was trained with, kept beside what it goes on from: who edits config.toml afterwards describes another run."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from advisor.dotted import Tree, leaves
from advisor.errors import RunFolderError
from advisor.text import printable

CONFIG = Path("config.toml")
KEPT = Path("resume") / CONFIG
EPOCHS = "train.epochs"  # the one key with which a run may go on otherwise than it began
NAMED = 3  # keys that are told


def keep_config(folder: Path) -> None:
    """Keeps the Config of a training that begins or goes on. Where that cannot be written, an edit is not noticed."""
    temporary = (folder / KEPT).with_suffix(".tmp")
    with suppress(OSError):
        shutil.copyfile(folder / CONFIG, temporary)
        temporary.replace(folder / KEPT)


def tree_of(file: Path) -> Tree | None:
    """The tables of a TOML file; None where it is not there, or no TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def edited(folder: Path, *, but: str = "") -> str:
    """What somebody changed in a run's config.toml after it was trained, in words; empty where nothing, or where that is not known."""
    then, now = tree_of(folder / KEPT), tree_of(folder / CONFIG)
    changes = [change for path, change in _changes(then, now) if path != but] if then is not None and now is not None else []
    more = f" and {len(changes) - NAMED} more" if len(changes) > NAMED else ""
    return ", ".join(changes[:NAMED]) + more


def _changes(then: Tree, now: Tree) -> Iterator[tuple[str, str]]:
    before, after = dict(leaves(then)), dict(leaves(now))
    for path in dict.fromkeys((*before, *after)):
        if path not in before or path not in after or before[path] != after[path]:
            values = (_shown(tree[path]) if path in tree else "not set" for tree in (before, after))
            yield path, printable("{} {} then, {} now".format(path, *values))


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def check_as_trained(folder: Path, *, but: str = "") -> None:
    """Raises RunFolderError where somebody changed a run's config.toml after it was trained, in other keys than `but`."""
    if changes := edited(folder, but=but):
        file = printable((folder / CONFIG).as_posix())
        raise RunFolderError(
            f"{file}: was edited after the run was trained ({changes}); put that back, as {KEPT.as_posix()} has it, "
            f"or train what it says now as another run: advisor train {file}"
        )
