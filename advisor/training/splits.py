"""Which samples train, validate and test, which training samples are kept, and whose labels are made wrong: all by data.seed."""

from collections.abc import Sequence

import numpy as np

from advisor.training.sources.base import Array

# Each draw has a stream of its own, so that asking for one more leaves the others as they were.
SPLIT, LIMIT, LABEL_NOISE = range(3)


def stream(seed: int, purpose: int) -> np.random.Generator:
    """The random numbers for one purpose, whatever else is drawn."""
    return np.random.default_rng([seed, purpose])


def split(groups: Array, fractions: Sequence[float], seed: int) -> tuple[Array, list[Array]]:
    """The rows that remain for training and those of a part for each fraction, each in the source's order.

    `groups` (samples,) is the class of each sample, or zero throughout: each part holds the classes in the shares of the whole, as far
    as whole samples allow. A class with a single sample stays in training.
    """
    rng = stream(seed, SPLIT)
    shuffled = rng.permutation(len(groups))
    rest = shuffled[np.argsort(groups[shuffled], kind="stable")]
    parts = []
    for fraction in fractions:
        size = max(1, round(fraction * len(groups))) if fraction else 0
        chosen = _evenly(groups[rest], size)
        parts.append(np.sort(rest[chosen]))
        rest = rest[~chosen]
    return np.sort(rest), parts


def kept(groups: Array, limit: int, seed: int) -> Array:
    """The rows that stay when only `limit` do, drawn at random by class, in the source's order."""
    if limit >= len(groups):
        return np.arange(len(groups))
    shuffled = stream(seed, LIMIT).permutation(len(groups))
    ordered = shuffled[np.argsort(groups[shuffled], kind="stable")]
    drawn: Array = np.sort(ordered[_evenly(groups[ordered], limit, spare=0)])
    return drawn


def with_wrong_labels(labels: Array, share: float, classes: int, seed: int) -> Array:
    """`labels` with a share of them replaced by another class, each other class being equally likely."""
    rng = stream(seed, LABEL_NOISE)
    flat = labels.copy().reshape(-1)
    rows = rng.permutation(len(flat))[: round(min(share, 1.0) * len(flat))]
    flat[rows] = (flat[rows] + rng.integers(1, classes, len(rows))) % classes
    return np.asarray(flat.reshape(labels.shape))


def with_noise(targets: Array, share: float, seed: int) -> Array:
    """`targets` with Gaussian noise of `share` times the spread of each of their columns."""
    return np.asarray(targets + stream(seed, LABEL_NOISE).standard_normal(targets.shape) * share * targets.std(axis=0))


def _evenly(ordered_groups: Array, size: int, spare: int = 1) -> Array:
    """Marks `size` of the samples, which are ordered by group: from each group its share, and `spare` of it at least left over."""
    marks = np.zeros(len(ordered_groups), dtype=bool)
    _, starts, counts = np.unique(ordered_groups, return_index=True, return_counts=True)
    for start, take in zip(starts, _quotas(counts, size, spare), strict=True):
        marks[start : start + take] = True
    return marks


def _quotas(counts: Array, size: int, spare: int) -> Array:
    """How many to take of each group: the largest remainders get what whole numbers leave."""
    room = np.maximum(counts - spare, 0)
    wanted = counts * size / counts.sum()
    quotas: Array = np.minimum(np.floor(wanted).astype(int), room)
    for group in np.argsort(-(wanted - np.floor(wanted)), kind="stable").tolist() * 2:
        if quotas.sum() >= size:
            break
        quotas[group] += int(quotas[group] < room[group])
    return quotas
