"""Cells → numbers in three states: absent (None), finite, and not finite."""

import math
import re

ABSENT = frozenset({"", "na", "n/a", "none", "null", "nil", "-", "--", "?", "undefined", "absent", "<na>", "#na#"})
SPECIAL = {"1.#qnan": math.nan, "-1.#ind": math.nan, "1.#ind": math.nan, "1.#inf": math.inf, "-1.#inf": -math.inf}
FORTRAN = re.compile(r"^[-+]?\d+\.?\d*d[-+]\d+$")  # 2.3d+00
WRAPPED = re.compile(r"^(?:tensor|array|np\.float\d+|float|jnp\.array|device_?array)?[(\[]+\s*([-+.\w]+)\s*[)\],]", re.IGNORECASE)


def number(cell: str) -> float | None:
    """The number in a cell; None where the cell is absent or no number.

    >>> number(" 0.5 "), number("NA"), number("nan"), number("1e400"), number("12.5%"), number("tensor(0.3, device='cuda:0')")
    (0.5, None, nan, inf, 12.5, 0.3)
    """
    try:
        return float(cell)
    except ValueError:
        return _unusual(cell.strip().lower())


def _unusual(cell: str) -> float | None:
    if cell in ABSENT:
        return None
    if cell in SPECIAL:
        return SPECIAL[cell]
    if FORTRAN.match(cell):
        return float(cell.replace("d", "e"))
    wrapped = WRAPPED.match(cell)
    plain = wrapped.group(1) if wrapped else cell.removesuffix("%").removesuffix("f")
    plain = plain.strip("\"'* ")
    return _plain(plain) if plain and plain != cell else None


def _plain(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def with_comma(cell: str) -> float | None:
    """The number in a cell that may have a decimal comma.

    >>> with_comma("0,25"), with_comma("3")
    (0.25, 3.0)
    """
    return number(cell.replace(",", ".") if cell.count(",") == 1 else cell)


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, finite or not."""
    return number(cell) is not None
