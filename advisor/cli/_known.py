"""`advisor diagnose --baseline FILE`: read what is known, or write it where there is no such file yet."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.cli._shared import note
from advisor.text import counted

if TYPE_CHECKING:
    from advisor.baseline import Baseline
    from advisor.outcome import Outcome


def known(file: Path | None) -> "Baseline | None":
    """The known findings in a file, if it is there."""
    if file is None:
        return None
    from advisor.baseline import read_baseline

    return read_baseline(file)


def remember(outcomes: "Sequence[Outcome]", file: Path, baseline: "Baseline | None") -> None:
    """Say how many findings are known; where there is no baseline yet, write it.

    Writing does not excuse anything: a pipeline whose baseline was never committed fails like one without.
    """
    from advisor.baseline import known_in, write_baseline
    from advisor.outcome import Report

    reports = [outcome for outcome in outcomes if isinstance(outcome, Report)]
    if baseline:
        left_out = sum(len(known_in(report)) for report in reports)
        note(f"{counted(left_out, 'known finding')} left out, as {file} says")
    elif len(reports) < len(outcomes):
        note(f"{file} is not written, for not everything could be read")
    else:
        count = write_baseline(file, reports)
        note(f"{file} is written with {counted(count, 'known finding')}; from the next time on only new ones count")
