"""The runs as they stand in the list: filtered, sorted, selected, one pinned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from advisor.dashboard.view.filters import Described, Filter, parsed
from advisor.errors import AdvisorError
from advisor.following import Key, Watched
from advisor.outcome import Report, Status

SORTS = ("worst", "name", "newest", "best")
RANKS = {Status.UNREADABLE: 0.5, Status.UNDECIDED: 0.2, Status.HEALTHY: 0.1, Status.FINDINGS: 0.0}
RESULTS = ("val_accuracy", "val_metric", "val_loss", "train_accuracy", "train_metric", "train_loss")
LOWER_IS_BETTER = "loss"


@dataclass(frozen=True)
class Shelf:
    """How the runs are shown, and which of them are set apart."""

    filter: str = ""
    sort: str = SORTS[0]
    selected: frozenset[Key] = frozenset()
    pinned: Key | None = None


def on_shelf(runs: Sequence[Watched], shelf: Shelf) -> tuple[Watched, ...]:
    """The runs that the filter leaves, in their order; the pinned one first. A filter that makes no sense leaves all."""
    wanted = _filter(shelf)
    kept = [run for run in runs if run.key == shelf.pinned or wanted(described(run))]
    return tuple(sorted(_sorted(kept, shelf.sort), key=lambda run: run.key != shelf.pinned))


def mistake(shelf: Shelf) -> str:
    """What is wrong with the filter, in words."""
    try:
        parsed(shelf.filter)
    except AdvisorError as refusal:
        return str(refusal)
    return ""


def _filter(shelf: Shelf) -> Filter:
    try:
        return parsed(shelf.filter)
    except AdvisorError:
        return lambda run: True


def described(run: Watched) -> Described:
    """What a filter can ask: state, rules found, last values by role, the Config by dotted path."""
    outcome = run.outcome
    if not isinstance(outcome, Report):
        return Described(run.label, (str(run.state), str(outcome.status)))
    words = (str(run.state), str(outcome.status), *(f"{finding.code} {finding.rule}" for finding in outcome.findings))
    last = {role: float(series.values[-1]) for role, series in outcome.run.series.items() if len(series)}
    values = {"epochs": outcome.run.epochs, "steps": outcome.run.steps, "state": str(run.state)}
    known = dict(settings(outcome.run.config or {}))
    known |= {"lr": known["optim.lr"]} if "optim.lr" in known else {}
    return Described(run.label, words, {**last, **values, **known})


def settings(tree: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, Any]]:
    """The keys of a Config by dotted path, in their order.

    >>> dict(settings({"optim": {"name": "adam", "lr": 0.1}}))
    {'optim.name': 'adam', 'optim.lr': 0.1}
    """
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from settings(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _sorted(runs: list[Watched], by: str) -> list[Watched]:
    if by == "name":
        return sorted(runs, key=lambda run: run.label)
    if by == "newest":
        return sorted(runs, key=lambda run: -run.written)
    return sorted(runs, key=_badness if by == "worst" else _result)


def _badness(run: Watched) -> tuple[float, float]:
    """The worst first: by severity, then by how many findings there are."""
    outcome = run.outcome
    if not isinstance(outcome, Report) or outcome.status is not Status.FINDINGS:
        return (-RANKS[outcome.status], 0.0)
    return (-float(outcome.worst or 0), -float(sum(finding.severity == outcome.worst for finding in outcome.findings)))


def _result(run: Watched) -> tuple[int, float]:
    """The best last value first; runs are ranked by the first measure that they have."""
    outcome = run.outcome
    if not isinstance(outcome, Report):
        return (len(RESULTS), 0.0)
    role = next((role for role in RESULTS if outcome.run.get(role)), None)
    if role is None:
        return (len(RESULTS), 0.0)
    value = float(outcome.run.need(role).values[-1])
    return (RESULTS.index(role), float("inf") if value != value else value if role.endswith(LOWER_IS_BETTER) else -value)


def next_sort(shelf: Shelf) -> Shelf:
    """The runs in the next order."""
    return replace(shelf, sort=SORTS[(SORTS.index(shelf.sort) + 1) % len(SORTS)])


def toggled(shelf: Shelf, key: Key) -> Shelf:
    """A run selected, or no longer."""
    return replace(shelf, selected=shelf.selected ^ {key})


def pin_toggled(shelf: Shelf, key: Key) -> Shelf:
    """A run pinned in place of another, or no longer."""
    return replace(shelf, pinned=None if shelf.pinned == key else key)


def drawn(runs: Sequence[Watched], shelf: Shelf, under_cursor: Watched | None) -> tuple[Watched, ...]:
    """The runs whose curves are shown: the one under the cursor, those that are selected, and the pinned one."""
    wanted = shelf.selected | {shelf.pinned} | ({under_cursor.key} if under_cursor else set())
    return tuple(run for run in runs if run.key in wanted and isinstance(run.outcome, Report))


def set_apart(runs: Sequence[Watched], shelf: Shelf, under_cursor: Watched | None) -> tuple[Watched, ...]:
    """The runs to compare: those that are selected or pinned, and the one under the cursor where that is only one."""
    marked = drawn(runs, shelf, None)
    return marked if len(marked) > 1 else drawn(runs, shelf, under_cursor)


def family(runs: Sequence[Watched], run: Watched) -> frozenset[Key]:
    """The keys of a run, of what it was fixed from, and of all that was fixed from it."""
    about = {other.key: _about(other) for other in runs}
    ids = {entry["id"]: key for key, entry in about.items() if entry.get("id")}

    def root(key: Key) -> Key:
        seen = {key}
        while (parent := ids.get(about[key].get("parent"))) is not None and parent not in seen:
            seen.add(parent)
            key = parent
        return key

    return frozenset(other.key for other in runs if root(other.key) == root(run.key))


def _about(run: Watched) -> Mapping[str, Any]:
    return run.outcome.run.about if isinstance(run.outcome, Report) else {}
