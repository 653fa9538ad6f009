"""The map of layers and time: levels on a log scale that can be read by height alone."""

import numpy as np
import pytest

from advisor.charts import ASCII, BLOCKS, BRAILLE, plain
from advisor.charts.heat import Heat, heat_axis, heat_legend, heat_rows, heat_scale
from advisor.charts.rows import row_cells


def heat(values, names=None, recorded=None, **more):
    values = np.array(values, dtype=float)
    return Heat(
        tuple(names or (f"layer{i}" for i in range(values.shape[1]))), np.arange(1.0, len(values) + 1), values,
        np.ones(values.shape, dtype=bool) if recorded is None else np.array(recorded), **more,
    )  # fmt: skip


DECADES = heat([[1e-8, 1e-4, 1.0]] * 20)


def cells_of(row, glyphs=BRAILLE):
    return plain(row).partition(glyphs.vertical)[2]


def test_each_decade_has_a_height_of_its_own_without_any_colour():
    rows = [cells_of(row)[0] for row in heat_rows(DECADES, 60)]
    assert rows == ["▁", "▅", "█"]


def test_a_value_that_lasted_for_one_recording_of_ten_thousand_is_seen():
    values = np.full((10_000, 1), 1.0)
    values[5000] = 1e9
    assert "█" in cells_of(heat_rows(heat(values), 60)[0])
    values[5000] = 1e-9
    assert "▁" in cells_of(heat_rows(heat(values), 60)[0])
    values[5000] = np.nan
    assert "!" in cells_of(heat_rows(heat(values), 60)[0])


def test_zero_is_no_small_number_and_what_is_absent_is_blank():
    drawn = heat(
        [[0.0, 1.0, np.nan]] * 4,
        recorded=[[True, True, False]] * 4,
    )
    zero, one, absent = (cells_of(row) for row in heat_rows(drawn, 40))
    assert set(zero.split()[0]) == {"0"}
    assert "0" not in one.split()[0]
    assert absent.strip() == ""
    assert "0 zero" in plain(heat_legend(drawn, 80))


def test_a_share_ends_at_one():
    assert heat_scale(heat([[0.9], [0.95]])).top == 0.0


def test_the_legend_says_from_where_to_where():
    assert plain(heat_legend(DECADES, 80)) == "1e-8 ▁▂▃▄▅▆▇█ 1  log scale"


def test_layers_of_a_finding_are_marked_by_a_sign():
    rows = heat_rows(heat([[1.0, 2.0]] * 3, marked=frozenset({1})), 40)
    assert [plain(row)[0] for row in rows] == [" ", "!"]


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS, ASCII], ids=lambda glyphs: glyphs.name)
@pytest.mark.parametrize("width", [10, 40, 160])
def test_no_row_is_wider_than_asked(glyphs, width):
    drawn = heat([[1e-3, 2.0]] * 30, names=["a" * 50, "손실" * 20], cursor=3.0)
    for row in [*heat_rows(drawn, width, glyphs), *heat_axis(drawn, width, glyphs), heat_legend(drawn, width, glyphs)]:
        assert row_cells(row) <= max(width, 14)


def test_nothing_known_is_drawn_as_nothing():
    drawn = heat([[np.nan, np.inf]] * 2)
    assert [set(cells_of(row).split()[0]) for row in heat_rows(drawn, 40)] == [{"!"}, {"!"}]
