"""Config from TOML files, with overrides from the command line."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from advisor import dotted
from advisor.config.effects import notes
from advisor.config.expected import shown
from advisor.config.parsing import check
from advisor.config.paths import missing, moved
from advisor.config.whole import Config, Tree, with_origin
from advisor.errors import ConfigError, ConfigProblem
from advisor.text import printable
from advisor.toml_files import tables

DEFAULT_FILE = Path("advisor.toml")
SETTINGS = "advisor"  # a table of the same file that is about judging, not about training
WANTED = "a Config in TOML"


def load(path: Path | None, overrides: Iterable[str] = ()) -> Config:
    """The Config in a file, with overrides such as "optim.lr=0.01" made.

    Without a path: ./advisor.toml if there, else the defaults; a note says which. Paths in overrides start from the working folder.
    Raises ConfigError with all problems of the file, of the overrides and of the paths in it.
    """
    file = file_for(path)
    base = file.parent if file else Path()
    changes, misfits = override_tree(overrides)
    tree = read_tree(file) if file else {}
    has_settings = isinstance(tree.pop(SETTINGS, None), dict)
    config, problems = check(merged(tree, moved(changes, Path(), base)), base)
    config = with_origin(config, base, (*_origin(path, file), *(_idle(file) if has_settings else ()), *notes(config)))
    problems = [*misfits, *problems, *missing(config)]
    if problems:
        raise ConfigError(problems, printable(str(file or "config")))
    return config


def file_for(path: Path | None) -> Path | None:
    """The file of a Config: the one that is named, else ./advisor.toml if there."""
    return path or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)


def _origin(asked: Path | None, file: Path | None) -> tuple[str, ...]:
    if asked:
        return ()
    return (f"the Config is ./{file}",) if file else ("no advisor.toml here, so the defaults are taken",)


def _idle(file: Path | None) -> tuple[str, ...]:
    """What is said of settings where none are looked for."""
    is_read = file is None or file.name == DEFAULT_FILE.name
    return () if is_read else (f"[{SETTINGS}] in {file} has no effect; settings are read from {DEFAULT_FILE} and pyproject.toml",)


def read_tree(file: Path) -> dict[str, Any]:
    """The tables of a TOML file, unchecked; raises ConfigError where it is none."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise _refusal(file, "no such file", f"{WANTED}; `advisor init -o {file}` writes one") from None
    except OSError as error:
        raise _refusal(file, _unopened(file, error), WANTED) from None
    return tables(data, file, WANTED)


def _refusal(file: Path, found: str, expected: str) -> ConfigError:
    return ConfigError([ConfigProblem("", found, expected)], printable(str(file)))


def _unopened(file: Path, error: OSError) -> str:
    if not file.is_dir():
        return f"a file that cannot be read ({error.strerror})"
    return "a run folder; its Config is config.toml in it" if (file / "config.toml").is_file() else "a folder"


def override_tree(overrides: Iterable[str]) -> tuple[dict[str, Any], list[ConfigProblem]]:
    """What each PATH=VALUE sets, as nested tables, and those that are none.

    >>> override_tree(["optim.lr=0.1", "optim.name=sgd", "lr"])[0]
    {'optim': {'lr': 0.1, 'name': 'sgd'}}
    """
    tree: dict[str, Any] = {}
    misfits = []
    for override in overrides:
        path, equals, text = (part.strip() for part in override.partition("="))
        if equals and path:
            tree = dotted.put(tree, path, override_value(text))
        else:
            misfits.append(ConfigProblem("--set", shown(override), "PATH=VALUE such as optim.lr=0.01"))
    return tree, misfits


def override_value(text: str) -> Any:
    """A value from the command line: TOML, else text.

    >>> override_value("[64, 32]"), override_value("sgd"), override_value('"1"')
    ([64, 32], 'sgd', '1')
    """
    try:
        table = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return table["value"] if len(table) == 1 else text


def merged(tree: Tree, changes: Tree) -> dict[str, Any]:
    """The tree with every change put in."""
    result = dict(tree)
    for path, value in dotted.leaves(changes):
        result = dotted.put(result, path, value)
    return result
