"""What the outputs of a layer look like over one batch: their spread, units that are always zero, units at their limits."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

TANH_LIMIT = 0.99
SIGMOID_LIMITS = (0.01, 0.99)

# Shares of a whole: a class that is practically ruled out is no dead unit.
_SHARES = (nn.Softmax, nn.LogSoftmax, nn.Softmin, nn.Softmax2d)
_CHANNELS_FIRST = (
    nn.modules.conv._ConvNd,
    nn.modules.batchnorm._BatchNorm,
    nn.modules.instancenorm._InstanceNorm,
    nn.GroupNorm,
)


def is_activation(module: nn.Module) -> bool:
    """Whether a module is one of PyTorch's activation functions."""
    return type(module).__module__ == "torch.nn.modules.activation" and not isinstance(module, (nn.MultiheadAttention, *_SHARES))


def unit_axis(module: nn.Module) -> int | None:
    """Along which axis the units of a layer's output lie; None for layers that leave them where they were."""
    if isinstance(module, _CHANNELS_FIRST):
        return 1
    return -1 if next(module.parameters(recurse=False), None) is not None else None


@dataclass(frozen=True, eq=False)
class Call:
    """What one call of a layer returned. Sizes are known at once; the measured numbers stay on the device."""

    size: int  # outputs of the whole batch
    units: int  # 0 where dead units are no question
    limited: int  # outputs that could be pinned at a limit
    measured: tuple[Tensor, ...]  # mean and distance from it (L2), then units that are not always zero, then pinned outputs


@dataclass(frozen=True)
class Shape:
    """The activation columns of layers.csv."""

    zero_share: float | None
    saturated_share: float | None
    activation_std: float | None


def measure(module: nn.Module, output: Tensor, axis: int) -> Call:
    """Measures what one call of a layer returned; `axis` is where its units lie."""
    values = output.detach()
    values = values if values.dtype in (torch.float32, torch.float64) else values.float()
    mean = values.mean()
    # Several times as fast as torch.var_mean, and as exact: the mean is taken off first.
    distance = torch.linalg.vector_norm(values - mean)
    if not is_activation(module):
        return Call(values.numel(), 0, 0, (mean, distance))
    alive = _alive(values, axis)
    limits = saturated(module, values)
    if limits is None:
        return Call(values.numel(), alive.numel(), 0, (mean, distance, alive.sum()))
    return Call(values.numel(), alive.numel(), values.numel(), (mean, distance, alive.sum(), limits.sum()))


def _alive(values: Tensor, axis: int) -> Tensor:  # (units,)
    """Which units are other than zero for some sample; a nan is no zero."""
    if values.ndim < 2:
        return values != 0
    others = [other for other in range(values.ndim) if other != axis % values.ndim]
    return values.any(dim=others[0] if len(others) == 1 else others)


def saturated(module: nn.Module, values: Tensor) -> Tensor | None:
    """Which outputs of a tanh or sigmoid are pinned at their limits; None for other activations."""
    if isinstance(module, nn.Tanh):
        return values.abs() > TANH_LIMIT
    if isinstance(module, nn.Sigmoid):
        return (values < SIGMOID_LIMITS[0]) | (values > SIGMOID_LIMITS[1])
    return None


def combine(calls: Sequence[Call], measured: Sequence[Sequence[float]]) -> Shape:
    """All calls of a layer as one, given their measured numbers."""
    units, limited = sum(call.units for call in calls), sum(call.limited for call in calls)
    return Shape(
        (units - sum(row[2] for row in measured)) / units if units else None,
        sum(row[3] for row in measured if len(row) > 3) / limited if limited else None,
        _spread([call.size for call in calls], measured),
    )


def _spread(sizes: Sequence[int], measured: Sequence[Sequence[float]]) -> float | None:
    size = sum(sizes)
    if not size:
        return None
    mean = sum(n * row[0] for n, row in zip(sizes, measured, strict=True)) / size
    variance = sum(row[1] * row[1] + n * (row[0] - mean) ** 2 for n, row in zip(sizes, measured, strict=True)) / size
    return math.sqrt(variance) if variance == variance else math.nan
