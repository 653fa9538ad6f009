"""Data and modules that a Config names by function: data sets that advisor does not bring, and faults that no key of a Config gives away.

Every module here takes `input_shape` and `outputs`. A fault and its healthy twin are two functions with the same layers.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, make_circles, make_classification, make_friedman1, make_moons
from torch import Tensor, nn

Pair = tuple[NDArray[np.float32], NDArray[np.generic]]
WIDTH = 32


def circles() -> Pair:
    """AutoTrainer's Circle, drawn as it draws it (rings at 1 and 0.8)."""
    return _pair(*make_circles(1000, noise=0.1, random_state=1))


def noisy_moons() -> Pair:
    """Two moons that overlap."""
    return _pair(*make_moons(600, noise=0.35, random_state=3))


def tabular() -> Pair:
    """Four classes in twenty columns, of which eight tell."""
    return _pair(*make_classification(1500, 20, n_informative=8, n_redundant=4, n_classes=4, class_sep=1.6, random_state=4))


def friedman() -> Pair:
    """Friedman's first problem: five of ten inputs count, two of them in a product under a sine."""
    return _pair(*make_friedman1(800, 10, noise=1.0, random_state=5))


def rare() -> Pair:
    """Two classes that overlap, one of them rare."""
    drawn = make_classification(
        1500, 12, n_informative=6, n_clusters_per_class=1, weights=[0.93], class_sep=0.6, flip_y=0.01, random_state=6
    )
    return _pair(*drawn)


def rare_cancer() -> Pair:
    """The breast cancer data with one malignant case in nine kept, and noise on its columns."""
    x, y = load_breast_cancer(return_X_y=True)
    rows = np.concatenate([np.flatnonzero(y == 1), np.flatnonzero(y == 0)[::4]])
    noise = np.random.default_rng(7).normal(size=(len(rows), x.shape[1])) * x.std(axis=0) * 1.5
    return _pair(x[rows] + noise, y[rows])


def textures() -> tuple[NDArray[np.float32], NDArray[np.generic]]:
    """Stripes of four directions in 10x10 images, under noise: (samples, 1, 10, 10)."""
    random = np.random.default_rng(8)
    y = random.integers(0, 4, 900)
    angle, phase, wave = y * np.pi / 4, random.uniform(0, 2 * np.pi, 900), random.uniform(0.9, 1.5, 900)
    rows, columns = np.mgrid[0:10, 0:10]
    along = np.cos(angle)[:, None, None] * columns + np.sin(angle)[:, None, None] * rows
    x = np.sin(along * wave[:, None, None] + phase[:, None, None]) + random.normal(scale=0.9, size=(900, 10, 10))
    return x[:, None].astype(np.float32), y


def sorted_moons() -> Pair:
    """The moons, one class after the other."""
    return _by_target(*make_moons(800, noise=0.2, random_state=9))


def sorted_friedman() -> Pair:
    """Friedman's first problem by rising target."""
    return _by_target(*friedman())


def sorted_tabular() -> Pair:
    """The four classes one after the other."""
    return _by_target(*tabular())


def waves() -> Pair:
    """Sums of sines of 24 points: which of three rhythms is strongest. (samples, 24)"""
    random = np.random.default_rng(10)
    y = random.integers(0, 3, 800)
    time = np.arange(24)
    parts = [np.sin(2 * np.pi * time * (k + 2) / 24 + random.uniform(0, 2 * np.pi, (800, 1))) for k in range(3)]
    strength = np.where(np.arange(3)[:, None] == y, 1.0, 0.5)
    x = sum(strength[k][:, None] * parts[k] for k in range(3)) + random.normal(scale=0.4, size=(800, 24))
    return _pair(x, y)


def _pair(x: NDArray[np.float64], y: NDArray[np.generic]) -> Pair:
    return x.astype(np.float32), y


def _by_target(x: NDArray[np.floating], y: NDArray[np.generic]) -> Pair:
    order = np.argsort(y, kind="stable")
    return _pair(x[order], y[order])


def _stack(inputs: int, outputs: int, depth: int, activation: Callable[[], nn.Module]) -> nn.Sequential:
    widths = [inputs, *[WIDTH] * depth]
    hidden = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), activation())]
    return nn.Sequential(*hidden, nn.Linear(widths[-1], outputs))


def _flat(input_shape: tuple[int, ...]) -> int:
    return int(np.prod(input_shape))


