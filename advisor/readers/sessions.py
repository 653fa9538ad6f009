"""Where one file holds several sessions: restarts, resumed runs, copies. What is kept of them, and how it is told.

A counter that goes back is the only sure sign of a new session, but for a schedule that starts again where the
loss jumps back to its start. Nothing here looks at whether the values are good.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from advisor.run import Bools, Floats, Ints, Unit, placed
from advisor.text import position

REPEATED = 0.2  # share of equal neighbours above which several rows belong to one count
INTERLEAVED = 0.34  # share of backward steps above which two writers share the file
TURN = 6  # rows between backward steps where writers of one pace take turns; resumed runs come further
EVENLY = 0.8  # share of the counts that such writers reach equally often
SEEN = 5  # values before a jump that all lie below it
FEW = 5  # backward steps that may always be sessions
LEAST = 3  # values with which a training that was started again is judged in place of the one before it
LISTED = 3  # sessions told one by one where there are more than a few


@dataclass(frozen=True)
class Session:
    """One stretch of a file that one process wrote."""

    # "start", "restart" from the beginning, "stub": a last restart with hardly a value yet, "resume" from a checkpoint,
    # "counter" begun anew, "schedule" begun anew
    kind: str
    lines: tuple[int, int]  # first and last line or record
    counts: tuple[float, float]  # first and last epoch, or step where there are no epochs
    axis: str  # "epoch" or "step"
    kept: bool  # whether its values are in the series
    dropped: int = 0  # values of the main series left out because a later session wrote them again

    def document(self) -> dict[str, Any]:
        """The same as a plain table, for `Run.about`."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Spine:
    """The series that sessions are told by, with both counters."""

    values: Floats
    rows: Ints
    places: Ints
    epochs: Floats  # nan where unknown
    steps: Floats
    rates: Floats | None = None  # learning rates at the same rows
    whole: tuple[Floats, Floats] | None = None  # both counters of every row of the table


@dataclass(frozen=True, eq=False)
class Sessions:
    """What the file holds: which rows go into the series, and the sessions they come from."""

    kept: Bools  # (rows,)
    found: tuple[Session, ...]
    interleaved: bool = False

    def notes(self, unit: Unit) -> tuple[str, ...]:
        """What was done, in words; `unit` is what places count."""
        if self.interleaved:
            return ("the counter goes back again and again, as if two processes wrote one file; nothing was left out",)
        places = [placed(unit, session.lines[0]) for session in self.found]
        told = [_told(session, place) for session, place in zip(self.found[1:], places[1:], strict=True)]
        if len(told) <= FEW:
            return tuple(told)
        return (*told[:LISTED], f"{len(told) - LISTED} more sessions begin below, the last at {places[-1]}")


def split(spine: Spine, rows: int) -> Sessions:
    """The sessions of a table with that many rows."""
    everything = np.ones(rows, dtype=bool)
    counter, axis = _counter(spine)
    starts = _starts(counter)
    if len(starts) > max(FEW, INTERLEAVED * len(counter)) or _take_turns(counter, starts):
        return Sessions(everything, (), interleaved=True)
    marks = {start: _kind(counter, start) for start in starts}
    marks |= {start: "counter" for start in _counters_begun_anew(spine, axis) if start not in marks}
    marks |= {start: "schedule" for start in _schedules_begun_anew(spine) if start not in marks}
    if not marks:
        return Sessions(everything, ())
    return _kept(spine, (counter, axis), _with_stubs(sorted(marks.items()), len(counter)), everything)


def _with_stubs(marks: list[tuple[int, str]], end: int) -> list[tuple[int, str]]:
    """The marks, where last restarts that came no further than a value or two are stubs."""
    whole = len(marks)
    while whole and marks[whole - 1][1] == "restart" and end - marks[whole - 1][0] < LEAST:
        whole -= 1
        end = marks[whole][0]
    return marks if end < LEAST else [*marks[:whole], *((start, "stub") for start, _ in marks[whole:])]


def _counter(spine: Spine) -> tuple[Floats, str]:
    if len(spine.epochs) and np.isfinite(spine.epochs).all() and np.ptp(spine.epochs) > 0:
        return spine.epochs, "epoch"
    return spine.steps, "step"


def _starts(counter: Floats) -> list[int]:
    """Where a counter goes back, or stays where it should have gone on."""
    if not np.isfinite(counter).all():
        return []
    change = np.diff(counter)
    back = change < 0
    if (change == 0).mean() <= REPEATED if len(change) else False:
        back |= change == 0
    return [int(i) + 1 for i in np.flatnonzero(back)]


def _take_turns(counter: Floats, starts: Sequence[int]) -> bool:
    """Whether a counter goes back every few rows and comes to each count equally often: two writers, now one ahead, now the other."""
    if len(starts) <= FEW or np.median(np.diff(starts)) > TURN:
        return False
    times = np.unique(counter, return_counts=True)[1]
    return bool(np.median(times) > 1 and (times == np.median(times)).mean() >= EVENLY)


