"""What every format of data of the user's own does: read the source, and the held-out parts that are files like it."""

from abc import ABC, abstractmethod
from pathlib import Path

from advisor.config import Config
from advisor.errors import DataError
from advisor.text import printable
from advisor.training.sources.base import RawData

SOURCE = "source"
HELD_OUT = ("validation", "test")


class Format(ABC):
    """One way in which data come, in one file."""

    @abstractmethod
    def read(self, texts: dict[str, str], config: Config) -> RawData:
        """The data that `texts` name: "source", and "validation" and "test" where those are not fractions. Raises DataError."""


def existing(text: str, config: Config) -> Path:
    """The path that a text in the Config names; raises DataError where nothing is."""
    path = config.path(text)
    if not path.exists():
        raise DataError(f"{printable(str(path))}: no such file or folder; paths are relative to the folder of the config")
    return path


def shown(path: Path) -> str:
    """A path for a message."""
    return printable(str(path))
