"""The charts: keys and mouse look closer, and say what is to be read where."""

import pytest

from advisor.dashboard.view.scene import Scene
from advisor.dashboard.widgets.charts import Charts


def look(session):
    return session.app.screen.look


def test_the_cursor_says_the_values_of_all_charts_at_one_place(dashboard, golden, still):
    async def script(session):
        await session.press("right", "right", "right")
        assert look(session).cursor == 3

    text = dashboard(still, script, size=(160, 48))
    assert text.count("at epoch 3") == 2
    golden("cursor-160x48", text)


def test_keys_zoom_pan_and_show_everything_again(dashboard, still):
    async def script(session):
        await session.press("plus")
        assert look(session).window == (10.75, 30.25)
        await session.press("full_stop")
        assert look(session).window == (15.625, 35.125)
        await session.press("comma", "minus")
        assert look(session).window is None
        await session.press("plus", "0")
        assert look(session).window is None

    dashboard(still, script)


@pytest.mark.slow
def test_the_wheel_zooms_and_a_drag_shows_what_was_marked(dashboard, still):
    async def script(session):
        charts = session.app.screen.query_one(Charts)
        charts.post_message(Charts.Zoomed(20.0, 2.0))
        await session.pilot.pause()
        assert look(session).window == (10.5, 30.0)
        await session.press("0")
        await session.pilot.mouse_down(Charts, offset=(30, 6))
        await session.pilot.hover(Charts, offset=(60, 6))
        await session.pilot.mouse_up(Charts, offset=(60, 6))
        await session.pilot.pause()
        start, end = look(session).window
        assert 12 < start < 15
        assert 28 < end < 31

    dashboard(still, script)


@pytest.mark.slow
def test_a_click_sets_the_cursor_and_two_show_one_chart_alone(dashboard, still):
    async def script(session):
        await session.pilot.click(Charts, offset=(40, 6))
        await session.pilot.pause()
        assert 17 <= look(session).cursor <= 21
        await session.pilot.click(Charts, offset=(40, 6), times=2)
        await session.pilot.pause()
        assert look(session).is_single

    dashboard(still, script)


@pytest.mark.slow
def test_one_chart_takes_the_whole_screen_and_escape_brings_the_others_back(dashboard, golden, still):
    async def script(session):
        await session.press("m", "right_square_bracket")

    golden("single-40x12", dashboard(still, script, size=(40, 12)))

    async def there_and_back(session):
        await session.press("m", "down")
        assert look(session).is_single
        assert session.app.screen.chosen.label == "third"
        await session.press("escape", "down")
        assert session.app.screen.chosen.label == "second"

    dashboard(still, there_and_back)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "word"), [("s", "smoothed 0.3"), ("o", "clipped"), ("x", "at step"), ("y", "loss   ")])
def test_a_key_changes_how_charts_are_looked_at(dashboard, still, key, word):
    async def script(session):
        await session.press(key, *(["right"] if key == "x" else []))

    assert word in dashboard(still, script)


def test_smoothing_leaves_the_raw_curve_behind(dashboard, golden, still):
    async def script(session):
        await session.press(*"sssss", "m")

    golden("smoothed-80x24", dashboard(still, script))


@pytest.mark.slow
def test_another_run_is_shown_whole_but_in_the_same_way(dashboard, still):
    async def script(session):
        await session.press("s", "plus", "down")
        assert look(session).window is None
        assert look(session).smoothing == 0.3

    dashboard(still, script)


def test_the_place_of_the_finding_stands_on_a_ground_of_its_own(dashboard, still):
    async def script(session):
        charts = session.app.screen.query_one(Charts)
        line = charts.render_line(4)
        grounds = [segment.style.bgcolor for segment in line for _ in segment.text]
        start = "".join(segment.text for segment in line).index("┊")
        assert grounds[start] != grounds[start - 1]
        assert len(set(grounds[start:])) == 1

    dashboard(still, script)


def test_where_there_is_no_chart_no_ground_is_left_of_the_one_before(dashboard, still):
    async def script(session):
        charts = session.app.screen.query_one(Charts)
        charts.scene = Scene()
        await session.pilot.pause()
        assert len({segment.style.bgcolor for y in range(8) for segment in charts.render_line(y)}) == 1

    dashboard(still, script)


def test_where_only_a_part_is_shown_the_way_back_is_said(dashboard, still):
    async def script(session):
        assert "0: all of the axis" not in await session.text()
        await session.press("plus", "m")
        assert "0: all of the axis · esc: all charts" in await session.text()
        await session.press("0", "escape")

    assert "esc: all charts" not in dashboard(still, script)