def sound(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Two ReLU layers and a head."""
    return _stack(_flat(input_shape), outputs, 2, nn.ReLU)


def sound_tanh(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Two tanh layers and a head."""
    return _stack(_flat(input_shape), outputs, 2, nn.Tanh)


def rolled(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A small recurrent network that reads the inputs point by point."""
    return Recurrent(outputs)


class Recurrent(nn.Module):
    """A GRU over the inputs (samples, points), and a head on its last state."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.cells = nn.GRU(1, 16, batch_first=True)
        self.head = nn.Linear(16, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(samples, points) in, (samples, outputs) out."""
        states: Tensor = self.cells(x[:, :, None])[0]
        return self.head(states[:, -1])


def zero_head(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network whose head starts at zero, as many do on purpose: only its first gradient further down is zero."""
    model = sound(input_shape, outputs)
    nn.init.zeros_(model[-1].weight)
    return model


def deep_sigmoid(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Eight sigmoid layers, in a module of one's own."""
    return _stack(_flat(input_shape), outputs, 8, nn.Sigmoid)


def deep_sigmoid_4(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Four sigmoid layers."""
    return _stack(_flat(input_shape), outputs, 4, nn.Sigmoid)


def straight(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """No non-linearity between the layers."""
    return _stack(_flat(input_shape), outputs, 2, nn.Identity)


def _dead(model: nn.Sequential, share: float) -> nn.Sequential:
    with torch.no_grad():
        for layer in [each for each in model if isinstance(each, nn.Linear)][:-1]:
            layer.bias[: int(WIDTH * share)] = -30.0
    return model


def dead_most(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Nearly all ReLU units are pushed below zero by their biases."""
    return _dead(sound(input_shape, outputs), 0.97)


def dead_many(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Seven of eight ReLU units are pushed below zero by their biases."""
    return _dead(sound(input_shape, outputs), 0.88)


def _scaled(model: nn.Sequential, factor: float) -> nn.Sequential:
    with torch.no_grad():
        for layer in [each for each in model if isinstance(each, nn.Linear)][:-1]:
            layer.weight.mul_(factor)
    return model


def saturated(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """tanh units with weights so large that they sit at -1 and 1."""
    return _scaled(sound_tanh(input_shape, outputs), 60.0)


def saturated_some(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """tanh units with weights ten times too large."""
    return _scaled(sound_tanh(input_shape, outputs), 12.0)


def _fading(input_shape: tuple[int, ...], outputs: int, gain: float, depth: int = 8) -> nn.Sequential:
    return _scaled(_stack(_flat(input_shape), outputs, depth, nn.ReLU), gain)


def fading(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Eight ReLU layers whose weights are so small that signal and gradient fade."""
    return _fading(input_shape, outputs, 0.5)


def growing(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Eight ReLU layers whose weights are so large that signal and gradient grow from layer to layer."""
    return _fading(input_shape, outputs, 6.0)


def two_softmaxes(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """Ends in a softmax, before a loss that applies its own."""
    return nn.Sequential(*sound(input_shape, outputs), nn.Softmax(dim=1))


class CutOff(nn.Module):
    """Passes numbers on and no gradient back, as `.detach()` in the wrong place does."""

    def forward(self, x: Tensor) -> Tensor:
        return x.detach()


def cut_off(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A layer of three units, cut off from the loss."""
    narrow_layer = nn.Linear(_flat(input_shape), 3)
    return nn.Sequential(narrow_layer, CutOff(), nn.ReLU(), nn.Linear(3, WIDTH), nn.ReLU(), nn.Linear(WIDTH, outputs))


def never_cleared(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network whose gradients add up from step to step, as where nobody clears them."""
    model = sound(input_shape, outputs)
    for parameter in model.parameters():
        _adds_up(parameter)
    return model


def _adds_up(parameter: Tensor) -> None:
    total = torch.zeros_like(parameter)

    def add(gradient: Tensor) -> Tensor:
        total.add_(gradient)
        return total.clone()

    parameter.register_hook(add)


class Reversed(torch.autograd.Function):
    """The identity forwards, the opposite gradient backwards."""

    @staticmethod
    def forward(ctx: object, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        return -gradient


class WrongSign(nn.Module):
    """After so many training passes it turns the gradient around, as a loss with a wrong sign does."""

    def __init__(self, passes: int) -> None:
        super().__init__()
        self.passes, self.seen = passes, 0

    def forward(self, x: Tensor) -> Tensor:
        self.seen += self.training
        return Reversed.apply(x) if self.seen > self.passes else x


def wrong_sign(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network whose gradient changes its sign on the way."""
    return nn.Sequential(*sound(input_shape, outputs), WrongSign(200))


class HalfPrecision(nn.Module):
    """Passes its input through 16-bit floats, scaled up so that small values keep their digits; large ones become infinite."""

    def forward(self, x: Tensor) -> Tensor:
        return (x * 8192.0).half().float() / 8192.0


def half_precision(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A sound network until its outputs outgrow 16 bits."""
    return nn.Sequential(*sound(input_shape, outputs), HalfPrecision())


class Ratio(nn.Module):
    """Half of the units divided by the other half: where a divisor nears zero, the gradient has no bound."""

    def forward(self, x: Tensor) -> Tensor:
        """(samples, units) in, (samples, units / 2) out."""
        above, below = x.chunk(2, dim=1)
        return above / below


def ratios(input_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """A network that divides without keeping the divisor away from zero."""
    model = nn.Sequential(nn.Linear(_flat(input_shape), WIDTH), nn.ReLU(), nn.Linear(WIDTH, 16), Ratio(), nn.Linear(8, outputs))
    with torch.no_grad():
        model[2].bias[8:] = 2.0  # at first the divisors are far from zero
    return model
