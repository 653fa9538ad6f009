"""What every rule is: one failing state, how to recognise it, why it matters, what cures it, and runs that show it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from advisor import catalogue
from advisor.findings import Evidence, Finding, Severity
from advisor.pages import first_paragraph, page
from advisor.run import Run

# What the first letter of a code stands for.
FAMILIES = {
    "N": "numbers", "L": "learning", "F": "fit", "G": "gradients", "A": "activations",
    "U": "updates", "D": "data", "C": "config", "Q": "quality of the log",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A small Run with what is to be seen in it."""

    title: str
    run: Run


class Rule(ABC):
    """One failing state, in one file; the file's name is its name and the docstring its page.

    Thresholds are class constants in capitals, each with its source. A rule fires on its `examples`
    and stays silent on its `near_misses`, each of which differs from an example in one respect.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING
    needs: ClassVar[str]
    fixes: ClassVar[tuple[str, ...]]  # best first
    by_config: ClassVar[tuple[str, ...]] = ()  # fixes of a setting that must be seen: last where no Config shows it
    explains: ClassVar[tuple[str, ...]] = ()  # rules whose findings this one causes
    excludes: ClassVar[tuple[str, ...]] = ()  # rules that cannot be judged once this one has fired

    @property
    def name(self) -> str:
        """The name of the rule, from its file."""
        return catalogue.own_name(self)

    @property
    def family(self) -> str:
        """What kind of failing state it is, by the first letter of its code."""
        return FAMILIES[self.code[0]]

    @property
    def summary(self) -> str:
        """The failing state in one sentence."""
        return page(type(self)).summary

    @abstractmethod
    def measure(self, run: Run) -> float:
        """The number that this rule judges by, also where it stays silent; raises SignalUnavailable."""

    @abstractmethod
    def check(self, run: Run) -> Iterable[Finding]:
        """What this rule says about a Run; raises SignalUnavailable where the record cannot tell."""

    @abstractmethod
    def examples(self) -> tuple[Example, ...]:
        """Two or more runs on which the rule fires; `advisor explain` draws them."""

    @abstractmethod
    def near_misses(self) -> tuple[Example, ...]:
        """Two or more runs that look alike and on which it stays silent."""

    def finding(self, message: str, measured: float, threshold: float, evidence: Evidence, confidence: float) -> Finding:
        """A finding of this rule at its usual severity."""
        why = first_paragraph(page(type(self)).sections["Why it matters"])
        return Finding(self.name, self.code, self.severity, confidence, message, why, measured, threshold, evidence)
