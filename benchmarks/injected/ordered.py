"""Data sets that lie in the order of their classes, as folders of files do."""

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits


def digits_in_order() -> tuple[NDArray[np.float32], NDArray[np.generic]]:
    """The digits, all zeros first, then all ones, and so on."""
    x, y = load_digits(return_X_y=True)
    order = np.argsort(y, kind="stable")
    return x[order].astype(np.float32), y[order]
