"""The keys at the foot of the screens."""

from dataclasses import replace

import pytest


@pytest.mark.parametrize("width", [24, 40, 61, 80, 120])
def test_no_key_at_the_foot_is_cut_and_help_and_quit_are_always_there(dashboard, still, width):
    foot = dashboard(still, size=(width, 24)).splitlines()[-1]
    assert foot.endswith("? Help q Quit")
    assert len(foot) <= width


def test_the_foot_follows_the_width(dashboard, still):
    async def script(session):
        assert "e Export" not in await session.text()
        await session.pilot.resize_terminal(120, 24)
        await session.pilot.pause()
        await session.until("e Export")

    dashboard(still, script)


def test_while_the_filter_is_typed_the_foot_says_how_to_leave_it(dashboard, still):
    async def script(session):
        await session.press("slash")
        await session.until("enter Show these esc Show all")

    dashboard(still, script, size=(40, 12))


def test_the_foot_of_the_fixes_says_how_to_try_one_on_the_smallest_screen(dashboard, still):
    report = still.runs[0].outcome
    first = replace(still.runs[0], outcome=replace(report, run=replace(report.run, config={"train": {"early_stopping": 0}})))
    still.runs = (first, *still.runs[1:])

    async def script(session):
        await session.press("f")
        await session.until("enter Try it ? Help esc Back")

    dashboard(still, script, size=(40, 12))
