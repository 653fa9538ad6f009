"""What is logged → cells; numbers on a device are left there until many are read at once."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from advisor.text import printable
from advisor.training.files import Cell
from advisor.training.recorder import fetch

Value = Cell | Tensor

IN_EPOCHS = {"loss": "train_loss", "accuracy": "train_accuracy"}
IN_STEPS = {"train_loss": "loss"}


def values(figures: Mapping[Any, Any], renamed: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    """Figures under the names of the tables, and the names of those that are neither a number nor a text."""
    found: dict[str, Value] = {}
    refused = []
    for key, figure in figures.items():
        try:
            name = _name(key)
            found[renamed.get(name, name)] = figure if type(figure) is float else _value(figure)
        except Exception:  # noqa: BLE001 - the user's own objects are asked for a number
            refused.append(printable(key) if isinstance(key, str) else type(key).__name__)
    return found, refused


@cache
def _name(key: Any) -> str:
    return printable(str(key))


def _value(figure: Any) -> Value:
    if figure is None:
        return None
    if isinstance(figure, Tensor):
        if figure.numel() != 1 or figure.is_complex():
            raise TypeError
        held: Tensor = figure if type(figure) is Tensor else _of_this_process(figure)
        if held.is_cpu:
            number = held.item()  # nothing to wait for, and less work than a copy
            return int(number) if isinstance(number, bool) else number
        copy = held.detach().clone()  # the user's may change in place before it is read
        return copy.reshape(()) if copy.ndim else copy
    if isinstance(figure, (bool, int)):
        return int(figure) if math.isfinite(figure) else None  # raises beyond what a float holds
    return printable(figure) if isinstance(figure, str) else float(figure)


def _of_this_process(figure: Any) -> Any:
    """A tensor that several processes hold (DTensor), where this one has all of it: reading the parts of others would wait for them."""
    placements = getattr(figure, "placements", ())
    if not all(placement.is_replicate() for placement in placements):
        raise TypeError
    return figure.to_local() if placements else figure


def cells(rows: Sequence[Mapping[str, Value]]) -> list[dict[str, Cell]]:
    """The same rows with every tensor read: one transfer for each device."""
    waiting = [value for row in rows for value in row.values() if isinstance(value, Tensor)]
    numbers = iter(_read(waiting))
    return [{name: next(numbers) if isinstance(value, Tensor) else value for name, value in row.items()} for row in rows]


def _read(tensors: Sequence[Tensor]) -> Iterable[float]:
    by_device: dict[torch.device, list[int]] = {}
    for place, tensor in enumerate(tensors):
        by_device.setdefault(tensor.device, []).append(place)
    read = dict.fromkeys(range(len(tensors)), 0.0)
    for places in by_device.values():
        read |= dict(zip(places, fetch([tensors[place].to(torch.float32) for place in places]), strict=True))
    return read.values()


def whole(number: Any) -> int:
    """A whole number; 0 of what is none."""
    try:
        return int(number)
    except Exception:  # noqa: BLE001 - the user's own object is asked for a number
        return 0


def mean(numbers: Sequence[float]) -> float | None:
    """The mean; None of none."""
    return sum(numbers) / len(numbers) if numbers else None
