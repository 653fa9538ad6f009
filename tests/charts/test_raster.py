"""The rasteriser against the slow obvious version."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.raster import Columns, dots, extents, logarithm

VALUES = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf]))


def slow_points(x, y, columns):
    """Column by column, the values that stand in it."""
    found = [[] for _ in range(columns.count)]
    for place, value in zip(x, y, strict=True):
        if math.isfinite(value) and columns.start <= place <= columns.end:
            found[int(columns.positions(np.array(place)))].append(value)
    return found


def lit_rows(lit, column):
    rows = len(lit) - 1 - np.flatnonzero(lit[:, column])
    return (rows.min(), rows.max()) if len(rows) else None


def nearest_row(value, rows, ends):
    return round((value - ends[0]) * ((rows - 1) / (ends[1] - ends[0])))


@given(st.lists(VALUES, min_size=2, max_size=200), st.integers(1, 40), st.integers(2, 60))
def test_lights_every_columns_lowest_and_highest_value(values, count, rows):
    y = np.array(values)
    x = np.arange(len(y), dtype=float)
    finite = y[np.isfinite(y)]
    if len(finite) == 0 or finite.max() - finite.min() < 1e-200:
        return
    ends = (float(finite.min()), float(finite.max()))
    columns = Columns(count, 0.0, float(len(y) - 1))
    lit = dots(extents(x, y, columns), rows, ends)
    for column, found in enumerate(slow_points(x, y, columns)):
        if found:
            low, high = lit_rows(lit, column)
            assert low <= nearest_row(min(found), rows, ends)
            assert high >= nearest_row(max(found), rows, ends)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.integers(1, 40))
def test_a_column_holds_exactly_what_the_joined_line_covers_there(values, count):
    y = np.array(values)
    x = np.arange(len(y), dtype=float)
    columns = Columns(count, 0.0, float(len(y) - 1))
    found = extents(x, y, columns)
    edges = np.linspace(0.0, len(y) - 1, count + 1)
    for column in range(count):
        inside = (x >= edges[column]) & (x <= edges[column + 1])
        line = np.concatenate([y[inside], np.interp(edges[column : column + 2], x, y)])
        assert found.low[column] == pytest.approx(line.min(), abs=1e-6)
        assert found.high[column] == pytest.approx(line.max(), abs=1e-6)


def test_one_spike_among_a_million_points_reaches_the_top():
    y = np.zeros(1_000_000)
    y[123_456] = 1.0
    lit = dots(extents(np.arange(1e6), y, Columns(100, 0.0, 999_999.0)), 20, (0.0, 1.0))
    assert np.flatnonzero(lit[0]).tolist() == [12]


def test_draws_no_line_across_values_that_are_not_finite():
    x, y = np.arange(5.0), np.array([0.0, 0.0, np.nan, 1.0, 1.0])
    found = extents(x, y, Columns(50, 0.0, 4.0))
    assert np.isnan(found.low[15:36]).all()


def test_draws_no_line_across_a_gap_in_an_even_log():
    x = np.array([1.0, 2, 3, 4, 30, 31, 32, 33])
    found = extents(x, x, Columns(64, 1.0, 33.0))
    assert np.isnan(found.low[8:56]).all()


def test_joins_values_that_are_logged_ever_more_rarely():
    x = np.array([1.0, 2, 4, 8, 16, 32, 64])
    assert not np.isnan(extents(x, x, Columns(40, 1.0, 64.0)).low).any()


def test_draws_no_line_backward_where_a_log_starts_again():
    x, y = np.array([1.0, 2, 3, 1, 2, 3]), np.array([1.0, 1, 1, 0, 0, 0])
    found = extents(x, y, Columns(20, 1.0, 3.0))
    assert set(found.high[1:-1]) == {1.0}
    assert set(found.low[1:-1]) == {0.0}
    lit = dots(found, 9, (0.0, 1.0))
    assert lit[0].all()
    assert lit[-1].all()


def test_a_part_of_the_axis_shows_lines_from_outside_it():
    found = extents(np.array([0.0, 10.0]), np.array([0.0, 10.0]), Columns(4, 4.0, 6.0))
    assert found.low[0] == pytest.approx(4.0, abs=1e-6)
    assert found.high[-1] == pytest.approx(6.0, abs=1e-6)


def test_zero_lies_below_a_logarithmic_axis():
    found = extents(np.arange(3.0), np.array([1.0, 0.0, 1.0]), Columns(3, 0.0, 2.0), logarithm)
    assert found.low.min() == -np.inf
    assert dots(found, 8, (-3.0, 0.0))[-1].any()


def test_a_log_that_jumps_back_and_forth_is_drawn_in_bounded_memory():
    x = np.tile([0.0, 1.0], 20_000)
    found = extents(x, x, Columns(200, 0.0, 1.0))
    assert found.low[0] == 0.0
    assert found.high[-1] == 1.0


def test_a_million_points_take_far_less_than_a_blink():
    x = np.arange(1e6)
    y = np.random.default_rng(0).normal(size=1_000_000)
    columns = Columns(320, 0.0, 999_999.0)
    extents(x, y, columns)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        extents(x, y, columns)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.25  # about 0.015 s on a quiet machine
