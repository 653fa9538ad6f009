"""Relative paths in a Config, and what becomes of them when it is written elsewhere."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from advisor import dotted
from advisor.config.expected import shown
from advisor.config.places import path_in, split_function
from advisor.config.whole import Config, Tree
from advisor.errors import ConfigProblem

# Keys whose text may be a path, or hold one.
PATH_KEYS = ("data.source", "data.validation", "data.test", "model.kind", "model.pretrained")


def path_texts(config: Config) -> dict[str, str]:
    """The paths that a Config names, as they stand in it, by key.

    >>> from advisor.config import parse
    >>> path_texts(parse({"data": {"source": "iris"}, "model": {"kind": "nets/mine.py:build"}}))
    {'model.kind': 'nets/mine.py'}
    """
    found = {key: path_at(key, value) for key, value in dotted.leaves(config.tree())}
    return {key: path for key, path in found.items() if path is not None}


def path_at(key: str, value: Any) -> str | None:
    """The path that a key's value is, or holds; None where it has none."""
    if key not in PATH_KEYS or not isinstance(value, str):
        return None
    return path_in(value) if key != "model.kind" or split_function(value) else None


def missing(config: Config) -> Iterator[ConfigProblem]:
    """Keys that name a file or folder which is not there."""
    for key, text in path_texts(config).items():
        if not config.path(text).exists():
            yield ConfigProblem(key, f"{shown(text)}, which is not there", f"a file or folder that exists; looked for {config.path(text)}")


def rewritten(config: Config, folder: Path) -> dict[str, Any]:
    """The Config's tree with its relative paths as seen from `folder`."""
    return moved(config.tree(), config.base, folder)


def moved(tree: Tree, base: Path, folder: Path) -> dict[str, Any]:
    """The tree with its paths, so far relative to `base`, as seen from `folder`."""
    changed = dict(tree)
    for key, value in dotted.leaves(tree):
        path = path_at(key, value)
        if path is not None and not PurePath(path).is_absolute():
            changed = dotted.put(changed, key, _seen_from(folder, base / path) + value.removeprefix(path))
    return changed


def _seen_from(folder: Path, target: Path) -> str:
    """Relative where it can be: Windows has no relative path from one drive to another."""
    try:
        return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return target.resolve().as_posix()
