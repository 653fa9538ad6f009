"""Config → module: the built-in networks, or the user's own, initialised, started from other weights, and frozen."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import torch
from torch import nn

from advisor.config import Config
from advisor.config.places import place_of
from advisor.errors import DataError
from advisor.training.blocks import ACTIVATIONS, OUTPUTS, Block, GlobalAverage
from advisor.training.data import Data
from advisor.training.freezing import freeze
from advisor.training.initialization import initialize
from advisor.training.own_model import own_model
from advisor.training.pretrained import start_from

Modules = OrderedDict[str, nn.Module]


@dataclass(frozen=True, eq=False)
class BuiltModel:
    """A network ready to train, and what is to be said of how it was made."""

    module: nn.Module
    notes: tuple[str, ...] = ()


def build_model(config: Config, data: Data) -> nn.Module:
    """The network of a Config, the same one for the same train.seed."""
    return build(config, data).module


def build(config: Config, data: Data) -> BuiltModel:
    """The network of a Config with notes on it; raises AdvisorError where it does not suit the data or nothing is left to train."""
    torch.manual_seed(config.train.seed)
    if place_of(config.model.kind) == "function":
        module, notes = own_model(config, data)
    else:
        module, notes = _built_in(config, data), ()
        initialize(module, config.model.init)
    if config.model.pretrained:
        notes = (*notes, *start_from(module, config))
    if config.model.freeze:
        freeze(module, config.model.freeze)
    return BuiltModel(module, notes)


def _built_in(config: Config, data: Data) -> nn.Module:
    layers = {"perceptron": _perceptron, "mlp": _mlp, "cnn": _cnn}[config.model.kind](config, data)
    if config.model.output != "logits":
        layers["output"] = OUTPUTS[config.model.output]()
    return nn.Sequential(layers)


def _perceptron(config: Config, data: Data) -> Modules:
    layers = _flattened(data)
    layers["head"] = nn.Linear(math.prod(data.input_shape), data.outputs)
    return layers


def _mlp(config: Config, data: Data) -> Modules:
    layers = _flattened(data)
    widths = (math.prod(data.input_shape), *config.model.hidden)
    for number, (inputs, outputs) in enumerate(pairwise(widths), 1):
        layers[f"hidden{number}"] = _hidden(inputs, outputs, config)
    layers["head"] = nn.Linear(widths[-1], data.outputs)
    return layers


def _flattened(data: Data) -> Modules:
    return OrderedDict() if len(data.input_shape) == 1 else OrderedDict(flatten=nn.Flatten())


def _hidden(inputs: int, outputs: int, config: Config) -> Block:
    layers: dict[str, nn.Module] = {"linear": nn.Linear(inputs, outputs)}
    if config.model.norm != "none":
        layers["norm"] = nn.BatchNorm1d(outputs) if config.model.norm == "batch" else nn.LayerNorm(outputs)
    layers["activation"] = ACTIVATIONS[config.model.activation]()
    if config.model.dropout:
        layers["dropout"] = nn.Dropout(config.model.dropout)
    return Block(layers, _skip(config, inputs, outputs, partial(nn.Linear, inputs, outputs, bias=False)))


def _skip(config: Config, inputs: int, outputs: int, projection: Callable[[], nn.Module]) -> nn.Module | None:
    if not config.model.residual:
        return None
    return nn.Identity() if inputs == outputs else projection()


def _cnn(config: Config, data: Data) -> Modules:
    if len(data.input_shape) != 3:
        found = f"inputs of shape {data.input_shape}"
        raise DataError(f'model.kind = "cnn" needs images (channels, height, width), found {found}; set model.kind = "mlp"')
    channels, *size = data.input_shape
    layers: Modules = OrderedDict()
    for number, width in enumerate(config.model.hidden, 1):
        pools = min(size) >= 2
        layers[f"conv{number}"] = _convolution(channels, width, config, pools)
        channels, size = width, [side // 2 for side in size] if pools else size
    layers["average"] = GlobalAverage()
    layers["head"] = nn.Linear(channels, data.outputs)
    return layers


def _convolution(inputs: int, outputs: int, config: Config, pools: bool) -> Block:
    layers: dict[str, nn.Module] = {"conv": nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)}
    if config.model.norm != "none":
        layers["norm"] = nn.BatchNorm2d(outputs) if config.model.norm == "batch" else nn.GroupNorm(1, outputs)
    layers["activation"] = ACTIVATIONS[config.model.activation]()
    if config.model.dropout:
        layers["dropout"] = nn.Dropout2d(config.model.dropout)
    skip = _skip(config, inputs, outputs, partial(nn.Conv2d, inputs, outputs, kernel_size=1, bias=False))
    return Block(layers, skip, nn.MaxPool2d(2) if pools else None)
