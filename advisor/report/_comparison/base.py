"""What every format of a comparison is: a Comparison in, text out."""

from abc import ABC, abstractmethod

from advisor.compare import Comparison
from advisor.report.base import Stage


class Format(ABC):
    """One output format, in one file; the file's name is the format's name."""

    @abstractmethod
    def render(self, comparison: Comparison, stage: Stage) -> str:
        """The comparison as one text that ends with a line break."""
