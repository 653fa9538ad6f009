"""Networks and data with one fault each, for recordings whose Config must not give the fault away.

A key of the Config such as `model.activation = "sigmoid"` names the cause before a rule has measured anything.
These functions hide it, as a user's own module would, so that each recording shows its failing state by numbers alone.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from sklearn.datasets import load_digits, make_classification
from torch import Tensor, nn

WIDTH = 32


def stack(inputs: int, outputs: int, depth: int, activation: Callable[[], nn.Module]) -> nn.Sequential:
    """`depth` hidden layers of one width with their activations, and a linear head."""
    widths = [inputs, *[WIDTH] * depth]
    hidden = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), activation())]
    return nn.Sequential(*hidden, nn.Linear(widths[-1], outputs))


def deep_sigmoid(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Ten sigmoid layers: each passes on at most a quarter of the gradient."""
    return stack(input_shape[0], outputs, 10, nn.Sigmoid)


class HalfPrecision(nn.Module):
    """Passes its input through 16-bit floats, scaled up so that small values keep their digits; large ones become infinite."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        """(samples, classes) in and out."""
        return (x * self.scale).half().float() / self.scale


def half_precision(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network until its outputs outgrow 16 bits, as they do while it becomes sure of itself."""
    return nn.Sequential(*stack(input_shape[0], outputs, 2, nn.ReLU), HalfPrecision(4096.0))


class Reversed(torch.autograd.Function):
    """The identity forwards, the opposite gradient backwards."""

    @staticmethod
    def forward(ctx: object, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        return -gradient


class WrongSign(nn.Module):
    """From its 300th training pass on it turns the gradient around, as a loss with a wrong sign does."""

    def __init__(self, passes: int) -> None:
        super().__init__()
        self.passes = passes
        self.seen = 0

    def forward(self, x: Tensor) -> Tensor:
        self.seen += self.training
        return Reversed.apply(x) if self.seen > self.passes else x


def wrong_sign(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network whose gradient changes its sign half-way."""
    return nn.Sequential(*stack(input_shape[0], outputs, 2, nn.ReLU), WrongSign(300))


def straight(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Two linear layers with nothing between them: straight lines between arms that are wound."""
    return nn.Sequential(nn.Linear(input_shape[0], WIDTH), nn.Linear(WIDTH, outputs))


def dead_relu(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Two ReLU layers, most units of which are pushed below zero by their biases."""
    model = stack(input_shape[0], outputs, 2, nn.ReLU)
    with torch.no_grad():
        for layer in (model[0], model[2]):
            layer.bias[: WIDTH * 7 // 8] = -30.0
    return model


def saturated_tanh(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Two tanh layers with weights so large that the units sit at -1 and 1."""
    model = stack(input_shape[0], outputs, 2, nn.Tanh)
    with torch.no_grad():
        for layer in (model[0], model[2]):
            layer.weight.mul_(60.0)
    return model


class Ratio(nn.Module):
    """Half of the units divided by the other half: where a divisor nears zero, the gradient has no bound."""

    def forward(self, x: Tensor) -> Tensor:
        """(samples, units) in, (samples, units / 2) out."""
        above, below = x.chunk(2, dim=1)
        return above / below


def ratios(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A network that divides without keeping the divisor away from zero."""
    model = nn.Sequential(nn.Linear(input_shape[0], WIDTH), nn.ReLU(), nn.Linear(WIDTH, 16), Ratio(), nn.Linear(8, outputs))
    with torch.no_grad():
        model[2].bias[8:] = 2.0  # at first the divisors are far from zero
    return model


def digits_with_random_labels() -> tuple[Tensor, Tensor]:
    """The digits, with labels that have nothing to do with them."""
    digits = load_digits()
    labels = torch.tensor(digits.target)
    shuffled = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))]
    return torch.tensor(digits.data, dtype=torch.float32), shuffled


def many_inputs() -> tuple[Tensor, Tensor]:
    """Numbers that are a sum of sixty inputs, with some noise: nothing but steps too large to settle keeps a linear model from it."""
    random = torch.Generator().manual_seed(0)
    inputs = torch.randn(1000, 60, generator=random)
    weights = torch.randn(60, generator=random) / 60**0.5
    return inputs, inputs @ weights + 0.5 * torch.randn(1000, generator=random)


class CutOff(nn.Module):
    """Passes numbers on and no gradient back, as `.detach()` in the wrong place does."""

    def forward(self, x: Tensor) -> Tensor:
        return x.detach()


def cut_off(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network whose first layer is cut off from the loss."""
    first, *others = stack(input_shape[0], outputs, 2, nn.ReLU)
    return nn.Sequential(first, CutOff(), *others)


def two_softmaxes(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network that ends in a softmax, before a loss that applies its own."""
    return nn.Sequential(*stack(input_shape[0], outputs, 2, nn.ReLU), nn.Softmax(dim=1))


def large_weights(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network but for weights drawn with a deviation of 1."""
    model = stack(input_shape[0], outputs, 2, nn.ReLU)
    for layer in model:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight)
    return model


def digits_by_class() -> tuple[Tensor, Tensor]:
    """The digits, all zeros first, then all ones, and so on."""
    digits = load_digits()
    labels = torch.tensor(digits.target)
    order = torch.argsort(labels, stable=True)
    return torch.tensor(digits.data, dtype=torch.float32)[order], labels[order]


def one_in_twenty() -> tuple[Tensor, Tensor]:
    """Two classes that overlap, one of them rare."""
    x, y = make_classification(
        1500, 20, n_informative=8, n_clusters_per_class=1, weights=[0.95, 0.05], class_sep=0.5, flip_y=0.01, random_state=0
    )
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


def adding_up(parameter: Tensor) -> None:
    """Gives the optimiser the sum of all gradients so far, as where nobody clears them."""
    total = torch.zeros_like(parameter)

    def add(gradient: Tensor) -> Tensor:
        total.add_(gradient)
        return total.clone()

    parameter.register_hook(add)


def never_cleared(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network whose gradients add up from step to step."""
    model = stack(input_shape[0], outputs, 2, nn.ReLU)
    for parameter in model.parameters():
        adding_up(parameter)
    return model


class Negative(nn.Module):
    """Now and then, in training, it turns a batch into its negative, as a mixed-up preprocessing does."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self.every, self.seen = every, 0

    def forward(self, x: Tensor) -> Tensor:
        self.seen += self.training
        return -3 * x if self.training and self.seen % self.every == 0 else x


def odd_batches(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network that meets an odd batch every few hundred steps, and needs some steps to find back."""
    return nn.Sequential(Negative(340), *stack(input_shape[0], outputs, 2, nn.ReLU))


def easy_validation() -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Two classes that overlap; only samples far from the border are left in the validation part, as where unsure ones were dropped."""
    x, y = make_classification(2000, 12, n_informative=6, class_sep=0.7, flip_y=0.1, random_state=1)
    inputs, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
    direction = inputs[labels == 1].mean(0) - inputs[labels == 0].mean(0)
    side = (inputs - inputs.mean(0)) @ direction
    sure = (side.abs() > 0.6 * side.std()) & ((side > 0) == (labels == 1))
    held = torch.arange(len(inputs)) % 4 == 0
    return (inputs[~held], labels[~held]), (inputs[held & sure], labels[held & sure])
