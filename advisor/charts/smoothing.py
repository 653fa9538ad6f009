"""A jittery curve made calm, as TensorBoard does it."""

import numpy as np

from advisor.run import Floats

BLOCK = 2048  # values scanned at once
NOTHING = 1e-17  # no number that is added to one changes it by so little
LARGEST_POWER = 250.0  # powers of ten that a block's weights may span: more do not fit into a number


def debiased_ema(values: Floats, weight: float) -> Floats:  # (points,)
    """Exponential moving average with `weight` (0..1) on the past, its start not pulled towards zero.

    As in TensorBoard: s ← weight·s + (1 - weight)·v, divided by 1 - weight^n after n values. Values that are not finite
    stay as they are and count for nothing.

    >>> debiased_ema(np.array([1.0, 2.0, np.nan, 2.0]), 0.5).round(4).tolist()
    [1.0, 1.6667, nan, 1.8571]
    """
    if not 0.0 < weight < 1.0:
        return values
    known = np.isfinite(values)
    finite = values if known.all() else values[known]
    size = max(1, min(BLOCK, int(LARGEST_POWER / -np.log10(weight))))
    calm = _scanned(finite, weight, size)
    pulled = min(len(finite), int(np.log(NOTHING) / np.log(weight)) + 1)  # later the start counts for nothing
    calm[:pulled] /= 1.0 - weight ** np.arange(1.0, pulled + 1)
    if len(finite) == len(values):
        return calm
    whole = np.array(values)
    whole[known] = calm
    return whole


def _scanned(values: Floats, weight: float, size: int) -> Floats:
    """The average itself, block by block: within one it is a sum, from one to the next a single number is carried over."""
    blocks = np.zeros((-(-len(values) // size), size))  # (blocks, size)
    blocks.reshape(-1)[: len(values)] = values
    decay = weight ** np.arange(1.0, size + 1)
    blocks *= (1.0 - weight) / decay
    np.cumsum(blocks, axis=1, out=blocks)
    blocks *= decay
    carried, last = 0.0, float(decay[-1])
    ends = blocks[:, -1].tolist()
    before = np.zeros(len(ends))
    for i, end in enumerate(ends):
        before[i] = carried
        carried = end + carried * last
    blocks += before[:, None] * decay
    scanned: Floats = blocks.reshape(-1)[: len(values)]
    return scanned
