"""How weights are drawn before the first step."""

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn

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
        DRAWS[name](module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    for child in module.children():
        initialize(child, name, is_left_alone)
