"""What the dashboard knows of what trains in other processes: whether it runs, what it said, and how to stop it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

PROOF = re.compile(r"-(again|seed\d+)(-\d+)?$")


class Training(Protocol):
    """A command in another process."""

    @property
    def status(self) -> int | None:
        """The exit status of its process; None while it runs."""

    @property
    def words(self) -> str:
        """The last that it said on standard error, if anything."""

    def stop(self) -> None:
        """Ask it to end with the epochs that are whole, as Ctrl-C does."""


class Answering(Training, Protocol):
    """One whose standard output is wanted too."""

    @property
    def output(self) -> str:
        """All that it wrote to standard output."""


Launch = Callable[[Path, tuple[str, ...]], Answering]  # a run folder, and the fixes to try (none: all that are proposed)


@dataclass(eq=False)
class Trial:
    """Fixes that are tried for a run: the process that does it, and the run folders that it makes."""

    run: Path
    fixes: tuple[str, ...]
    process: Answering
    known: frozenset[str] = field(default_factory=frozenset)  # what stood beside the run before

    @property
    def title(self) -> str:
        """What is tried."""
        return ", ".join(self.fixes) or "all that is proposed"

    @property
    def folders(self) -> list[Path]:
        """The run folders that have appeared beside the run since, in the order of their names."""
        try:
            beside = sorted(path for path in self.run.parent.iterdir() if path.name.startswith(f"{self.run.name}-"))
        except OSError:
            return []
        return [path for path in beside if path.name not in self.known and (path / "run.json").is_file()]

    @property
    def first_folders(self) -> list[Path]:
        """Those to look at: further seeds, and the unfixed Config trained again, only serve the proof."""
        return [path for path in self.folders if not PROOF.search(path.name)]

    @property
    def outcome(self) -> Mapping[str, Any] | None:
        """The JSON document of `advisor fix`; None where the process has not come that far."""
        try:
            document = json.loads(self.process.output)
        except ValueError:
            return None
        return document if isinstance(document, dict) else None


def started(launch: Launch, run: Path, fixes: tuple[str, ...]) -> Trial:
    """Start trying fixes for a run."""
    run = run.absolute()
    known = frozenset(path.name for path in run.parent.iterdir())
    return Trial(run, fixes, launch(run, fixes), known)
