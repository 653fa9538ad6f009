"""Smoothing is TensorBoard's, exactly, however long the curve."""

import numpy as np
import pytest

from advisor.charts.smoothing import debiased_ema


def slowly(values, weight):
    last, count, calm = 0.0, 0, []
    for value in values:
        if not np.isfinite(value):
            calm.append(value)
            continue
        last = last * weight + (1 - weight) * value
        count += 1
        calm.append(last / (1 - weight**count))
    return np.array(calm)


@pytest.mark.parametrize("weight", [0.01, 0.3, 0.6, 0.9, 0.99, 0.999, 0.99999])
def test_it_is_what_tensorboard_computes_value_by_value(weight):
    values = np.random.default_rng(0).normal(5.0, 2.0, 10_000)
    values[[0, 17, 5000]] = np.nan, np.inf, -np.inf
    np.testing.assert_allclose(debiased_ema(values, weight), slowly(values, weight), rtol=1e-9)


@pytest.mark.parametrize("values", [[], [np.nan], [3.0]], ids=str)
def test_short_curves_stay_as_they_are(values):
    np.testing.assert_allclose(debiased_ema(np.array(values), 0.6), values)


def test_without_weight_nothing_is_smoothed():
    values = np.arange(4.0)
    assert debiased_ema(values, 0.0) is values
