"""The first screen: what it shows at each size, and what its keys do."""

import pytest

from advisor.charts import ASCII
from advisor.cli._shared import prepare
from advisor.dashboard.screens._keys import GROUPS
from advisor.dashboard.screens.help import help_text
from advisor.dashboard.widgets.charts import Charts
from advisor.dashboard.widgets.finding_list import FindingList
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.widgets.story import Story
from advisor.text import cells

SIZES = [(40, 12), (80, 24), (160, 48)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_first_screen_looks_as_it_did(dashboard, golden, still, size):
    golden(f"first-{size[0]}x{size[1]}", dashboard(still, size=size))


@pytest.mark.parametrize("pane", ["findings", "story"])
def test_a_small_screen_shows_the_pane_with_the_focus(dashboard, golden, still, pane):
    async def script(session):
        await session.press(*["tab"] * (1 if pane == "findings" else 2))

    golden(f"{pane}-40x12", dashboard(still, script, size=(40, 12)))


def test_only_ascii_is_drawn_where_nothing_else_can_be_shown(dashboard, still):
    prepare()  # signs outside of charts are replaced by the stream, each by one of its own width
    for line in dashboard(still, glyphs=ASCII).splitlines():
        drawn = line.encode("ascii", errors="plain").decode()
        assert len(drawn) == len(line)
        assert "\\" not in drawn


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1, 1), (20, 6), (40, 50), (200, 10), (300, 100)], ids=str)
def test_no_size_is_refused(dashboard, still, size):
    lines = dashboard(still, size=size).splitlines()
    assert len(lines) == size[1]


def test_what_is_recorded_now_is_shown_first(dashboard, still):
    still.runs = still.runs[::-1]
    assert "first · running" in dashboard(still)


def test_arrow_keys_choose_the_run_that_all_panes_show(dashboard, still):
    async def script(session):
        await session.press("down")
        assert "third · interrupted" in await session.text()
        await session.press("down")
        text = await session.text()
        assert "second · done" in text
        assert "no rule found anything" in text
        await session.press("up", "up", "up")

    assert "first · running" in dashboard(still, script)


def test_choosing_a_finding_marks_its_place_and_shows_its_text_and_its_chart(dashboard, still):
    async def script(session):
        text = await session.text()
        assert "1 overfitting" in text.split("findings")[0]
        assert "What overfitting says" in text
        await session.press("tab", "down")

    text = dashboard(still, script)
    chart, _, below = text.partition("findings")
    assert "2 noisy-validation" in chart
    assert "accuracy   val" in chart
    assert "What noisy-validation says" in below


@pytest.mark.slow
def test_another_run_is_read_from_its_first_finding_on(dashboard, still):
    async def script(session):
        await session.press("tab", "down", "shift+tab", "down")
        assert session.app.screen.query_one(FindingList).cursor == 0

    assert "What overfitting says" in dashboard(still, script)


@pytest.mark.slow
def test_y_changes_between_a_linear_and_a_logarithmic_axis(dashboard, still):
    async def script(session):
        assert "loss (log)" in await session.text()
        await session.press("y")
        assert "loss (log)" not in await session.text()
        await session.press("y")

    assert "loss (log)" in dashboard(still, script)


@pytest.mark.slow
def test_help_says_what_the_keys_do(dashboard, still):
    async def script(session):
        await session.press("question_mark")
        text = await session.text()
        assert "deep*  !relu  lr<0.01" in text
        await session.press("end")
        await session.press("escape")

    assert "deep*  !relu" not in dashboard(still, script)


def test_q_quits(dashboard, still):
    async def script(session):
        await session.press("q")
        assert session.app._exit

    dashboard(still, script)


@pytest.mark.slow
def test_resizing_keeps_what_is_chosen(dashboard, still):
    async def script(session):
        await session.press("down", "tab", "down")
        for size in [*SIZES, (40, 12), (80, 24)]:
            await session.pilot.resize_terminal(*size)
            await session.pilot.pause()
            screen = session.app.screen
            assert screen.query_one(RunList).cursor == 1
            assert screen.query_one(FindingList).cursor == 1
            assert all(len(line) <= size[0] for line in (await session.text()).splitlines())

    assert "What noisy-validation says" in dashboard(still, script)


@pytest.mark.slow
def test_the_mouse_chooses_too(dashboard, still):
    async def script(session):
        await session.pilot.click(RunList, offset=(4, 2))
        await session.pilot.pause()

    assert "third · interrupted" in dashboard(still, script)


@pytest.mark.slow
def test_a_long_text_scrolls_to_its_end(dashboard, still):
    async def script(session):
        assert "stop()" not in await session.text()
        await session.press("tab", "tab", "end")
        assert session.app.screen.query_one(Story).scroll_offset.y > 0

    assert "stop()" in dashboard(still, script)


@pytest.mark.slow
def test_light_and_dark_themes_draw_the_same_text(dashboard, still):
    async def light(session):
        session.app.theme = "textual-light"
        await session.pilot.pause()

    assert dashboard(still, light) == dashboard(still)


@pytest.mark.slow
def test_charts_are_drawn_once_for_each_content_and_size(dashboard, still):
    async def script(session):
        charts = session.app.screen.query_one(Charts)
        rows = charts._rows()
        charts.refresh()
        await session.pilot.pause()
        assert charts._rows() is rows
        await session.press("y")
        assert charts._rows() is not rows

    dashboard(still, script)


def test_where_the_help_has_two_columns_each_key_has_a_line():
    assert max(map(cells, help_text(*GROUPS).plain.splitlines())) <= 72


def test_on_the_smallest_screen_no_word_of_the_help_is_cut(dashboard, still):
    async def script(session):
        await session.press("h")
        assert "vanishing | dead" in " ".join((await session.text()).replace("│", " ").split())
        await session.press("escape")

    dashboard(still, script, size=(40, 16))
