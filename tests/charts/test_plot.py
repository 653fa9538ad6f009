"""Whole charts: what must be on them, at every size."""

import numpy as np
import pytest

from advisor.charts import ASCII, BLOCKS, BRAILLE, STYLES, Curve, Mark, Plot, Size, draw, glyphs_for, plain
from advisor.charts.glyphs import marker_of
from advisor.charts.plot import curve_style, marked_cells
from advisor.charts.rows import row_cells

EPOCHS = np.arange(1.0, 31.0)
TRAIN = 2.3 * np.exp(-EPOCHS / 6) + 0.02
VAL = 2.3 * np.exp(-EPOCHS / 5) + 0.3 + np.maximum(0, EPOCHS - 12) * 0.05
BROKEN = np.where(EPOCHS == 21, np.nan, VAL)
OVERFIT = Plot(
    (Curve("train_loss", EPOCHS, TRAIN), Curve("val_loss", EPOCHS, BROKEN)),
    "loss",
    marks=(Mark("1", 12, 30, "warning"), Mark("2", 21, 21, "error")),
    best=12.0,
)


def shown(plot, width=80, height=16, glyphs=BRAILLE):
    return "".join(f"{plain(row)}\n" for row in draw(plot, Size(width, height), glyphs))


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS, ASCII], ids=lambda glyphs: glyphs.name)
@pytest.mark.parametrize("width", [20, 40, 80, 160])
def test_looks_as_it_did(golden, glyphs, width):
    golden(f"overfit-{glyphs.name}-{width}", shown(OVERFIT, width, 16 if width > 40 else 10, glyphs))


def test_a_divergence_looks_as_it_did(golden):
    y = np.concatenate([2.0 - EPOCHS[:10] * 0.1, 10.0 ** np.arange(0, 12), [np.inf, np.nan, np.nan]])
    golden("divergence", shown(Plot((Curve("train_loss", np.arange(1.0, 26.0), y),), "loss", marks=(Mark("1", 11, 25, "error"),))))


def test_before_and_after_look_as_they_did(golden):
    plot = Plot((Curve("before", EPOCHS, np.full(30, 2.3), faint=True), Curve("after", EPOCHS, TRAIN)), "train_loss")
    golden("before-after", shown(plot, 60, 12))


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS, ASCII], ids=lambda glyphs: glyphs.name)
@pytest.mark.parametrize("height", [1, 2, 3, 5, 8, 24, 100])
@pytest.mark.parametrize("width", [2, 5, 20, 81, 300])
def test_fills_its_height_and_never_exceeds_its_width(width, height, glyphs):
    rows = draw(OVERFIT, Size(width, height), glyphs)
    assert len(rows) == height
    assert max(map(row_cells, rows)) <= width


@pytest.mark.parametrize(
    "y", [[], [1.0], [2.0, 2.0], [np.nan, np.nan], [0.0, 0.0], [-1e308, 1e308], [1e-320, 1e300], [np.inf, -np.inf, 1.0]]
)
def test_draws_whatever_was_logged(y):
    values = np.array(y)
    for log in (None, True, False):
        rows = draw(Plot((Curve("loss", np.arange(1.0, len(y) + 1), values),), log=log), Size(40, 8))
        assert len(rows) == 8


def test_nothing_to_draw_is_an_empty_frame():
    assert len(draw(Plot(()), Size(30, 6))) == 6


def test_wide_names_count_two_cells():
    rows = draw(Plot((Curve("검증 손실", EPOCHS, VAL), Curve("훈련 손실", EPOCHS, TRAIN)), "손실"), Size(24, 10))
    assert max(map(row_cells, rows)) <= 24
    assert "검증 손실" in "".join(map(plain, rows))


def test_marks_values_that_are_not_finite_and_says_so():
    text = shown(OVERFIT)
    top = text.splitlines()[1]
    assert top.count("!") == 1
    assert "! not finite" in text.splitlines()[0]


def test_minus_infinity_is_marked_at_the_lower_border():
    rows = shown(Plot((Curve("loss", EPOCHS, np.where(EPOCHS == 15, -np.inf, TRAIN)),))).splitlines()
    assert "!" in rows[-3]


def test_the_axis_is_logarithmic_where_values_span_two_decades_and_says_so():
    assert "(log)" in shown(Plot((Curve("loss", EPOCHS, np.geomspace(1, 0.001, 30)),)))
    assert "(log)" not in shown(Plot((Curve("loss", EPOCHS, np.geomspace(1, 0.1, 30)),)))
    assert "(log)" not in shown(Plot((Curve("loss", EPOCHS, np.geomspace(1, 0.001, 30)),), log=False))


def test_the_place_of_a_finding_is_bracketed_below_its_epochs():
    row = next(line for line in shown(OVERFIT).splitlines() if "╰" in line)
    axis = next(line for line in shown(OVERFIT).splitlines() if "└" in line)
    assert row.index("╰") == axis.index("★")
    assert row.rstrip().endswith("╯")


