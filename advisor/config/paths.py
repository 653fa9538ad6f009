"""Relative paths in a Config, and what becomes of them when it is written elsewhere."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from advisor import dotted
from advisor.config.expected import shown
from advisor.config.places import path_in, split_function
from advisor.config.whole import Config
from advisor.errors import ConfigProblem

# Keys whose text may be a path, or hold one.
DATA_KEYS = ("data.source", "data.validation", "data.test", "model.pretrained")


def path_texts(config: Config) -> dict[str, str]:
    """The paths that a Config names, as they stand in it, by key.

    >>> from advisor.config import parse
    >>> path_texts(parse({"data": {"source": "iris"}, "model": {"kind": "nets/mine.py:build"}}))
    {'model.kind': 'nets/mine.py'}
    """
    tree = config.tree()
    texts = {key: text for key in DATA_KEYS if isinstance(text := dotted.get(tree, key), str)}
    if split_function(config.model.kind):
        texts["model.kind"] = config.model.kind
    return {key: path for key, text in texts.items() if (path := path_in(text)) is not None}


def missing(config: Config) -> Iterator[ConfigProblem]:
    """Keys that name a file or folder which is not there."""
    for key, text in path_texts(config).items():
        if not config.path(text).exists():
            yield ConfigProblem(key, f"{shown(text)}, which is not there", f"a file or folder that exists; looked for {config.path(text)}")


def rewritten(config: Config, folder: Path) -> dict[str, Any]:
    """The Config's tree with its relative paths as seen from `folder`."""
    tree: dict[str, Any] = config.tree()
    for key, path in path_texts(config).items():
        if not PurePath(path).is_absolute():
            text: str = dotted.get(tree, key)
            tree = dotted.put(tree, key, _seen_from(folder, config.path(path)) + text.removeprefix(path))
    return tree


def _seen_from(folder: Path, target: Path) -> str:
    """Relative where it can be: Windows has no relative path from one drive to another."""
    try:
        return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return target.resolve().as_posix()
