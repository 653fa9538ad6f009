"""Every key is a function from one look to the next."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.dashboard.view.look import Look, cursor_moved, next_axis, panned, reset, revealing, shown, smoothed, zoomed

WHOLE = (1.0, 101.0)


def test_all_is_shown_at_first():
    assert shown(Look(), WHOLE) == WHOLE


def test_zooming_in_keeps_the_place_at_the_cursor():
    look = zoomed(Look(cursor=26.0), WHOLE, 2.0)
    start, end = shown(look, WHOLE)
    assert end - start == 50
    assert (26 - start) / (end - start) == 0.25


def test_zooming_out_of_everything_is_no_zoom():
    look = zoomed(zoomed(Look(), WHOLE, 2.0), WHOLE, 0.5)
    assert look == Look()


def test_a_window_at_the_end_moves_with_a_run_that_grows():
    look = zoomed(Look(), WHOLE, 4.0, at=101.0)
    assert shown(look, WHOLE) == (76.0, 101.0)
    assert shown(look, (1.0, 201.0)) == (176.0, 201.0)


def test_a_window_elsewhere_stays_where_it_is():
    look = zoomed(Look(), WHOLE, 4.0, at=1.0)
    assert shown(look, (1.0, 201.0)) == (1.0, 26.0)


@pytest.mark.parametrize(("by", "expected"), [(0.25, (38.5, 88.5)), (9, (51.0, 101.0)), (-9, (1.0, 51.0))])
def test_panning_stays_within_the_run(by, expected):
    look = panned(zoomed(Look(), WHOLE, 2.0), WHOLE, by)
    assert shown(look, WHOLE) == pytest.approx(expected)


def test_there_is_nothing_to_pan_where_all_is_shown():
    assert panned(Look(), WHOLE, 0.5) == Look()


def test_a_finding_outside_of_the_window_is_moved_into_it():
    look = zoomed(Look(), WHOLE, 10.0, at=1.0)
    start, end = shown(revealing(look, WHOLE, (60.0, 90.0)), WHOLE)
    assert start <= 60 and end >= 90
    assert revealing(look, WHOLE, (2.0, 5.0)) is look


def test_the_cursor_goes_from_point_to_point_and_no_further():
    places = np.array([1.0, 5.0, 9.0])
    look = cursor_moved(Look(), (1.0, 9.0), places, 1)
    assert look.cursor == 1
    assert cursor_moved(look, (1.0, 9.0), places, 1).cursor == 5
    assert cursor_moved(replace(look, cursor=9.0), (1.0, 9.0), places, 1).cursor == 9
    assert cursor_moved(Look(), (1.0, 9.0), places, -1).cursor == 9


def test_the_cursor_crosses_a_million_points_in_a_hundred_moves():
    places = np.arange(1_000_000.0)
    look = cursor_moved(Look(cursor=0.0), (0.0, 999_999.0), places, 1)
    assert look.cursor == 10_000


def test_the_cursor_has_nowhere_to_go_without_points():
    assert cursor_moved(Look(), WHOLE, np.zeros(0), 1) == Look()


def test_smoothing_goes_up_and_down_between_none_and_very_much():
    look = Look()
    assert smoothed(look, -1).smoothing == 0
    for _ in range(20):
        look = smoothed(look, 1)
    assert look.smoothing == 0.999


def test_another_axis_forgets_places_on_the_old_one():
    look = next_axis(Look(cursor=3.0, window=(1.0, 2.0), clip=True, smoothing=0.6), "epoch", ("epoch", "step", "time"))
    assert look == Look(along="step", clip=True, smoothing=0.6)
    assert next_axis(look, "time", ("epoch", "step", "time")).along == "epoch"


def test_reset_shows_everything_again():
    assert reset(Look(window=(1.0, 2.0), cursor=1.5, clip=True, smoothing=0.3)) == Look(smoothing=0.3)


def test_the_cursor_stays_in_the_window_where_the_places_are_in_no_order():
    look = Look(window=(2.0, 4.0))
    places = np.array([5.0, 3.0, 1.0, 4.0, 2.0])
    assert [cursor_moved(replace(look, cursor=4.0), WHOLE, places, by).cursor for by in (1, -1)] == [4.0, 3.0]
