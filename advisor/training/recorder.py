"""Records what happens in each layer of a module, on the steps that are due; other steps pay nothing.

    recorder = Recorder(model)
    recorder.begin()                # before the forward pass of a step that is due
    loss = ...; loss.backward()
    recorder.after_backward()       # before clipping
    optimizer.step()
    rows = recorder.end()

Nothing that is trained changes: outputs, gradients and weights are only read, and no random number is drawn.
"""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from advisor.training.activations import Call, Shape, combine, is_activation, measure, unit_axis
from advisor.training.files import Cell
from advisor.training.norms import gradients, norms

FIRST_STEPS = 10
TIMES_PER_EPOCH = 10
IMAGE_DIMENSIONS = 4  # samples, channels, rows, columns


def is_due(step: int, steps_per_epoch: int, every: int | str) -> bool:
    """Whether a step (from 1) is recorded: all of the first 10 and then 10 an epoch, or each `every`th.

    >>> [step for step in range(1, 101) if is_due(step, 50, "auto")]
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100]
    """
    if isinstance(every, int):
        return step == 1 or step % every == 0
    place = (step - 1) % steps_per_epoch
    in_turn = place * TIMES_PER_EPOCH // steps_per_epoch != (place + 1) * TIMES_PER_EPOCH // steps_per_epoch
    return step <= FIRST_STEPS or in_turn


@dataclass(frozen=True, eq=False)
class Layer:
    """A module that is recorded: it has trainable parameters of its own, or is an activation."""

    name: str
    module: nn.Module
    parameters: tuple[nn.Parameter, ...]


def layers_of(model: nn.Module) -> list[Layer]:
    """The modules worth a row, in the order in which the model holds them."""
    found = []
    for name, module in model.named_modules():
        own = tuple(parameter for parameter in module.parameters(recurse=False) if parameter.requires_grad)
        if own or is_activation(module):
            found.append(Layer(name or type(module).__name__, module, own))
    return found


