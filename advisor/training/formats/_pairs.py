"""Inputs and targets that come as arrays, checked."""

from typing import Any

import numpy as np
import torch

from advisor.errors import DataError
from advisor.training.sources.base import Array, Part


def part_of(x: Any, y: Any, where: str) -> Part:
    """Inputs and targets as a Part; raises DataError where they are no two arrays of one length."""
    inputs, targets = _array(x, f"{where}: x"), _array(y, f"{where}: y")
    if inputs.dtype.kind not in "biuf":
        raise DataError(f"{where}: x holds {inputs.dtype}, expected numbers; turn text into numbers or write a .csv")
    if inputs.ndim == 0 or targets.ndim == 0 or len(inputs) != len(targets):
        raise DataError(f"{where}: found x of shape {inputs.shape} and y of shape {targets.shape}, expected one target for each sample")
    if not inputs.size:
        raise DataError(f"{where}: x is empty (shape {inputs.shape}), expected samples with inputs")
    return Part(inputs.astype(np.float64) if inputs.dtype.kind == "b" else inputs, _bare(targets))


def _array(values: Any, what: str) -> Array:
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu()
        values = values.float() if values.dtype is torch.bfloat16 else values
    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise DataError(f"{what} is no array ({' '.join(str(error).split())}), expected numbers in rows of one length") from error
    return array.astype(np.float64) if array.dtype.kind == "f" and array.dtype.itemsize != 4 else array


def _bare(targets: Array) -> Array:
    """Targets without a needless second axis; text as Python's, None where it is missing."""
    targets = targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets
    if targets.dtype.kind == "S":
        return np.char.decode(targets, "utf-8", "replace")
    if targets.dtype.kind == "O":
        return np.array([None if _is_missing(value) else str(value) for value in targets], dtype=object)
    return targets


def _is_missing(value: Any) -> bool:
    return value is None or value != value
