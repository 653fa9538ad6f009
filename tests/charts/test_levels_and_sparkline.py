"""Numbers by layer, and curves in one row."""

import numpy as np
import pytest

from advisor.charts import ASCII, BRAILLE, Level, draw_levels, plain, sparkline
from advisor.charts.rows import row_cells

VANISHING = [Level(f"layers.{i}", 10.0 ** (-7 + i), 0.1 * (i + 1)) for i in range(8)]


def shown(levels, width=70, glyphs=BRAILLE):
    return "".join(f"{plain(row)}\n" for row in draw_levels(levels, width, glyphs, "grad_norm"))


@pytest.mark.parametrize("glyphs", [BRAILLE, ASCII], ids=lambda glyphs: glyphs.name)
def test_before_and_after_look_as_they_did(golden, glyphs):
    golden(f"levels-{glyphs.name}", shown(VANISHING, glyphs=glyphs))


def test_one_run_looks_as_it_did(golden):
    golden("levels-one", shown([Level(level.label, level.before) for level in VANISHING], 50))


@pytest.mark.parametrize("width", [1, 10, 20, 40, 300])
def test_never_exceeds_its_width(width):
    levels = [*VANISHING, Level("아주 긴 이름의 계층", 0.0, np.nan), Level("x", np.inf, None)]
    assert max(map(row_cells, draw_levels(levels, width))) <= width


def test_zero_and_not_finite_stand_as_text():
    text = shown([Level("a", 0.0, 0.1), Level("b", float("nan"), float("inf")), Level("c", 1.0, 2.0)])
    assert "0 → 0.1" in text
    assert "NaN → inf" in text


def test_a_smaller_number_lies_further_left():
    low, high = shown([Level("a", 1e-6), Level("b", 1.0)]).splitlines()[1:3]
    assert low.index("●") < high.index("●")


def test_nothing_to_draw_is_no_row():
    assert draw_levels([], 80) == []


def test_a_spike_shows_in_a_sparkline():
    y = np.zeros(10_000)
    y[5_000] = 1.0
    assert sparkline(y, 20).count("█") == 1


def test_a_sparkline_marks_what_is_not_finite():
    assert sparkline(np.array([1.0, 2.0, np.nan]), 3).endswith("!")
    assert sparkline(np.full(3, np.nan), 3) == "!!!"


def test_a_sparkline_of_nothing_is_nothing():
    assert sparkline(np.array([]), 8) == ""
    assert sparkline(np.ones(5), 0) == ""
