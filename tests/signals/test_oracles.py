"""Signals against scipy, or against the slow and obvious version."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from advisor.signals.gradients import growth, layerwise_decay
from advisor.signals.noise import noise_scale
from advisor.signals.smoothing import blocks, running_median
from advisor.signals.trend import mann_kendall, theil_sen

floats = st.floats(-1e6, 1e6, allow_subnormal=False)
curves = arrays(np.float64, st.integers(3, 40), elements=floats)


@given(curves)
def test_theil_sen_is_scipys(values):
    x = np.arange(len(values), dtype=float)
    assert theil_sen(x, values) == pytest.approx(stats.theilslopes(values, x).slope, rel=1e-9, abs=1e-9)


@given(curves)
def test_mann_kendall_counts_pairs_as_kendalls_tau_does(values):
    tau = stats.kendalltau(np.arange(len(values)), values, variant="b").statistic
    z = mann_kendall(values)
    assert np.sign(z) in (0, np.sign(np.nan_to_num(tau)))
    assert mann_kendall(-values) == pytest.approx(-z)


def test_mann_kendall_is_standard_normal_for_noise_without_trend():
    random = np.random.default_rng(0)
    scores = [mann_kendall(random.normal(size=40)) for _ in range(2000)]
    assert abs(np.mean(scores)) < 0.08
    assert np.std(scores) == pytest.approx(1.0, abs=0.05)


def test_mann_kendall_knows_ties():
    assert mann_kendall(np.array([1.0, 1.0, 1.0])) == 0
    assert mann_kendall(np.array([1.0, 1.0, 2.0, 2.0])) == pytest.approx((4 - 1) / np.sqrt((4 * 3 * 13 - 2 * 2 * 1 * 9) / 18))


@given(curves, st.sampled_from([3, 5]))
def test_running_median_is_the_median_of_each_window(values, width):
    half = width // 2
    slow = [np.median(values[max(0, i - half) : i + half + 1]) for i in range(len(values))]
    expected = slow if len(values) >= width else values
    assert running_median(values, width) == pytest.approx(expected)


@given(curves, st.integers(1, 50))
def test_blocks_are_medians_of_equal_stretches(values, most):
    medians, ends = blocks(values, most)
    size = -(-len(values) // most)
    slow = [np.median(values[i : i + size]) for i in range(0, len(values), size)]
    assert medians == pytest.approx(slow)
    assert len(medians) <= most
    assert ends.tolist() == [min(i + size, len(values)) - 1 for i in range(0, len(values), size)]


@pytest.mark.parametrize("trend", [0.0, 0.5, -2.0])
def test_the_noise_scale_is_the_deviation_of_the_noise_whatever_the_trend(trend):
    values = trend * np.arange(5000) + np.random.default_rng(0).normal(0, 3.0, 5000)
    assert noise_scale(values) == pytest.approx(3.0, rel=0.05)


def test_the_noise_scale_shrugs_off_spikes():
    random = np.random.default_rng(0)
    values = random.normal(0, 1.0, 2000)
    values[random.integers(0, 2000, 60)] += 1000
    assert noise_scale(values) == pytest.approx(1.0, rel=0.15)


@given(arrays(np.float64, st.integers(2, 40), elements=st.floats(0.01, 100)), st.integers(1, 5))
def test_growth_is_a_norm_over_the_median_of_its_past(norms, settled):
    slow = [norms[i] / np.median(norms[:i]) if i >= settled else 1.0 for i in range(len(norms))]
    assert growth(norms, settled) == pytest.approx(slow)


def test_layerwise_decay_is_the_slope_that_was_put_in():
    random = np.random.default_rng(0)
    clean = 0.25 ** np.arange(9, -1, -1)
    gradients = clean * np.exp(random.normal(0, 0.1, (50, 10)))
    decay = layerwise_decay(gradients, np.ones((50, 10)))
    assert decay.per_layer == pytest.approx(0.25, rel=0.03)
    assert decay.overall == pytest.approx(0.25**9, rel=0.3)


def test_layerwise_decay_leaves_out_layers_without_gradient_or_weight():
    gradients = np.array([[0.01, 0.0, 1.0, np.nan, 100.0]])
    weights = np.array([[1.0, 1.0, 1.0, 1.0, 1.0]])
    assert layerwise_decay(gradients, weights).fitted.tolist() == [True, False, True, False, True]
    assert layerwise_decay(gradients, weights).per_layer == pytest.approx(0.1)
    assert np.isnan(layerwise_decay(gradients * 0, weights).per_layer)
