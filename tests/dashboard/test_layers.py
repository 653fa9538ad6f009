"""The screen of layers: a map, and the curves of one layer."""

from pathlib import Path

import pytest

from advisor.charts import ASCII
from advisor.dashboard.screens.layers import LayersScreen
from advisor.dashboard.view import layers as view
from advisor.diagnose import diagnose
from advisor.following import Follower
from advisor.readers import load

SAMPLES = Path(__file__).parents[2] / "sample_runs"


@pytest.fixture(scope="module")
def vanishing():
    follower = Follower([SAMPLES / "vanishing-gradient"])
    follower.first()
    return follower


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 48)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_l_shows_the_map_of_what_the_finding_speaks_of(dashboard, golden, vanishing, size):
    async def script(session):
        await session.press("n", "l") if size[0] > 80 else await session.press("l")

    golden(f"layers-{size[0]}x{size[1]}", dashboard(vanishing, script, size=size))


def test_the_map_can_be_read_in_ascii(dashboard, vanishing):
    async def script(session):
        await session.press("l")

    text = dashboard(vanishing, script, glyphs=ASCII)
    assert "_.:-=+*#" in text
    assert "|____" in text


def test_tab_looks_at_another_statistic_and_enter_at_the_layers_own_curves(dashboard, vanishing):
    async def script(session):
        await session.press("l", "tab", "down")
        assert "[update ratio]" in await session.text()
        await session.press("enter")
        text = await session.text()
        assert "update_ratio" in text
        assert "[update ratio]" not in text
        await session.press("escape")
        assert "[update ratio]" in await session.text()
        await session.press("escape")
        assert not isinstance(session.app.screen, LayersScreen)

    dashboard(vanishing, script)


def test_the_value_at_a_moment_is_said_in_map_and_curves(dashboard, vanishing):
    async def script(session):
        await session.press("l", "right", "right")
        assert "━0 at step " in await session.text()

    dashboard(vanishing, script)


def test_a_run_without_layers_says_so(dashboard, still):
    async def script(session):
        await session.press("l")
        await session.until("nothing was recorded by layer")

    dashboard(still, script)


@pytest.mark.parametrize(
    ("sample", "statistic"),
    [("vanishing-gradient", "grad_norm"), ("saturated-units", "saturated_share"), ("huge-updates", "update_ratio")],
)
def test_a_finding_is_looked_at_by_the_number_that_it_speaks_of(sample, statistic):
    report = diagnose(load(SAMPLES / sample))
    found = next(finding for finding in report.findings if finding.rule == sample)
    assert view.spoken_of(found, report.run) == statistic
    assert view.heat(report.run, statistic, found).marked
