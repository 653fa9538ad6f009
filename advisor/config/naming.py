"""Where a run is recorded, unless the user says so."""

from datetime import datetime
from pathlib import Path, PurePath

from advisor.config.places import split_function
from advisor.config.whole import Config
from advisor.errors import RunFolderError

# What Windows alone forbids counts everywhere, for a run may be copied there.
FORBIDDEN = frozenset('/\\:*?"<>|')
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))})


def new_folder(run_dir: Path, name: str | None, config: Config) -> Path:
    """The folder of a new run: `name`, or date, time and a short name of the Config, with a number behind if that is taken.

    Raises RunFolderError for a name that is none, or that is taken, and for a `run_dir` that is a file.
    """
    if run_dir.exists() and not run_dir.is_dir():
        raise RunFolderError(f"{run_dir}: found a file, expected a folder for runs; choose another --run-dir")
    if name is not None:
        if not _names_a_folder(name):
            raise RunFolderError(f"found --name {name!r}, expected the name of a folder; --run-dir says where it is made")
        if (run_dir / name).exists():
            raise taken(run_dir / name)
        return run_dir / name
    stem = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{_short(config.data.source)}-{_short(config.model.kind)}"
    unused = (run_dir / (f"{stem}-{number}" if number > 1 else stem) for number in range(1, 1000))
    return next((path for path in unused if not path.exists()), run_dir / stem)


def _names_a_folder(name: str) -> bool:
    """Whether every system takes the name, for a single folder below the one it is put into.

    >>> [_names_a_folder(name) for name in ("deep sigmoid", "..", "a/b", "C:a", "a\\x1b", "a.", "con.1")]
    [True, False, False, False, False, False, False]
    """
    is_device = name.partition(".")[0].lower() in DEVICES
    return name == name.rstrip(". ") != "" and name.isprintable() and not FORBIDDEN.intersection(name) and not is_device


def taken(folder: Path) -> RunFolderError:
    """The refusal to record where something is."""
    return RunFolderError(f"{folder}: exists already, expected a new run folder; choose another --name, or go on with --resume")


def _short(text: str) -> str:
    """The last part of a path or the name of a function, without anything that a file name cannot hold.

    >>> _short("data/my prices.csv"), _short("nets/mine.py:build"), _short("digits")
    ('my-prices', 'build', 'digits')
    """
    function = split_function(text)
    stem = function[1] if function else PurePath(text.replace("\\", "/")).name.split(".")[0]
    return "".join(character if character.isalnum() or character in "_-" else "-" for character in stem)[:40] or "data"
