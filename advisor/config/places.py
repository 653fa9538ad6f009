"""Texts in a Config that name a place: a built-in source, a file, a folder, or a function."""

import re
from pathlib import PurePath
from typing import Literal

from advisor import catalogue

Place = Literal["built-in", "table", "arrays", "function", "weights", "folder"]

SUFFIXES: dict[str, Place] = {".csv": "table", ".tsv": "table", ".npz": "arrays", ".safetensors": "weights"}
FUNCTION = re.compile(r"(?P<where>.+):(?P<name>[^\W\d]\w*)")
MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def builtin_sources() -> tuple[str, ...]:
    """The names of the data that need no file, by listing the files of the sources; none is imported."""
    return tuple(name.replace("-", "_") for name in catalogue.names("training.sources"))


def split_function(text: str) -> tuple[str, str] | None:
    """Where a function stands and its name, or None where the text names no function.

    >>> split_function("nets/mine.py:build"), split_function("pkg.nets:build"), split_function("C:\\\\data\\\\a.csv")
    (('nets/mine.py', 'build'), ('pkg.nets', 'build'), None)
    """
    match = FUNCTION.fullmatch(text)
    if match is None or not (match["where"].endswith(".py") or MODULE.fullmatch(match["where"])):
        return None
    return match["where"], match["name"]


def place_of(text: str) -> Place:
    """What a text names, by its form alone: nothing is opened.

    >>> place_of("prices.csv.gz"), place_of("pictures/"), place_of("data.py:load")
    ('table', 'folder', 'function')
    """
    if text in builtin_sources():
        return "built-in"
    if split_function(text):
        return "function"
    suffixes = [suffix.lower() for suffix in PurePath(text).suffixes]
    ending = suffixes[-2:-1] if suffixes[-1:] == [".gz"] else suffixes[-1:]
    return SUFFIXES.get(ending[0], "folder") if ending else "folder"


def path_in(text: str) -> str | None:
    """The part of a text that is a path on this machine, or None where there is none.

    >>> path_in("nets/mine.py:build"), path_in("pkg.nets:build"), path_in("a.csv")
    ('nets/mine.py', None, 'a.csv')
    """
    function = split_function(text)
    if function:
        return function[0] if function[0].endswith(".py") else None
    return None if not text or text in builtin_sources() else text
