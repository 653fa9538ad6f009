"""The whole Config: four sections, and the folder its relative paths belong to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr

from advisor.config.base import Section
from advisor.config.data import Data
from advisor.config.model import NAMED_ONLY, Model
from advisor.config.optim import Optim
from advisor.config.places import split_function
from advisor.config.train import Train

Tree = Mapping[str, Any]


class Config(Section):
    """What is trained, on what and how. Made by `parse` or `load`, which check it; values are plain and cannot be changed."""

    data: Data = Field(default_factory=Data)
    model: Model = Field(default_factory=Model)
    optim: Optim = Field(default_factory=Optim)
    train: Train = Field(default_factory=Train)

    _base: Path = PrivateAttr(default_factory=Path.cwd)
    _notes: tuple[str, ...] = PrivateAttr(default=())

    @property
    def base(self) -> Path:
        """The folder that relative paths in this Config start from."""
        return self._base

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of it, such as keys without effect."""
        return self._notes

    def path(self, text: str) -> Path:
        """A path in this Config as one that can be opened."""
        return self._base / text

    def names(self, path: str) -> bool:
        """Whether a key was given, rather than left at its default.

        >>> from advisor.config import parse
        >>> config = parse({"model": {"dropout": 0.0}})
        >>> config.names("model.dropout"), config.names("model.norm")
        (True, False)
        """
        section, _, key = path.partition(".")
        return key in getattr(self, section).model_fields_set

    def tree(self) -> dict[str, dict[str, Any]]:
        """All keys with their values as nested plain tables, ready for TOML.

        A module that comes from a function is changed only where keys are named, so those that were not stay unnamed.
        """
        tables: dict[str, dict[str, Any]] = {name: _plain(getattr(self, name)) for name in type(self).model_fields}
        if split_function(self.model.kind):
            unnamed = {key for key in NAMED_ONLY if not self.names(f"model.{key}")}
            tables["model"] = {key: value for key, value in tables["model"].items() if key not in unnamed}
        return tables


def _plain(section: Section) -> dict[str, Any]:
    values = {key: getattr(section, key) for key in type(section).model_fields}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def with_origin(config: Config, base: Path, notes: tuple[str, ...] = ()) -> Config:
    """The same Config, with the folder it stands in and what is to be said of it."""
    copy = config.model_copy()
    copy._base, copy._notes = base.absolute(), notes
    return copy
