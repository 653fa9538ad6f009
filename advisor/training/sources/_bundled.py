"""scikit-learn's own data sets, read from its files: importing the library for them would take longer than most trainings here."""

import gzip
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from advisor.errors import MissingLibraryError
from advisor.training.sources.base import Array, Part, RawData

GZIP = ".gz"


def table(name: str) -> tuple[Array, tuple[str, ...]]:
    """The numbers in one of scikit-learn's files (rows, columns), and the names of the classes where its first line has them."""
    path = _folder() / name
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == GZIP else data).decode("utf-8").splitlines()
    names: tuple[str, ...] = ()
    if path.suffix != GZIP:  # samples, features, names of the classes
        names, lines = tuple(lines[0].split(",")[2:]), lines[1:]
    return np.loadtxt(lines, delimiter="," if "," in lines[0] else None, ndmin=2), names


def classified(name: str) -> RawData:
    """A table whose last column is the class."""
    numbers, names = table(name)
    return RawData(Part(numbers[:, :-1], numbers[:, -1].astype(np.int64)), classes=names)


def _folder() -> Path:
    found: Any = find_spec("sklearn")
    if found is None or not found.submodule_search_locations:
        raise MissingLibraryError("found no library sklearn, which holds this data set; pip install scikit-learn")
    return Path(found.submodule_search_locations[0]) / "datasets" / "data"
