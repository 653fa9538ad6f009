"""The pieces that the built-in networks are made of; their attribute names are the layer names of a recording."""

from collections.abc import Callable

from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "linear": nn.Identity,
}
OUTPUTS: dict[str, Callable[[], nn.Module]] = {
    "softmax": lambda: nn.Softmax(dim=1),
    "sigmoid": nn.Sigmoid,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
}


class Block(nn.Module):
    """One hidden layer: linear or convolution, norm, activation, dropout, each where asked for; around it a skip, behind it pooling."""

    def __init__(self, layers: dict[str, nn.Module], skip: nn.Module | None = None, pool: nn.Module | None = None) -> None:
        super().__init__()
        self.body = tuple(layers)
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.skip, self.pool = skip, pool

    def forward(self, x: Tensor) -> Tensor:
        """What the layers make of `x`, plus `x` itself or its projection, pooled."""
        y = x
        for name in self.body:
            y = getattr(self, name)(y)
        if self.skip is not None:
            y = y + self.skip(x)
        return y if self.pool is None else self.pool(y)


class GlobalAverage(nn.Module):
    """The mean of each channel over the image: (samples, channels, height, width) → (samples, channels)."""

    def forward(self, x: Tensor) -> Tensor:
        """The means."""
        return x.mean(dim=(2, 3))
