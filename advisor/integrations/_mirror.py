"""A Keras model as `watch` sees it: modules that hold the same parameters, and an optimiser that only says when steps are done."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

# What Keras calls a function that a layer applies to its own outputs, as PyTorch's modules.
ACTIVATIONS = {
    "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "selu": nn.SELU, "gelu": nn.GELU, "silu": nn.SiLU,
    "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
}  # fmt: skip
LAYERS = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu"}  # layers that are nothing but such a function
APPLYING = ("Dense", "Activation", "Conv1D", "Conv2D", "Conv3D", "EinsumDense")


class Mirror(nn.Module):
    """A module for each Keras layer with parameters or an activation; after a layer has run, its own is shown the outputs."""

    def __init__(self, layers: Iterable[Any], *, is_hooked: bool = True) -> None:
        super().__init__()
        self._handles: list[RemovableHandle] = []
        for layer in layers:
            parts = [part for part in (_own(layer), _activation(layer)) if part is not None]
            for part, ending in zip(parts, ("", ".activation"), strict=False):
                self.add_module((layer.path.partition("/")[2] or layer.name).replace(".", "_") + ending.replace(".", "/"), part)
            if parts and is_hooked:
                self._handles.append(layer.register_forward_hook(_shower(parts)))

    def detach(self) -> None:
        """Takes the hooks off the layers."""
        for handle in self._handles:
            handle.remove()
        self._handles = []


class Silent(Optimizer):
    """Calls the hooks of an optimiser without being one: Keras does the steps."""

    def __init__(self, parameters: Iterable[nn.Parameter]) -> None:
        held = list(parameters) or [nn.Parameter(torch.zeros(1))]
        super().__init__(held, {"lr": None})

    @property
    def rate(self) -> float | None:
        """The learning rate that is recorded."""
        rate: float | None = self.param_groups[0]["lr"]
        return rate

    @rate.setter
    def rate(self, rate: float | None) -> None:
        self.param_groups[0]["lr"] = rate

    def begin(self) -> None:
        """A step is about to be done, its gradients within it."""
        for hook in tuple(self._optimizer_step_pre_hooks.values()):
            hook(self, (self, _closure), {})

    def end(self) -> None:
        """A step was done."""
        for hook in tuple(self._optimizer_step_post_hooks.values()):
            hook(self, (self, _closure), {})


def _closure() -> None:
    """Says that gradients are made within the step."""


class _Shown(nn.Module):
    """Passes on what it is shown."""

    def forward(self, outputs: Any) -> Any:
        return outputs


def _own(layer: Any) -> nn.Module | None:
    """The trainable parameters of a layer itself, under the layer's class name."""
    held = [variable.value for variable in layer._trainable_variables if isinstance(variable.value, nn.Parameter)]
    if not held:
        return None
    part: nn.Module = type(type(layer).__name__, (_Shown,), {})()
    for place, parameter in enumerate(held):
        part.register_parameter(str(place), parameter)
    return part


def _activation(layer: Any) -> nn.Module | None:
    """What a layer applies to its outputs, as a PyTorch module that leaves them as they are."""
    kind = type(layer).__name__
    function = getattr(getattr(layer, "activation", None), "__name__", "") if kind in APPLYING else LAYERS.get(kind, "")
    if function not in ACTIVATIONS:
        return None
    original = ACTIVATIONS[function]
    part: nn.Module = type(original.__name__, (original,), {"forward": _Shown.forward, "__module__": original.__module__})()
    return part


def _shower(parts: list[nn.Module]) -> Any:
    def show(layer: Any, inputs: Any, outputs: Any) -> None:
        for part in parts:
            part(outputs)

    return show
