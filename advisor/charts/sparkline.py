"""A curve in a few cells of one row."""

import numpy as np

from advisor.charts.glyphs import BRAILLE, Glyphs
from advisor.charts.raster import Columns, extents
from advisor.run import Floats


def sparkline(y: Floats, width: int, glyphs: Glyphs = BRAILLE) -> str:
    """The highest value of each of `width` columns as a height; values that are not finite as a mark.

    >>> import numpy as np
    >>> sparkline(np.array([1.0, 2.0, 3.0, np.nan]), 4)
    '▁▅█!'
    """
    if width < 1 or len(y) == 0:
        return ""
    width = min(width, len(y))
    columns = Columns(width, 0.0, float(len(y) - 1))
    highest = extents(np.arange(len(y), dtype=np.float64), y, columns).high
    at = np.unique(columns.positions(np.flatnonzero(~np.isfinite(y)).astype(np.float64)).astype(np.int64))
    characters = [_height(value, highest, glyphs) for value in highest]
    for column in at:
        characters[column] = glyphs.not_finite
    return "".join(characters)


def _height(value: float, values: Floats, glyphs: Glyphs) -> str:
    if np.isnan(value):
        return " "
    low, high = np.nanmin(values), np.nanmax(values)
    share = (value - low) / (high - low) if high > low else 0.0
    return glyphs.levels[round(share * (len(glyphs.levels) - 1))]