class Recorder:
    """The rows of layers.csv, one recorded step at a time."""

    def __init__(self, model: nn.Module) -> None:
        self._layers = layers_of(model)
        self._parameters: list[Tensor] = [parameter for layer in self._layers for parameter in layer.parameters]
        places = iter(range(len(self._parameters)))
        self._places = {layer.module: [next(places) for _ in layer.parameters] for layer in self._layers}
        self._watched = [
            (module, unit_axis(module)) for module in model.modules() if is_activation(module) or unit_axis(module) is not None
        ]
        self._axes = dict(self._watched)
        self._handles: list[RemovableHandle] = []
        self._calls: dict[nn.Module, list[Call]] = {}  # in the order of the forward pass
        self._axis: int | None = None  # where the units of the latest output lie
        self._reached: list[int] = []  # places of the parameters with a gradient
        self._gradients: list[Tensor] = []  # their norms
        self._kept: list[Tensor] = []  # weights before the step; the memory is used again
        self.grad_norm: float | None = None  # of all parameters together once a step has ended, shared ones counted once

    @property
    def is_recording(self) -> bool:
        """Whether a step has begun and not ended."""
        return bool(self._handles)

    def begin(self) -> None:
        """Starts to watch the next forward pass."""
        self._calls, self._axis, self._reached, self._gradients = {}, None, [], []
        self._handles = [module.register_forward_hook(self._seen) for module, _ in self._watched]

    @torch.no_grad()
    def after_backward(self) -> None:
        """Takes the norms of the gradients, before anything clips them, and keeps the weights to compare with."""
        self.take_gradients()
        self.keep_weights()

    @torch.no_grad()
    def take_gradients(self, among: Container[nn.Parameter] | None = None, scale: Tensor | None = None) -> None:
        """Takes the norms of the gradients of all parameters, or of those `among`, divided by what the loss was multiplied with."""
        chosen = [
            place
            for place, parameter in enumerate(self._parameters)
            if parameter.grad is not None and (among is None or parameter in among)
        ]
        found = norms(gradients([self._parameters[place] for place in chosen]))
        self._reached += chosen
        self._gradients += found if scale is None else [norm / scale.to(norm.device) for norm in found]

    @torch.no_grad()
    def keep_weights(self) -> None:
        """Keeps the weights before a step, to compare with."""
        if self._kept:
            torch._foreach_copy_(self._kept, self._parameters)
        else:
            self._kept = [parameter.clone() for parameter in self._parameters]

    @torch.no_grad()
    def end(self) -> list[dict[str, Cell]]:
        """A row for each layer after the optimiser's step, in the order of the forward pass; those never reached come last."""
        self.cancel()
        weights = norms(self._kept)
        if self._kept:
            torch._foreach_sub_(self._kept, self._parameters)
        calls = [number for called in self._calls.values() for call in called for number in call.measured]
        numbers = iter(fetch([*self._gradients, *weights, *norms(self._kept), *calls]))
        size = len(self._parameters)
        by_place = dict.fromkeys(range(size), 0.0) | {place: next(numbers) for place in self._reached}
        measured = [list(by_place.values()), list(islice(numbers, size)), list(islice(numbers, size))]
        self.grad_norm = math.hypot(*dict(zip(self._parameters, measured[0], strict=True)).values()) if self._reached else None
        shapes = {
            module: combine(called, [list(islice(numbers, len(call.measured))) for call in called])
            for module, called in self._calls.items()
        }
        return [_row(layer, self._of(layer, measured), shapes.get(layer.module)) for layer in self._in_order()]

    def _of(self, layer: Layer, measured: Sequence[Sequence[float]]) -> list[float]:
        """Gradient, weight and update of a layer: each the norm over its parameters, one that no gradient reached counting as zero."""
        return [math.hypot(*(norms_of[place] for place in self._places[layer.module])) for norms_of in measured]

    def cancel(self) -> None:
        """Stops to watch, without rows."""
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def _seen(self, module: nn.Module, inputs: Any, output: Any) -> None:
        values = _first_tensor(output)
        if values is None or not torch.is_grad_enabled():
            return
        axis = self._axes[module]
        self._axis = self._axis if axis is None else axis
        default = 1 if values.ndim > IMAGE_DIMENSIONS - 1 else -1
        self._calls.setdefault(module, []).append(measure(module, values, default if self._axis is None else self._axis))

    def _in_order(self) -> list[Layer]:
        order = {module: place for place, module in enumerate(self._calls)}
        return sorted(self._layers, key=lambda layer: order.get(layer.module, len(order)))


def _first_tensor(output: Any) -> Tensor | None:
    """What a layer computed: recurrent and attention layers return it first, with other things behind."""
    first = output[0] if isinstance(output, tuple) and output else output
    return first if isinstance(first, Tensor) and first.is_floating_point() and first.numel() else None


def fetch(scalars: Sequence[Tensor]) -> list[float]:
    """The numbers in some scalars, brought over from their device in one transfer."""
    if not scalars:
        return []
    device = scalars[0].device
    here = scalars if all(scalar.device == device for scalar in scalars) else [scalar.to(device) for scalar in scalars]
    numbers: list[float] = torch.stack([scalar.detach() for scalar in here]).to(torch.float32).tolist()
    return numbers


def _row(layer: Layer, measured: Sequence[float], shape: Shape | None) -> dict[str, Cell]:
    row: dict[str, Cell] = {"layer": layer.name, "kind": type(layer.module).__name__}
    if layer.parameters:
        gradient, weight, update = measured
        row |= {"grad_norm": gradient, "weight_norm": weight, "update_ratio": _ratio(update, weight)}
    return row | (vars(shape) if shape else {})


def _ratio(update: float, weight: float) -> float | None:
    """The relative size of a step; absent where nothing moved from nothing."""
    if weight == 0:
        return None if update == 0 else math.inf
    return update / weight
