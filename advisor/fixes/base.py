"""What every fix is: a page, the Edits it makes on a Run's Config, and the lines to write without one."""

from abc import ABC, abstractmethod
from typing import ClassVar

from advisor import catalogue
from advisor.edits import Edit, safety
from advisor.findings import Finding, Proposal
from advisor.pages import page
from advisor.run import Run


class Fix(ABC):
    """One cure, in one file; the file's name is its name and the docstring its page."""

    pytorch: ClassVar[str]
    keras: ClassVar[str]

    @property
    def name(self) -> str:
        """The name of the fix, from its file."""
        return catalogue.own_name(self)

    @property
    def title(self) -> str:
        """The first line of the page: what the fix does."""
        return page(type(self)).summary.rstrip(".")

    @abstractmethod
    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        """The changes to this Run's Config, with values from the Run; None where there is nothing left to change.

        Only called where the Run has a Config.
        """

    def propose(self, run: Run, finding: Finding) -> Proposal | None:
        """The fix as offered for a finding; None where it would change nothing."""
        edits = () if run.config is None else self.edits(run, finding)
        if edits is None:
            return None
        return Proposal(self.name, self.title, safety(edits), edits, self.pytorch, self.keras)


def named(name: str) -> Fix:
    """The fix of that name; raises ModuleNotFoundError where there is none."""
    fix: Fix = catalogue.entry("fixes", name)
    return fix
