"""Leading layers that keep their weights."""

from torch import nn

from advisor.errors import ConfigError, ConfigProblem
from advisor.training.blocks import Block

# Modules that are one layer, whatever they are made of.
ONE_LAYER = (Block, nn.MultiheadAttention)


def layers_of(module: nn.Module) -> list[list[nn.Parameter]]:
    """The parameters of each layer in order: of each module with weights, and of the norms that follow it."""
    layers: list[list[nn.Parameter]] = []
    _collect(module, layers)
    return layers


def _collect(module: nn.Module, layers: list[list[nn.Parameter]]) -> None:
    whole = isinstance(module, ONE_LAYER)
    own = list(module.parameters(recurse=whole))
    if own and (not layers or any(parameter.ndim > 1 for parameter in own)):
        layers.append(own)
    elif own:
        layers[-1].extend(own)
    for child in () if whole else module.children():
        _collect(child, layers)


def freeze(module: nn.Module, count: int) -> None:
    """Fixes the parameters of the first `count` layers; raises ConfigError where none would be left to train."""
    layers = layers_of(module)
    if count >= len(layers):
        raise ConfigError([ConfigProblem("model.freeze", str(count), f"at most {len(layers) - 1}: this network has {len(layers)} layers")])
    for parameter in (parameter for layer in layers[:count] for parameter in layer):
        parameter.requires_grad_(False)
