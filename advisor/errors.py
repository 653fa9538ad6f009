"""Everything that advisor refuses, as one tree.

AdvisorError                what was found, what was expected, what to do: one line, exit status 2
├── ReadError               a file or folder in which no run can be found
│   └── ResultsError        a file that holds results of trainings, and surely no run
├── ConfigError             a Config with unknown keys, wrong types or impossible values: all of them
├── DataError               a data source that cannot be trained on
├── RunFolderError          a run folder that exists, is locked or cannot be written
│   └── DiskError           the disk took no more: nothing is wrong with what was tried
└── MissingLibraryError     a command that needs a library which is not installed
SignalUnavailable           a number the record does not hold; only `diagnose` catches it
"""

from dataclasses import dataclass


class AdvisorError(Exception):
    """A refusal, in one line for people."""


class ReadError(AdvisorError):
    """No run can be read from a path."""


class ResultsError(ReadError):
    """A file was understood: it compares finished trainings or lists samples, and no other reader needs to be asked."""


@dataclass(frozen=True)
class ConfigProblem:
    """One mistake in a Config: where it is ("" for the file as a whole), what was found, what was expected."""

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{place}found {self.found}, expected {self.expected}"


class ConfigError(AdvisorError):
    """All mistakes of a Config, one line each."""

    def __init__(self, problems: list[ConfigProblem], source: str = "config") -> None:
        self.problems = problems
        self.source = source
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


class DataError(AdvisorError):
    """The data cannot be trained on."""


class RunFolderError(AdvisorError):
    """A run folder cannot be written."""


class DiskError(RunFolderError):
    """The disk is full or does not let anybody write: whoever made room goes on with the same command."""


class MissingLibraryError(AdvisorError):
    """A library that this command needs is not installed."""


class SignalUnavailable(Exception):
    """A signal cannot be measured on this Run; the message is the reason, as shown under `skipped`."""
