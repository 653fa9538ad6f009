"""What every output format is: outcomes in, text out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from advisor import catalogue
from advisor.charts import BRAILLE, Glyphs
from advisor.outcome import Outcome


@dataclass(frozen=True)
class Stage:
    """Where a text will be read: what fits on a line, what can be encoded, and how many colours there are."""

    width: int = 80
    glyphs: Glyphs = BRAILLE
    colours: str | None = None  # rich's name of a colour system; None for no escapes at all


class Format(ABC):
    """One output format, in one file; the file's name is the format's name."""

    @property
    def name(self) -> str:
        """The name of the format, from its file."""
        return catalogue.own_name(self)

    @abstractmethod
    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        """All outcomes as one text that ends with a line break."""
