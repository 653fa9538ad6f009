"""Change points, against every partition there is."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from advisor.signals.changes import LEAST_NOISE, PENALTY, change_points
from advisor.signals.noise import noise_scale


def cost(values, cuts):
    beta = PENALTY * max(noise_scale(values), LEAST_NOISE * np.ptp(values)) ** 2 * np.log(len(values))
    return beta * len(cuts) + sum(((level - level.mean()) ** 2).sum() for level in np.split(values, cuts))


@given(arrays(np.float64, st.integers(2, 7), elements=st.integers(-20, 20).map(float)))
def test_no_partition_fits_better(values):
    every = [cuts for many in range(len(values)) for cuts in combinations(range(1, len(values)), many)]
    assert cost(values, change_points(values)) == pytest.approx(min(cost(values, list(cuts)) for cuts in every), abs=1e-6)


def test_levels_are_found_where_they_begin():
    values = np.repeat([5.0, 2.0, 3.0], [20, 30, 25]) + np.random.default_rng(0).normal(0, 0.1, 75)
    assert change_points(values).tolist() == [20, 50]


def test_noise_alone_has_hardly_any():
    random = np.random.default_rng(1)
    assert np.mean([len(change_points(random.normal(size=100))) for _ in range(60)]) < 0.2


def test_neither_the_unit_nor_the_height_matters():
    values = np.exp(-np.arange(40) / 5) + np.random.default_rng(2).normal(0, 0.02, 40)
    assert change_points(values).tolist() == change_points(1e6 * values + 1e7).tolist() != []


def test_a_decay_is_level_behind_its_last_change():
    last = change_points(np.exp(-np.arange(60) / 4) + np.random.default_rng(3).normal(0, 0.01, 60))[-1]
    assert 10 <= last <= 25


def test_a_level_curve_has_none():
    assert [len(change_points(np.array(values))) for values in ([], [1.0], [2.0, 2.0, 2.0])] == [0, 0, 0]
    assert all(a < b for a, b in pairwise(change_points(np.linspace(0, 1, 30))))
