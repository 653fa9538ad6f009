"""The list of runs: order, filter, marks."""

from dataclasses import replace

import pytest

from advisor.dashboard.widgets.run_list import RunList
from advisor.following import State


def listed(session):
    return [run.label for run in session.app.screen.query_one(RunList).runs]


def test_the_worst_run_is_first_and_r_changes_the_order(dashboard, still):
    async def script(session):
        assert listed(session) == ["first", "third", "second"]
        await session.press("r")
        assert listed(session) == ["first", "second", "third"]
        assert "by name" in await session.text()

    dashboard(still, script)


def test_the_filter_works_while_it_is_typed_and_escape_takes_it_off(dashboard, still):
    async def script(session):
        await session.press("slash", *"!overf")
        assert listed(session) == ["second"]
        await session.press("enter")
        assert "runs 1 of 3" in await session.text()
        await session.press("escape")
        assert len(listed(session)) == 3

    dashboard(still, script)


@pytest.mark.slow
def test_letters_typed_into_the_filter_are_no_keys(dashboard, still):
    async def script(session):
        await session.press("slash", *"qyn")
        assert session.app.is_running
        assert not session.app._exit
        assert listed(session) == []

    assert "/qyn" in dashboard(still, script)


@pytest.mark.slow
def test_a_filter_that_makes_no_sense_is_told_and_stays_open(dashboard, still):
    async def script(session):
        await session.press("slash", *"lr<x", "enter")
        await session.until("expected a number")
        assert len(listed(session)) == 3

    dashboard(still, script, size=(120, 30))


@pytest.mark.slow
def test_marked_runs_are_drawn_over_each_other(dashboard, still):
    async def script(session):
        await session.press("space")
        text = await session.text()
        assert "●+first" in text
        assert "and 1 more" in text
        await session.press("escape")
        assert "and 1 more" not in await session.text()

    dashboard(still, script)


@pytest.mark.slow
def test_a_pinned_run_stays_on_top_and_in_the_charts(dashboard, still):
    async def script(session):
        await session.press("end", "p", "r")
        assert listed(session)[0] == "second"
        await session.press("end")
        assert "and 1 more" in await session.text()

    dashboard(still, script)


@pytest.mark.slow
def test_colours_stay_with_their_runs_in_any_order(dashboard, still):
    async def script(session):
        before = dict(session.app.screen.hues)
        await session.press("r", "slash", *"third", "enter")
        assert session.app.screen.hues == before

    dashboard(still, script)


@pytest.mark.slow
def test_while_runs_are_still_being_read_the_worst_one_known_is_shown(dashboard, still):
    everything, still.runs = still.runs, still.runs[1:2]
    still.is_behind = True

    async def script(session):
        still.is_behind = False  # what is read now is the last
        assert session.app.screen.chosen.label == "second"
        session.app.screen.runs = everything[1:]
        await session.pilot.pause()
        assert session.app.screen.chosen.label == "third"
        await session.press("down")
        session.app.screen.runs = everything
        await session.pilot.pause()
        assert session.app.screen.chosen.label == "second"

    dashboard(still, script)


def test_a_run_looks_alike_whichever_is_read_first(dashboard, still):
    async def script(session):
        listed = session.app.screen.query_one(RunList)
        assert [listed.line(nth, 60)[0].text for nth in range(3)] == ["● ", "■ ", "▲ "]
        session.app.screen.hues.clear()
        session.app.screen.runs = still.runs[::-1]
        await session.pilot.pause()
        markers = {run.label: listed.line(nth, 60)[0].text for nth, run in enumerate(listed.runs)}
        assert markers == {"first": "● ", "second": "▲ ", "third": "■ "}

    dashboard(still, script)


def test_what_is_shown_stays_once_a_key_was_pressed_while_more_is_read(dashboard, still):
    first, *others = still.runs
    still.runs, still.is_behind = (replace(first, state=State.DONE),), True

    async def script(session):
        still.is_behind = False  # nothing is read in this test
        await session.press("y")
        session.app.screen.runs = (replace(others[1], state=State.RUNNING), *still.runs)
        await session.pilot.pause()
        assert session.app.screen.chosen.label == "first"

    dashboard(still, script)


def test_a_filter_that_nothing_is_like_empties_all_panes(dashboard, still):
    async def script(session):
        await session.press("slash", *"zzz")
        text = await session.text()
        assert "no run is like the filter" in text
        assert "overfitting" not in text
        await session.press("escape")

    assert "1 overfitting" in dashboard(still, script)
