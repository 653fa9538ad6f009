"""What a package holds, by the names of its files: rules, fixes, readers, sources and output formats.

A file `rules/vanishing_gradient.py` with a class `VanishingGradient` is the rule `vanishing-gradient`.
Putting the file there is all it takes to add one.
"""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
NOT_ENTRIES = frozenset({"base", "examples"})


@cache
def names(room: str) -> tuple[str, ...]:
    """The kebab-case names of the entries in a room such as `rules`, sorted, without importing them."""
    stems = (module.name for module in pkgutil.iter_modules([str(PACKAGE.joinpath(*room.split(".")))]))
    return tuple(sorted(stem.replace("_", "-") for stem in stems if stem not in NOT_ENTRIES and not stem.startswith("_")))


@cache
def entry(room: str, name: str) -> Any:
    """One instance of the class that the file of that name holds."""
    stem = name.replace("-", "_")
    module = importlib.import_module(f"advisor.{room}.{stem}")
    return getattr(module, "".join(part.capitalize() for part in stem.split("_")))()


def entries(room: str) -> tuple[Any, ...]:
    """All entries of a room, in the order of their names."""
    return tuple(entry(room, name) for name in names(room))


def own_name(instance: object) -> str:
    """The name an entry has by its file.

    >>> from advisor.catalogue import entry, own_name
    >>> own_name(entry("fixes", "use-relu"))
    'use-relu'
    """
    return type(instance).__module__.rpartition(".")[2].replace("_", "-")
