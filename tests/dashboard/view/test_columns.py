"""The columns of the list of runs."""

import pytest

from advisor.dashboard.view.columns import VALUE, Wanted, shared_out

WANTED = Wanted(name=28, verdict=32, signs=8, state=11)


@pytest.mark.parametrize("width", range(0, 300, 7))
def test_columns_fill_the_width_and_never_exceed_it(width):
    columns = shared_out(width, WANTED)
    taken = columns.name + columns.verdict + columns.state + columns.sparkline + columns.values * VALUE
    assert taken <= max(width, 16)
    if width > 16:
        assert taken == width


def test_what_matters_least_is_left_out_first():
    shown = [shared_out(width, WANTED) for width in range(26, 200)]
    assert all(columns.verdict for columns in shown)
    assert [columns.is_short for columns in shown] == sorted((columns.is_short for columns in shown), reverse=True)
    assert all(columns.state and columns.sparkline for columns in shown if columns.values)


def test_heads_stand_above_their_columns():
    columns = shared_out(90, Wanted(name=10, verdict=20, signs=5, state=7))
    heads = {head: (place, is_end) for place, head, is_end in columns.heads}
    assert heads["finding"] == (columns.name, False)
    assert heads["val"] == (90, True)
    assert heads["train"] == (90 - VALUE, True)
