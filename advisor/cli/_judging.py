"""Paths → what is said of them: one after the other, or by several processes where there is much to read."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from advisor.cli._counted import counted, waited
from advisor.cli._shared import note
from advisor.errors import ReadError

if TYPE_CHECKING:
    from advisor.baseline import Baseline
    from advisor.outcome import Outcome, Unreadable
    from advisor.readers.loading import Roles
    from advisor.rules.base import Rule
    from advisor.run import Run
    from advisor.settings import Settings

MUCH = 60 << 20  # bytes in several files from which on more processes pay: each begins with a second of imports
MANY = 200  # files from which on they pay, however small: reading and judging one takes about ten milliseconds
MOST_PROCESSES = 8
MOST_TOLD = 5  # files of a folder that are passed over


@dataclass(frozen=True)
class Question:
    """What is asked of every run."""

    settings: "Settings"
    roles: Mapping[str, list[str]] = field(default_factory=dict)
    baseline: "Baseline | None" = None
    probe: bool = False

    def rules(self, run: Path) -> "list[Rule]":
        """The rules that a run is asked about."""
        ignored = self.settings.ignored_for(run)
        return [rule for rule in self.settings.rules() if rule.name not in ignored]


def judged(paths: Sequence[str], question: Question) -> "list[Outcome]":
    """What is said of each run in some paths, or why none can be read; a refusal does not hide the other paths.

    Of a folder's runs the worst come first. A run that stands in several of the paths counts once.
    """
    once: dict[tuple[Path, str], Outcome] = {}
    for path in paths:
        for outcome in _in_folder(Path(path), question):
            once.setdefault(_place(outcome), outcome)
    return list(once.values())


def _place(outcome: "Outcome") -> tuple[Path, str]:
    from advisor.outcome import Unreadable

    return (outcome.path.absolute(), "") if isinstance(outcome, Unreadable) else (outcome.run.path.absolute(), outcome.run.name)


def _in_folder(path: Path, question: Question) -> "list[Outcome]":
    from advisor.readers import find, load_all
    from advisor.readers.folders import left_out

    if str(path) == "-":
        return one(path, question)
    with waited(f"searching {path}"):
        found = find([path])
    if found == [path]:
        with waited(f"reading {path}"):
            return one(path, question)
    outcomes = [outcome for each in _each(found, question) for outcome in each]
    read = [outcome for outcome in outcomes if not _is_refusal(outcome)]
    if not read:
        return _said_of(path, load_all, question)
    _tell_of([outcome for outcome in outcomes if _is_refusal(outcome)])
    if part := left_out(path):
        note(f"{path}: searched {part}; give those as well")
    return sorted(read, key=_badness, reverse=True)


def _tell_of(passed_over: "Sequence[Unreadable]") -> None:
    """In a folder much may look like a log: what holds no run is no refusal there, but no secret either."""
    from advisor.report._words import error_text, title

    for outcome in passed_over[:MOST_TOLD]:
        note(f"passed over {title(outcome)}: {error_text(outcome)}")
    if len(passed_over) > MOST_TOLD:
        note(f"passed over {len(passed_over) - MOST_TOLD} more; name them to see why")


def _each(paths: Sequence[Path], question: Question) -> "list[list[Outcome]]":
    sizes = [_size(path) for path in paths]
    processes = min(MOST_PROCESSES, os.cpu_count() or 1, len(paths))
    if processes < 2 or (len(paths) < MANY and sum(sizes) - max(sizes) < MUCH):
        return list(counted((one(path, question) for path in paths), len(paths)))
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes) as pool:
        return list(counted(pool.map(one, paths, [question] * len(paths)), len(paths)))


def one(path: Path, question: Question) -> "list[Outcome]":
    """What is said of the runs in one path."""
    from advisor.readers import load_found

    return _said_of(path, load_found, question)


def _said_of(path: Path, load: "Callable[[Path, Roles | None], list[Run]]", question: Question) -> "list[Outcome]":
    try:
        return [_asked(run, question) for run in load(path, question.roles or None)]
    except ReadError as refusal:
        return [_refused(path, refusal)]


def judged_growing(question: Question, path: Path) -> "list[Outcome]":
    """The same of a path that is being written: whole lines only."""
    from advisor.readers import load_found

    return _said_of(path, partial(load_found, growing=True), question)


def judged_unended(question: Question, path: Path) -> "list[Outcome]":
    """The same, with what is said of a run that goes on, where nothing in it tells whether it does."""
    from advisor.readers import load_found

    def load(path: Path, roles: "Roles | None") -> "list[Run]":
        runs = load_found(path, roles, growing=True)
        return [replace(run, about={"status": "running", **run.about}) for run in runs]

    return _said_of(path, load, question)


def growing_by_settings() -> "Callable[[Path], list[Outcome]]":
    """The same with what the settings of the project ask."""
    from advisor.settings import settings

    return partial(judged_growing, Question(settings()))


def judged_bytes(question: Question, content: bytes) -> "list[Outcome]":
    """The same of what came over standard input so far."""
    from advisor.readers import load_bytes

    try:
        return [_asked(run, question) for run in load_bytes(content, question.roles or None)]
    except ReadError as refusal:
        return [_refused(Path("-"), refusal)]


def _asked(run: "Run", question: Question) -> "Outcome":
    from advisor.diagnose import diagnose

    if question.probe:
        from advisor.cli._probing import probed

        run = probed(run)
    report = diagnose(run, question.rules(run.path))
    if question.baseline is None:
        return report
    from advisor.baseline import without_known

    return without_known(report, question.baseline)


def _refused(path: Path, refusal: ReadError) -> "Outcome":
    from advisor.outcome import Unreadable

    return Unreadable(path, str(refusal))


def _is_refusal(outcome: "Outcome") -> "TypeGuard[Unreadable]":
    from advisor.outcome import Unreadable

    return isinstance(outcome, Unreadable)


def _badness(outcome: "Outcome") -> tuple[int, int]:
    worst = outcome.worst
    return (-1 if worst is None else int(worst), len(getattr(outcome, "findings", ())))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
