"""Logs of any tool → Run: `load` one, `load_all` of a file or folder; a file in `formats` for each format.

What stands between a path and its Run, in the order in which a log passes it; a format takes of the upper half what it needs:

    a path           loading  opening  folders · base says what a reader is
    a table          layouts  ruled  grids  bulk  numbers  reversing
    console output   late  patterns  counting  known_lines  phrases  sayings
    JSON             json_text  unrolling  entries
    binary records   framing  leveldb  protobuf  scalars
    many in one      pivoting  weaving  disentangling · comparing tells what holds no run at all

    what names say   vocabulary  names  bare_splits
    roles            mapped  roles  choosing  by_values  unmeasured
    a Run            sessions  axes  assembling
"""

from advisor.readers.loading import find, load, load_all, load_bytes, load_found

__all__ = ["find", "load", "load_all", "load_bytes", "load_found"]
