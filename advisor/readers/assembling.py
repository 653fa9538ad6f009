"""Table + roles → Run: sessions apart, axes in place, every value with its line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.errors import ReadError
from advisor.readers import axes, by_values, mapped, roles, sessions, unmeasured
from advisor.readers.base import Column, Table
from advisor.readers.names import understood, words
from advisor.readers.opening import named
from advisor.readers.reversing import forward
from advisor.run import Floats, Ints, Run, Series
from advisor.text import first_of, printable

BATCH, BATCHES = "batch", "batches"  # a counter that begins anew with each epoch, and where it ends
MANY, RESTLESS = 8, 0.25  # rows, and the share of them at which a counter goes back, that make it none
LISTED = 8  # columns named in a refusal
LOSS_ROLES = ("train_loss", "val_loss", "test_loss")
LEAD_ROLES = ("train_loss", "val_loss", "train_metric", "val_accuracy", "val_metric", "train_accuracy", "test_loss")


def to_run(table: Table, reader: str, mapping: mapped.Mapping_ | None = None) -> Run:
    """The Run that a table holds; raises ReadError where it has nothing to judge by."""
    table = by_values.with_errors_named(table, mapped.columns_of(mapping))
    found = mapped.applied(mapping, table, roles.find(table))
    table = forward(table, found)
    known = mapping or set(table.roles) & set(roles.VALUE_ROLES)
    if not roles.usable(found.series, found.series) and not (known and found.series):
        raise ReadError(_nothing_to_judge(table, found))
    layout = _layout(table, found)
    series = {role: _series(table, columns, layout) for role, columns in found.series.items()}
    series, skipped = unmeasured.without(series)
    series, blanks = _with_hidden_nans(series, table, layout)
    by_step = {role: _series(table, (column,), layout) for role, column in found.by_step.items()}
    steps = to_run(table.steps, reader).series if table.steps else {}
    series = {role: one for role, one in series.items() if len(one)}
    told = {role: columns for role, columns in found.series.items() if role in series}  # a column may have its values in what is left out
    unused = tuple(column for column in table.columns if column not in found.used)
    notes = (*table.notes, *layout.where.notes, *layout.sessions.notes(table.unit), *found.notes, *_by_step_notes(found), *skipped, *blanks)
    return Run(
        table.name, table.path, reader, series, by_step | dict(steps),
        roles={**found.axes, **{role: columns[0] if len(columns) == 1 else list(columns) for role, columns in told.items()}},
        unused=unused, others=_Others({**_timed(found), **{name: name for name in unused}}, lambda name: _series(table, (name,), layout)),
        notes=notes, layers=table.layers, config=table.config, facts=table.facts,
        about={**table.about, **_about(layout.sessions)}, unit=table.unit, rows=table.rows,
    )  # fmt: skip


class _Others(Mapping[str, Series]):
    """Series that are looked at but not judged: each is made when somebody asks for it."""

    def __init__(self, columns: Mapping[str, str], make: Callable[[str], Series]) -> None:
        self._columns, self._make = columns, make
        self._made: dict[str, Series] = {}

    def __getitem__(self, name: str) -> Series:
        if name not in self._made:
            self._made[name] = self._make(self._columns[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __reduce__(self) -> tuple[type, tuple[dict[str, Series]]]:
        """To another process goes what was asked for so far: the whole table would be too much for what only a dashboard shows."""
        return dict, (self._made,)


def _timed(found: roles.Roles) -> dict[str, str]:
    """The column that tells the time, by the name of its role."""
    return {"time": found.axes["time"]} if "time" in found.axes else {}


class _Layout:
    """Where the rows of one table lie: their axes, their lines, and which of them are kept."""

    def __init__(self, where: axes.Axes, found: sessions.Sessions, places: Floats) -> None:
        self.where = where
        self.sessions = found
        self.places = places


def _layout(table: Table, found: roles.Roles) -> _Layout:
    epochs = axes.by_row(table.columns.get(found.axes.get("epoch", "")), table.rows)
    steps = axes.by_row(table.columns.get(found.axes.get("step", "")), table.rows)
    epochs, notes = axes.counted_from_one(epochs, steps)
    batches = np.full(table.rows, np.nan)
    if (found.axes.get("step") == BATCH and np.isfinite(epochs).any()) or _is_batch_counter(epochs, steps):
        batches, steps = steps, batches
    if _are_lengths(epochs, steps):
        steps = np.full(table.rows, np.nan)
    parts = sessions.split(_spine(table, found, epochs, steps), table.rows)
    epochs = axes.within_epoch(epochs, batches, axes.by_row(table.columns.get(BATCHES), table.rows))
    if not parts.interleaved:
        epochs = axes.with_progress(epochs, steps, parts.kept)
    for shared in (epochs, steps):  # by every series that has all rows
        shared.flags.writeable = False
    return _Layout(axes.Axes(epochs, steps, notes), parts, _places(table))


def _is_batch_counter(epochs: Floats, steps: Floats) -> bool:
    """Whether the steps begin anew with (nearly) every epoch."""
    both = np.isfinite(epochs) & np.isfinite(steps)
    if both.sum() < 4:
        return False
    back = np.diff(steps[both]) < 0
    onward = np.diff(epochs[both]) > 0
    return bool(onward.sum() >= 2 and (back & onward).sum() >= 0.6 * onward.sum() and (back & ~onward).sum() <= 0.1 * back.sum())


def _are_lengths(epochs: Floats, steps: Floats) -> bool:
    """Whether steps tell how long each episode was: one count for each, going up and down."""
    both = np.isfinite(epochs) & np.isfinite(steps)
    if both.sum() < MANY or len(np.unique(epochs[both])) < both.sum():
        return False
    return bool((np.diff(steps[both]) < 0).mean() > RESTLESS)


def _places(table: Table) -> Floats:
    """The line of every row, as far as any of its cells tells."""
    places = np.zeros(table.rows)
    for column in table.columns.values():
        places[column.rows] = column.places
        if len(column) == table.rows:
            break
    return places


def _spine(table: Table, found: roles.Roles, epochs: Floats, steps: Floats) -> sessions.Spine:
    lead = _lead(table, found)
    rates = found.series.get("lr")
    by_row = axes.by_row(table.columns[rates[0]], table.rows) if rates else None
    return sessions.Spine(
        lead.values,
        lead.rows,
        lead.places,
        _at(epochs, lead.rows),
        _at(steps, lead.rows),
        None if by_row is None else _at(by_row, lead.rows),
        (epochs, steps),
    )


def _lead(table: Table, found: roles.Roles) -> Column:
    """The series that sessions are told by: the training loss, the more detailed one where there are two."""
    often = found.by_step.get("train_loss")
    first = next((found.series[role][0] for role in LEAD_ROLES if role in found.series), next(iter(found.series.values()))[0])
    return table.columns[often or first]


def _series(table: Table, columns: tuple[str, ...], layout: _Layout) -> Series:
    """The series of one role, of the sessions that are kept; several columns are summed where all have a value."""
    total = _sum([table.columns[column] for column in columns])
    kept = np.flatnonzero(_at(layout.sessions.kept, total.rows))
    rows = _at(total.rows, kept)
    epochs, steps = _at(layout.where.epochs, rows), _at(layout.where.steps, rows)
    if not np.isfinite(steps).all():
        epochs = axes.spread_within_epochs(epochs)
    return Series(" + ".join(columns), _at(total.values, kept), epochs, steps, _at(total.places, kept), table.file)


def _at(values: Any, rows: Ints) -> Any:
    """The values at increasing rows; where these are all of them, no copy is made of what may be a million."""
    return values if len(rows) == len(values) else values[rows]


def _sum(columns: list[Column]) -> Column:
    total = columns[0]
    for column in columns[1:]:
        _, ours, theirs = np.intersect1d(total.rows, column.rows, assume_unique=True, return_indices=True)
        total = Column(total.values[ours] + column.values[theirs], total.rows[ours], total.places[ours])
    return total


def _with_hidden_nans(series: Mapping[str, Series], table: Table, layout: _Layout) -> tuple[dict[str, Series], tuple[str, ...]]:
    """Blanks that mean NaN: a training loss that had a value in every row, and then has none while the rows go on."""
    loss = series.get("train_loss")
    if not table.blanks or loss is None or len(loss) < 2:
        return dict(series), ()
    rows = np.flatnonzero(layout.sessions.kept & (layout.places > 0))
    if len(loss) > len(rows) - 2 or not (layout.places[rows[: len(loss)]] == loss.places).all():
        return dict(series), ()
    filled = {role: _filled(one, rows, len(loss), layout) if role in LOSS_ROLES else one for role, one in series.items()}
    return filled, (f"{printable(loss.name)} has no value after line {loss.places[-1]} while the rows go on: read as NaN",)


def _filled(series: Series, rows: np.ndarray, stop: int, layout: _Layout) -> Series:
    if len(series) != stop:
        return series
    later = rows[stop:]
    nans = np.full(len(later), np.nan)
    return replace(
        series,
        values=np.append(series.values, nans),
        epochs=np.append(series.epochs, layout.where.epochs[later]),
        steps=np.append(series.steps, layout.where.steps[later]),
        places=np.append(series.places, layout.places[later].astype(np.int64)),
    )


def _about(found: sessions.Sessions) -> dict[str, object]:
    """What a rule on broken logs needs to know."""
    told: dict[str, object] = {"interleaved": True} if found.interleaved else {}
    return told | ({"sessions": tuple(session.document() for session in found.found)} if found.found else {})


def _by_step_notes(found: roles.Roles) -> Iterable[str]:
    for role, column in found.by_step.items():
        yield f"{printable(column)} has a value a step: {role} by step, beside {printable(' + '.join(found.series[role]))}"


def _nothing_to_judge(table: Table, found: roles.Roles) -> str:
    names = [printable(column)[:40] for column in table.columns]
    listed = ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
    how = next((note for note in found.notes if "--map" in note), "name one with --map train_loss=COLUMN")
    said = {word for column in table.columns for word in words(column)}
    if roles.JUDGES & said and roles.PLAYERS & said:
        how = "players against each other, whose losses show no progress; give the one to look at with --map train_loss=COLUMN"
    blank = first_of([column for column, cells in table.columns.items() if not len(cells)], 2)
    has = f"has the columns {listed}{f' ({blank} without a number)' if blank else ''}" if names else "has no numbers"
    return f"{named(table.path)}: {has}, but neither a loss nor a metric of known direction{_broken_off(table)}; {how}"


def _broken_off(table: Table) -> str:
    """From where on one of the losses is not finite, in words: that needs no role to be told."""
    for name, column in table.columns.items():
        broken = np.flatnonzero(~np.isfinite(column.values))
        if len(broken) and understood(name).kind == "loss":
            place, value = column.places[broken[0]], column.values[broken[0]]
            return f"; {printable(name)[:40]} is {value:g} at {table.unit.removesuffix('s')} {place}"
    return ""
