"""A module that a function of the user's returns, tried once before it is trained."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from advisor.config import Config
from advisor.errors import AdvisorError
from advisor.training.data import Data
from advisor.training.functions import called, imported, seed_everything
from advisor.training.surgery import operate
from advisor.training.tracing import Trace, trace

KEY = "model.kind"
TRIED = 2  # samples of the first look


def own_model(config: Config, data: Data) -> tuple[nn.Module, tuple[str, ...]]:
    """The module and notes on what was changed of it; raises AdvisorError where it does not fit the data."""
    text = config.model.kind
    function = imported(text, config, KEY)
    seed_everything(config.train.seed)
    module = called(function, text, KEY, **_arguments(function, data))
    if not isinstance(module, nn.Module):
        raise AdvisorError(f'{KEY} = "{text}" returned {type(module).__name__}, expected a torch.nn.Module')
    notes = operate(module, config, _tried(module, data, text))
    _tried(module, data, text)
    if config.names("model.freeze") and not config.model.freeze:
        for parameter in (each for each in module.parameters() if each.is_floating_point()):
            parameter.requires_grad_(True)
    return module, notes


def _arguments(function: Callable[..., Any], data: Data) -> dict[str, Any]:
    """`input_shape` and `outputs`, where the function takes them."""
    offered: dict[str, Any] = {"input_shape": data.input_shape, "outputs": data.outputs}
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return offered
    return {parameter.name: offered[parameter.name] for parameter in parameters if parameter.name in offered}


def _tried(module: nn.Module, data: Data, text: str) -> Trace:
    """One forward pass of a few samples; raises AdvisorError where the outputs are not what the loss needs."""
    traced: Trace = called(trace, text, KEY, module=module, x=data.x_train[:TRIED])
    outputs = traced.outputs
    if not isinstance(outputs, torch.Tensor):
        raise AdvisorError(f'{KEY} = "{text}": the module returned {type(outputs).__name__}, expected one tensor of outputs')
    expected = _expected_shape(data)
    if outputs.numel() != expected.numel() or outputs.shape[0] != expected[0]:
        found = f"outputs of shape {tuple(outputs.shape)} for {TRIED} samples"
        raise AdvisorError(f'{KEY} = "{text}": found {found}, expected {tuple(expected)}; let the function take `outputs` ({data.outputs})')
    return traced


def _expected_shape(data: Data) -> torch.Size:
    labels = data.y_train.shape[1:] if data.task == "classification" else ()
    return torch.Size((min(TRIED, len(data.x_train)), data.outputs, *labels))
