"""What is fitted to curves and samples, against the slow and obvious version."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import curve_fit
from sklearn.kernel_ridge import KernelRidge

from advisor.signals.kernel_ridge import RIDGES, WIDTHS, predicted
from advisor.signals.levelling import levelling


def decay(x, height, pace, floor):
    return floor + height * np.exp(-x / pace)


def by_hand(x, y, asked):
    """Each sample left out in turn, for each width and penalty; the best of these on all samples."""
    shift, spread, mean = x.mean(axis=0), x.std(axis=0), y.mean(axis=0)
    x, asked = (x - shift) / spread, (asked - shift) / spread
    squares = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    typical = np.median(squares[~np.eye(len(x), dtype=bool)])

    def model(width, ridge):
        return KernelRidge(kernel="rbf", gamma=1 / (2 * width**2 * typical), alpha=ridge * len(x))

    def left_out(choice):
        kernel = np.exp(-squares / (2 * choice[0] ** 2 * typical)) + choice[1] * len(x) * np.eye(len(x))
        errors = []
        for i in range(len(x)):
            kept = np.arange(len(x)) != i
            weights = np.linalg.solve(kernel[np.ix_(kept, kept)], (y - mean)[kept])
            errors.append((kernel[i, kept] @ weights - (y - mean)[i]) ** 2)
        return np.mean(errors)

    return model(*min(product(WIDTHS, RIDGES), key=left_out)).fit(x, y - mean).predict(asked) + mean


@pytest.mark.parametrize("seed", range(3))
def test_kernel_ridge_is_scikit_learns_at_the_width_and_penalty_that_leaving_out_each_sample_finds(seed):
    random = np.random.default_rng(seed)
    x = random.normal(size=(25, 2)) * [1.0, 5.0]
    y = np.stack([np.sin(2 * x[:, 0]), x[:, 1]], axis=1) + random.normal(0, 0.2, (25, 2))
    asked = random.normal(size=(7, 2))
    assert predicted(x, y, asked) == pytest.approx(by_hand(x, y, asked), rel=1e-5, abs=1e-5)


def test_what_is_still_to_come_is_what_a_fitted_decay_says():
    x = np.linspace(0.0, 1.0, 60)
    for pace in (0.3, 0.6, 1.0):
        values = decay(x, 2.0, pace, 0.5) + np.random.default_rng(0).normal(0, 0.002, 60)
        height, fitted, _ = curve_fit(decay, x, values, p0=(1.0, 0.5, 0.0))[0]
        assert levelling(values).likely == pytest.approx(height * np.exp(-1 / fitted), rel=0.12)


@pytest.mark.parametrize("noise", [0.01, 0.05, 0.2])
def test_the_interval_of_what_is_to_come_holds_the_truth_in_nineteen_of_twenty(noise):
    x, random = np.linspace(0.0, 1.0, 40), np.random.default_rng(1)
    for pace in (0.5, 1.0):
        fits = [levelling(decay(x, 2.0, pace, 0.5) + random.normal(0, noise, 40)) for _ in range(200)]
        coming = 2.0 * np.exp(-1 / pace)
        assert np.mean([fit.least <= coming <= fit.most for fit in fits]) >= 0.93
