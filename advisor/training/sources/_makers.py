"""What scikit-learn's makers of data draw, number for number, without importing the library: that takes a second and more."""

import numpy as np

from advisor.training.sources.base import Array, Part


def generator(seed: int) -> np.random.RandomState:
    """The kind of random numbers that scikit-learn draws from."""
    return np.random.RandomState(seed)


def shuffled(x: Array, y: Array, random: np.random.RandomState) -> Part:
    """Both in the same new order."""
    order = np.arange(len(x))
    random.shuffle(order)
    return Part(x[order], y[order])


def two_curves(first: Array, second: Array, noise: float, seed: int) -> Part:
    """Two classes of points (samples, 2) on two curves, shuffled, with Gaussian noise on both coordinates."""
    random = generator(seed)
    y = np.repeat([0, 1], [len(first), len(second)])
    part = shuffled(np.concatenate([first, second]), y, random)
    return Part(part.x + random.normal(scale=noise, size=part.x.shape), part.y)
