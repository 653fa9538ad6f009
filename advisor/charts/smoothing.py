"""A jittery curve made calm, as TensorBoard does it."""

import numpy as np

from advisor.run import Floats

BLOCK = 2048  # values scanned at once
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
    calm = np.array(values)
    finite = values[known]
    size = max(1, min(BLOCK, int(LARGEST_POWER / -np.log10(weight))))
    debias = 1.0 - weight ** np.arange(1.0, len(finite) + 1)
    calm[known] = _scanned(finite, weight, size) / debias
    return calm


def _scanned(values: Floats, weight: float, size: int) -> Floats:
    """The average itself, block by block: within one it is a sum, from one to the next a single number is carried over."""
    blocks = np.concatenate([values, np.zeros(-len(values) % size)]).reshape(-1, size)  # (blocks, size)
    decay = weight ** np.arange(1.0, size + 1)
    own = np.cumsum((1.0 - weight) * blocks / decay, axis=1) * decay
    carried = np.zeros(len(blocks))
    for i in range(1, len(blocks)):
        carried[i] = own[i - 1, -1] + carried[i - 1] * decay[-1]
    scanned: Floats = (own + carried[:, None] * decay).reshape(-1)[: len(values)]
    return scanned
