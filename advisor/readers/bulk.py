"""Large tables by pandas' parser, with the three states of a cell kept: only a blank is absent, and text is read by us."""

import warnings
from collections.abc import Sequence
from io import BytesIO

import numpy as np

from advisor.readers.base import Column
from advisor.readers.grids import column

LARGE = 3 << 20  # bytes; below, importing pandas costs more than it saves


def bulk_columns(data: bytes, names: Sequence[str], delimiter: str, header: int) -> dict[str, Column] | None:
    """The columns under a header on line `header` (from 0); None where pandas' parser sees other rows than lines."""
    import pandas

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pandas.errors.DtypeWarning)  # it reads in parts, and text is read again by us
            frame = pandas.read_csv(
                BytesIO(data), sep=delimiter, skiprows=header + 1, header=None, names=range(len(names)), index_col=False,
                keep_default_na=False, na_values=[""], skip_blank_lines=False, skipinitialspace=True, encoding="utf-8",
            )  # fmt: skip
    except (pandas.errors.ParserError, UnicodeDecodeError, ValueError):
        return None
    lines = data.count(b"\n") + (not data.endswith(b"\n")) - header - 1
    if len(frame) != lines:
        return None
    rows = np.arange(len(frame))
    places = rows + (header + 2)
    return {name: _column(frame[k].to_numpy(), rows, places) for k, name in enumerate(names)}


def _column(values: np.ndarray, rows: np.ndarray, places: np.ndarray) -> Column:
    if values.dtype.kind not in "fiu":
        return column(["" if value != value else str(value) for value in values], places)
    numbers = values.astype(np.float64, copy=False)
    filled = ~np.isnan(numbers)
    return Column(numbers, rows, places) if filled.all() else Column(numbers[filled], rows[filled], places[filled])