def _kind(counter: Floats, start: int) -> str:
    return "restart" if counter[start] <= counter[0] else "resume"


def _counters_begun_anew(spine: Spine, axis: str) -> list[int]:
    """Where the steps go back while the epochs go on; not where they do so at every epoch, be there only two."""
    if axis == "step" or not np.isfinite(spine.steps).all():
        return []
    back = np.flatnonzero(np.diff(spine.steps) < 0) + 1
    if len(back) >= np.count_nonzero(np.diff(spine.epochs)):
        return []
    return [int(i) for i in back] if len(back) <= max(1, 0.1 * len(spine.steps)) else []


def _schedules_begun_anew(spine: Spine) -> list[int]:
    """Where the loss jumps back to its start just as the learning rate begins to warm up again."""
    values, rates = spine.values, spine.rates
    if rates is None or len(values) < 20 or not np.isfinite(rates).any():
        return []
    low = rates < 0.1 * np.nanmax(rates)
    before = np.fmax.reduce([np.append(np.full(back, np.inf), values[:-back]) for back in range(1, SEEN + 1)])
    after = np.fmin.reduce([np.append(values[ahead:], np.full(ahead, np.nan)) for ahead in range(3)])
    with np.errstate(all="ignore"):
        jumped = (values > 3 * before) & (after > 2 * before) & (values > 0.5 * values[0])
    candidates = [int(i) for i in np.flatnonzero(jumped & low) if _warms_up(rates, int(i))]
    return candidates if len(candidates) <= FEW else []


def _warms_up(rates: Floats, at: int) -> bool:
    ahead, behind = rates[at : at + 4], rates[at - 4 : at]
    return len(ahead) > 2 and bool((np.diff(ahead) > 0).all()) and bool((np.diff(behind) < 0).all())


def _kept(spine: Spine, counted: tuple[Floats, str], marks: Sequence[tuple[int, str]], kept: Bools) -> Sessions:
    """Of a restart, what came before goes; of a resumed run, what the later session wrote again."""
    counter, axis = counted
    alive = np.ones(len(counter), dtype=bool)
    counts = None if spine.whole is None else spine.whole[axis == "step"]
    edges = [0, *(start for start, _ in marks), len(counter)]
    dropped = [0] * len(marks)
    for k, (start, kind) in enumerate(marks):
        if kind == "stub":
            alive[start:] = False
            continue
        gone = alive[:start] & _overwritten(counter[:start], counter[start], kind)
        dropped[k] = int(gone.sum())
        alive[:start] &= ~gone
    for first, last in pairwise(edges):
        _drop_rows(spine.rows, alive, (first, last), kept, counts)
    found = tuple(
        Session(
            kind,
            (int(spine.places[first]), int(spine.places[last - 1])),
            (float(counter[first]), float(counter[last - 1])),
            axis,
            bool(alive[first:last].any()),
            lost,
        )
        for (first, last), kind, lost in zip(pairwise(edges), ["start", *(kind for _, kind in marks)], [0, *dropped], strict=True)
    )
    return Sessions(kept, found)


def _overwritten(before: Floats, count: float, kind: str) -> Bools:
    if kind in ("restart", "schedule"):
        return np.ones(len(before), dtype=bool)
    if kind == "counter":
        return np.zeros(len(before), dtype=bool)
    return np.asarray(before >= count)


def _drop_rows(rows: Ints, alive: Bools, edges: tuple[int, int], kept: Bools, counts: Floats | None) -> None:
    """Drops the rows that belong to dropped points of the spine: from the first such point to the end of its session.

    A row before that point that counts less is of the point before, as an evaluation behind the last epoch that is kept.
    """
    first, last = edges
    gone = np.flatnonzero(~alive[first:last]) + first
    if len(gone) == 0:
        return
    begin = 0 if gone[0] == 0 else int(rows[gone[0] - 1]) + 1 if gone[0] > first else int(rows[first])
    end = int(rows[last]) if last < len(rows) else len(kept)
    while counts is not None and gone[0] > 0 and begin < rows[gone[0]] and counts[begin] < counts[rows[gone[0]]]:
        begin += 1
    kept[begin:end] = False


def _told(session: Session, place: str) -> str:
    first = position(session.counts[0])
    return {
        "restart": f"a new session begins at {place} and counts from {first} again; the series hold it alone",
        "stub": f"a new session begins at {place} and has hardly a value; the series hold what came before it",
        "resume": f"resumed at {place} from {session.axis} {first}; {session.dropped} values that were written again are left out",
        "counter": f"the step counter begins anew at {place} while the epochs go on",
        "schedule": f"training starts again at {place}: loss and learning rate are back at their start; the series hold what follows",
    }[session.kind]
