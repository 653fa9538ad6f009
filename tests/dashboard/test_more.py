"""Comparison, export, copy, themes, other characters."""

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from advisor.charts import ASCII, BLOCKS, Curve, Plot
from advisor.dashboard.themes import NAMES
from advisor.dashboard.view.exporting import as_csv, as_svg, written_to
from advisor.dashboard.view.scene import Panel
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.errors import AdvisorError
from advisor.following import Follower

SAMPLES = Path(__file__).parents[2] / "sample_runs"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def panel_of(*curves, **more):
    return Panel("loss", Plot(curves, "loss", **more), frozenset(), tuple(curve.label for curve in curves))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "name"), [("c", "first-loss.csv"), ("s", "first-loss.svg"), ("r", "first-report.html"), ("t", "first-screen.txt")]
)
def test_two_keys_write_what_is_shown_into_the_working_folder(dashboard, still, here, key, name):
    async def script(session):
        await session.press("e", key)
        await session.until(name)

    dashboard(still, script, size=(100, 30))
    assert (here / name).stat().st_size > 100


def test_nothing_is_ever_written_over(here):
    first, second = (written_to("x", "a/b:[c]", "csv") for _ in range(2))
    assert (first.name, second.name) == ("a-b--c-.csv", "a-b--c--2.csv")


def test_a_folder_that_takes_nothing_is_told_in_words(here, monkeypatch):
    monkeypatch.chdir(here)
    here.rmdir()
    with pytest.raises(AdvisorError, match="cannot be written"):
        written_to("x", "a", "csv")


def test_numbers_are_written_as_they_are_drawn_and_absent_ones_left_empty():
    one = Curve("train_loss", np.array([1.0, 2.0, 3.0]), np.array([0.5, np.nan, np.inf]))
    two = Curve("val_loss", np.array([2.0]), np.array([0.25]))
    rows = list(csv.reader(as_csv(panel_of(one, two)).splitlines()))
    assert rows == [["epoch", "train_loss", "val_loss"], ["1", "0.5", ""], ["2", "nan", "0.25"], ["3", "inf", ""]]


def test_a_picture_is_well_formed_whatever_the_names_and_keeps_every_spike():
    y = np.ones(100_000)
    y[77_777] = 1000.0
    svg = as_svg(panel_of(Curve("<b>&[x]", np.arange(100_000.0), y), log=False))
    root = ET.fromstring(svg)
    assert "<b>&[x]" in "".join(root.itertext())
    path = next(element for element in root.iter() if element.tag.endswith("path")).get("d")
    assert min(float(point.split()[1]) for point in path.replace("M", "L").strip("L").split("L")) == 0.0


@pytest.mark.slow
def test_c_compares_what_is_marked(dashboard):
    follower = Follower([SAMPLES / "overfitting", SAMPLES / "healthy-digits"])
    while follower.is_behind or not follower.runs:
        follower.look()

    async def script(session):
        await session.press("space", "c")
        await session.until("what differs")
        assert "best" in await session.text()

    dashboard(follower, script, size=(100, 40))


@pytest.mark.slow
def test_comparing_one_run_says_how_to_mark_another(dashboard, still):
    async def script(session):
        await session.press("c")
        await session.until("mark another run")

    dashboard(still, script, size=(100, 30))


@pytest.mark.slow
def test_the_text_of_a_finding_can_be_copied(dashboard, still):
    async def script(session):
        await session.press("C")
        assert "What overfitting says" in session.app.clipboard

    dashboard(still, script)


@pytest.mark.slow
def test_t_goes_through_four_looks_that_draw_the_same_text(dashboard, still):
    async def script(session):
        texts = set()
        seen = []
        for _ in NAMES:
            seen.append(session.app.theme)
            texts.add(await session.text())
            await session.press("t")
        assert sorted(seen) == sorted(NAMES)
        assert len(texts) == 1

    dashboard(still, script)


@pytest.mark.slow
def test_other_characters_can_be_chosen_where_braille_does_not_show(dashboard, still):
    async def blocks(session):
        await session.press("b")
        await session.pilot.pause(0.1)
        session.app.clear_notifications()

    async def letters(session):
        await session.press("b", "b")
        session.app.clear_notifications()

    drawn = dashboard(still, blocks)
    assert "▀" in drawn
    assert not any(0x2800 < ord(sign) < 0x2900 for sign in drawn)
    assert "|" in dashboard(still, letters)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_colour_of_every_look_can_be_read_on_its_ground(dashboard, still, name):
    async def script(session):
        session.app.theme = name
        await session.pilot.pause()
        screen = session.app.screen
        ground = screen.styles.background
        for style in sorted(SPAN_CLASSES - {"span--title", "span--chosen"}):
            colour = screen.get_component_styles(style).color
            least = 1.8 if "heat" in style else 3.5  # heights tell what the least heat is
            assert contrast(ground, colour) >= least, style

    dashboard(still, script)


def contrast(one, other):
    """As WCAG has it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_characters_are_offered_that_the_terminal_cannot_show(dashboard, still):
    async def script(session):
        seen = []
        for _ in range(3):
            await session.press("b")
            seen.append(session.app.browse.glyphs)
        assert seen == [ASCII, BLOCKS, ASCII]

    dashboard(still, script, glyphs=BLOCKS)
