"""How weights are drawn before the first step."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

LAYERS = (nn.Linear, nn.Bilinear, nn.modules.conv._ConvNd)

DRAWS: dict[str, Callable[[Tensor], Tensor]] = {
    "kaiming": partial(nn.init.kaiming_normal_, nonlinearity="relu"),
    "xavier": nn.init.xavier_normal_,
    "orthogonal": nn.init.orthogonal_,
    "zeros": nn.init.zeros_,
    "large": partial(nn.init.normal_, std=1.0),
    "tiny": partial(nn.init.normal_, std=0.001),
}


def initialize(module: nn.Module, name: str, is_left_alone: Callable[[nn.Module], bool] = lambda module: False) -> None:
    """Draws the weights of all linear and convolution layers anew and sets their biases to zero; `default` leaves PyTorch's.

    Nothing within a module that `is_left_alone` is touched, nor are norms and embeddings.
    """
    if name == "default" or is_left_alone(module):
        return
    if isinstance(module, LAYERS):
        _draw(module, DRAWS[name])
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    for child in module.children():
        initialize(child, name, is_left_alone)


@torch.no_grad()
def draw_matrices(weights: Mapping[nn.Parameter, bool], name: str) -> None:
    """Draws matrices that belong to no layer of PyTorch; of each, whether its rows belong to the inputs."""
    for weight, is_by_inputs in weights.items() if name != "default" else ():
        DRAWS[name](weight.t() if is_by_inputs else weight)


@torch.no_grad()
def _draw(layer: Any, draw: Callable[[Tensor], Tensor]) -> None:
    """Draws a layer's weight; of one that is computed (weight norm and the like) what it is computed from."""
    if is_parametrized(layer, "weight"):
        layer.weight = draw(torch.empty_like(layer.weight))
    elif hasattr(layer, "weight_g") and hasattr(layer, "weight_v"):
        axes = [axis for axis, length in enumerate(layer.weight_g.shape) if length == 1]
        layer.weight_g.copy_(torch.linalg.vector_norm(draw(layer.weight_v), dim=axes, keepdim=True))
    else:
        draw(layer.weight)
