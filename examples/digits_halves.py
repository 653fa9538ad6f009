"""The digits in two halves, as data sources of a Config: 0 to 4 to learn from first, 5 to 9 to learn next."""

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

Images = NDArray[np.float64]
Labels = NDArray[np.int64]

BRIGHTEST = 16.0


def low() -> tuple[Images, Labels]:
    """The digits 0 to 4: images (samples, 8, 8) and their labels."""
    return _those(range(5))


def high() -> tuple[Images, Labels]:
    """The digits 5 to 9."""
    return _those(range(5, 10))


def _those(digits: range) -> tuple[Images, Labels]:
    images, labels = load_digits().images, load_digits().target
    chosen = (labels >= digits.start) & (labels < digits.stop)
    return images[chosen] / BRIGHTEST, labels[chosen]
