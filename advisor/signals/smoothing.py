"""A long or jittery curve made short or calm, exactly and in linear time."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from advisor.run import Floats, Ints


def blocks(values: Floats, most: int) -> tuple[Floats, Ints]:
    """A curve as at most `most` medians of equally long stretches, and where each stretch ends.

    Returns `(medians, ends)`: medians (blocks,) in the unit of the curve, ends (blocks,) the index of the last point
    of each. A curve of `most` points or fewer is returned as it is. Every point counts in exactly one block, so that
    a million steps are judged by all of them and not by a sample.

    >>> medians, ends = blocks(np.array([5.0, 4.0, 9.0, 3.0, 2.0]), most=3)
    >>> medians.tolist(), ends.tolist()
    ([4.5, 6.0, 2.0], [1, 3, 4])
    """
    size = -(-len(values) // most)
    if size <= 1:
        return values, np.arange(len(values))
    whole = len(values) // size * size
    medians = np.median(values[:whole].reshape(-1, size), axis=1)
    rest = [np.median(values[whole:])] if whole < len(values) else []
    ends = np.minimum(np.arange(1, len(medians) + len(rest) + 1) * size, len(values)) - 1
    return np.concatenate([medians, rest]), ends


def running_median(values: Floats, width: int) -> Floats:
    """Each point replaced by the median of the `width` points around it (odd); the ends by those there are.

    A single bump disappears, a step stays where it was. Source: Tukey 1977, Exploratory Data Analysis.

    >>> running_median(np.array([1.0, 1.0, 9.0, 1.0, 2.0, 2.0]), width=3).tolist()
    [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]
    """
    half = width // 2
    if len(values) < width or half == 0:
        return values
    inner = np.partition(sliding_window_view(values, width), half, axis=-1)[:, half]  # the median of an odd number
    first = [np.median(values[: i + half + 1]) for i in range(half)]
    last = [np.median(values[i - half :]) for i in range(len(values) - half, len(values))]
    return np.concatenate([first, inner, last])
