"""`--map ROLE=COLUMN`: what the reader of a log says about its columns comes before what their names say."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from advisor.errors import ReadError
from advisor.readers.base import Table
from advisor.readers.opening import named
from advisor.readers.roles import AXIS_ROLES, VALUE_ROLES, Roles
from advisor.text import printable

Mapping_ = Mapping[str, str | Sequence[str]]
LISTED = 12


def applied(mapping: Mapping_ | None, table: Table, found: Roles) -> Roles:
    """The roles with those of `mapping` in place; raises ReadError for an unknown role or column."""
    if not mapping:
        return found
    wanted = _listed(mapping)
    for role, columns in wanted.items():
        check_role(role)
        if not columns:
            raise ReadError(f"--map {printable(role)}: found no column, expected at least one")
        for column in columns:
            _check_column(column, table)
    taken = {column for columns in wanted.values() for column in columns}
    axes = {role: column for role, column in found.axes.items() if column not in taken}
    series = {role: columns for role, columns in found.series.items() if not taken.intersection(columns)}
    by_step = {role: column for role, column in found.by_step.items() if role not in wanted and column not in taken}
    said = {role: columns for role, columns in wanted.items() if role not in AXIS_ROLES}
    axes |= {role: columns[0] for role, columns in wanted.items() if role in AXIS_ROLES}
    settled = tuple(note for note in found.notes if not any(f"--map {role}=" in note or note.startswith(f"{role} ") for role in wanted))
    return replace(found, axes=axes, series=series | said, by_step=by_step, notes=settled)


def _listed(mapping: Mapping_) -> dict[str, tuple[str, ...]]:
    return {role: (columns,) if isinstance(columns, str) else tuple(columns) for role, columns in mapping.items()}


def columns_of(mapping: Mapping_ | None) -> set[str]:
    """Every column that a mapping names."""
    return {column for columns in _listed(mapping or {}).values() for column in columns}


def check_role(role: str) -> None:
    """Raises ReadError for what is no role."""
    known = (*AXIS_ROLES, *VALUE_ROLES)
    if role in known or role.startswith("val_loss:"):
        return
    close = difflib.get_close_matches(role, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"roles are {', '.join(known)}"
    raise ReadError(f"--map {printable(role)}: no such role; {hint}")


def _check_column(column: str, table: Table) -> None:
    if column in table.columns and len(table.columns[column]):
        return
    close = difflib.get_close_matches(column, list(table.columns), n=1)
    names = ", ".join(printable(name)[:40] for name in list(table.columns)[:LISTED])
    hint = f"did you mean {printable(close[0])}?" if close else f"the columns are {names}"
    raise ReadError(f"{named(table.path)}: --map names a column {printable(column)}, which has no numbers here; {hint}")