def test_the_best_epoch_is_marked_on_the_axis_and_named():
    text = shown(OVERFIT)
    assert "★ best" in text
    assert text.count("★") == 2


def test_curves_differ_without_colour():
    text = shown(OVERFIT)
    assert text.count("●") > 2
    assert text.count("▲") > 2
    assert "● train_loss" in text


def test_places_that_overlap_stand_on_lines_of_their_own():
    marks = tuple(Mark(str(i), 5, 20) for i in range(3))
    rows = shown(Plot((Curve("loss", EPOCHS, TRAIN),), marks=marks)).splitlines()
    assert [any(f"─{i}─" in row for row in rows) for i in range(3)] == [True] * 3


def test_ticks_are_round_and_stand_in_the_row_of_their_value():
    rows = shown(Plot((Curve("loss", np.array([0.0, 10.0]), np.array([0.0, 10.0])),), axis="step"), 60, 14).splitlines()
    labels = {row.split("│")[0].strip(): row for row in rows if "│" in row}
    assert {"0", "5", "10"} <= set(labels)
    assert rows[-1].split() == ["0", "2", "4", "6", "8", "step"]


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "braille"), ("cp949", "ascii"), ("ascii", "ascii"), (None, "ascii"), ("no-such", "ascii")]
)
def test_the_glyphs_follow_the_encoding(encoding, name):
    assert glyphs_for(encoding).name == name


def test_ascii_charts_are_ascii():
    assert shown(OVERFIT, glyphs=ASCII).isascii()


def luminance(colour):
    index = int(colour.rpartition("(")[2].rstrip(")"))
    parts = [0, 95, 135, 175, 215, 255]
    cube = index - 16
    rgb = [8 + (index - 232) * 10] * 3 if index >= 232 else [parts[cube // 36], parts[cube // 6 % 6], parts[cube % 6]]
    linear = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", [name for name, look in STYLES.items() if "color(" in look])
def test_colours_can_be_read_on_black_and_on_white(style):
    light = luminance(STYLES[style])
    assert (light + 0.05) / 0.05 > 3
    assert 1.05 / (light + 0.05) > 3


def test_charts_above_each_other_can_line_up():
    plot = Plot((Curve("loss", np.arange(10.0), np.arange(10.0)),), gutter=9)
    assert all(plain(row).index("│") == 9 for row in draw(plot, Size(40, 10))[1:8])


def test_a_cursor_is_a_line_behind_the_curves_and_the_legend_says_its_values():
    plot = Plot((Curve("loss", np.arange(11.0), np.zeros(11)),), cursor=5.0, readings=("0.5",))
    rows = [plain(row) for row in draw(plot, Size(40, 10))]
    assert rows[0] == "loss 0.5"
    assert sum(row.count("│") == 2 for row in rows) >= 5


def test_an_axis_without_length_and_a_curve_without_end_are_drawn_all_the_same():
    curve = Curve("reward", np.arange(3.0), np.array([0.0, -1.0, 0.0]))
    assert len(draw(Plot((curve,), log=True, y_limits=(0.0, 0.0)), Size(40, 10))) == 10


@pytest.mark.parametrize("glyphs", [BRAILLE, ASCII], ids=lambda glyphs: glyphs.name)
def test_the_cells_of_a_mark_are_those_between_its_edges(glyphs):
    x = np.arange(1.0, 41.0)
    plot = Plot((Curve("loss", x, 1 / x),), "loss", marks=(Mark("1", 10.0, 20.0),))
    found = marked_cells(plot, Size(60, 12), glyphs)
    rows = [plain(row).ljust(60) for row in draw(plot, Size(60, 12), glyphs)]
    first, last = found.x, found.x + found.width - 1
    assert all(rows[nth][first] != " " and rows[nth][last] != " " for nth in range(found.y, found.y + found.height))
    assert rows[-1][first] == glyphs.bracket[0]
    assert rows[-1][last] == glyphs.bracket[2]


@pytest.mark.parametrize("marks", [(), (Mark("1", 1.0, 40.0),), (Mark("1", 50.0, 60.0),)], ids=["none", "all", "outside"])
def test_no_cells_are_marked_where_that_would_tell_nothing(marks):
    x = np.arange(1.0, 41.0)
    assert marked_cells(Plot((Curve("loss", x, x),), marks=marks, x_limits=(1.0, 40.0)), Size(60, 12), BRAILLE) is None


def test_36_curves_differ_in_colour_or_marker():
    x = np.arange(3.0)
    curves = tuple(Curve(str(nth), x, x, hue=nth) for nth in range(36))
    assert len({(curve_style(curves, nth), marker_of(BRAILLE, nth)) for nth in range(36)}) == 36
