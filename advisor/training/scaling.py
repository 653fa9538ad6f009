"""Empty cells and the scale of inputs and targets: everything is fitted on the training part alone."""

from dataclasses import dataclass

import numpy as np

from advisor.training.sources.base import Array


@dataclass(frozen=True, eq=False)
class Scale:
    """The linear map (x - shift) / width, by column or by channel."""

    shift: Array
    width: Array

    def apply(self, x: Array) -> Array:
        """`x` scaled; raw values of other parts go through the same map."""
        return (x - self.shift) / self.width

    @property
    def is_identity(self) -> bool:
        """Whether nothing is changed."""
        return bool((self.shift == 0).all() and (self.width == 1).all())


NO_SCALE = Scale(np.zeros(1), np.ones(1))


def fitted(x: Array, how: str, images: bool = False) -> Scale:
    """The Scale that brings `x` (samples, ...) to mean 0 and deviation 1 (`standard`), to 0..1 (`minmax`), or leaves it (`none`).

    Each column (the last axis) has its own; each channel, where they are images (samples, channels, height, width). What is constant
    is only shifted.
    """
    if how == "none":
        return NO_SCALE
    axes = _all_but_the_column(x, images)
    x = x.astype(np.float64)
    if how == "minmax":
        low = np.nanmin(x, axis=axes, keepdims=True)
        return Scale(_row(low), _row(_or_one(np.nanmax(x, axis=axes, keepdims=True) - low)))
    mean = np.nanmean(x, axis=axes, keepdims=True)
    return Scale(_row(mean), _row(_or_one(_deviation(x, mean, axes))))


def filled(parts: dict[str, Array], images: bool = False) -> dict[str, Array]:
    """The parts with each empty cell (nan) set to its column's mean over the part "training".

    A column that is empty throughout the training part becomes 0.
    """
    if not any(np.isnan(x).any() for x in parts.values()):
        return parts
    x = parts["training"]
    axes = _all_but_the_column(x, images)
    sums, counts = np.nansum(x, axis=axes, keepdims=True), (~np.isnan(x)).sum(axis=axes, keepdims=True)
    means = _row(sums / np.maximum(counts, 1))
    return {name: np.where(np.isnan(part), means, part) for name, part in parts.items()}


def _all_but_the_column(x: Array, images: bool) -> tuple[int, ...]:
    column = 1 if images else x.ndim - 1
    return tuple(axis for axis in range(x.ndim) if axis != column) if x.ndim > 1 else (0,)


def _row(statistic: Array) -> Array:
    return statistic[0] if statistic.ndim > 1 else statistic


def _deviation(x: Array, mean: Array, axes: tuple[int, ...]) -> Array:
    """The standard deviation, exactly 0 for a constant column: rounding would otherwise be blown up to spread 1."""
    deviation = np.nanstd(x, axis=axes, keepdims=True)
    return np.where(deviation <= np.abs(mean) * 1e-12, 0.0, deviation)


def _or_one(width: Array) -> Array:
    return np.where(width == 0, 1.0, width)
