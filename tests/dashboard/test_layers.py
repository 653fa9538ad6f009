"""The screen of layers: a map, and the curves of one layer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.charts import ASCII
from advisor.dashboard.screens.layers import LayersScreen
from advisor.dashboard.view import layers as view
from advisor.dashboard.view.look import Look
from advisor.dashboard.widgets.heat_map import HeatMap
from advisor.diagnose import diagnose
from advisor.findings import Evidence, Finding, Severity
from advisor.readers import load
from advisor.run import Layers, Run

SAMPLES = Path(__file__).parents[2] / "sample_runs"


NAMES = ("embed.linear", "hidden1.linear", "hidden2.linear", "hidden3.linear", "head")


def layered():
    """Gradients that shrink by a hundred from layer to layer, a share of dead units that rises, and one value that is lost."""
    steps = np.arange(1.0, 41.0)
    depth = np.arange(len(NAMES))[::-1]
    gradients = 10.0 ** (-2.0 * depth) * (1 + 0.3 * np.sin(steps))[:, None]
    gradients[20, 4] = np.nan
    dead = np.clip(np.outer(steps / 40, 1 - depth / 5), 0, 1) * (depth > 0)
    statistics = {"grad_norm": gradients, "update_ratio": gradients * 1e-3, "zero_share": dead}
    recorded = {name: np.ones(values.shape, dtype=bool) for name, values in statistics.items()}
    recorded["zero_share"][:, 4] = False
    lines = np.stack([steps, steps], axis=1).astype(int)
    return Layers(NAMES, ("Linear",) * 5, np.ceil(steps / 10), steps, statistics, recorded, lines)


@pytest.fixture
def vanishing(still):
    """The sick run of the other tests, with layers, and a finding about two of them."""
    first = still.runs[0]
    about = Finding(
        "vanishing-gradient", "G101", Severity.WARNING, 0.9, "Gradients shrink.", "Why it matters.", 1e-8, 1e-3,
        Evidence((), "epoch", 1.0, 4.0, NAMES[:2]),
    )  # fmt: skip
    report = replace(first.outcome, run=replace(first.outcome.run, layers=layered()), findings=(about, *first.outcome.findings))
    still.runs = (replace(first, outcome=report), *still.runs[1:])
    return still


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 48)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_l_shows_the_map_of_what_the_finding_speaks_of(dashboard, golden, vanishing, size):
    async def script(session):
        await session.press("l")

    golden(f"layers-{size[0]}x{size[1]}", dashboard(vanishing, script, size=size))


@pytest.mark.parametrize("width", [24, 40, 60, 80, 100])
def test_the_chosen_statistic_is_in_sight_at_any_width_and_no_word_is_cut(width):
    for chosen in view.NAMED:
        text = "".join(span.text for span in view.choice(tuple(view.NAMED), chosen, width)).rstrip()
        assert f"[{view.called(chosen)}]" in text
        assert len(text) <= width
        words = text.strip("<>").replace("[", "  ").replace("]", "  ").split("  ")
        assert {word.strip() for word in words if word.strip()} <= set(view.NAMED.values())


@pytest.mark.slow
def test_the_map_can_be_read_in_ascii(dashboard, vanishing):
    async def script(session):
        await session.press("l")

    text = dashboard(vanishing, script, glyphs=ASCII)
    assert "_.:-=+*#" in text
    assert "|____" in text


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_value_at_a_moment_is_said_in_map_and_curves(dashboard, vanishing):
    async def script(session):
        await session.press("l", "right", "right")
        assert "embed.linear at step 2:" in await session.text()

    dashboard(vanishing, script)


@pytest.mark.slow
def test_a_run_without_layers_says_so(dashboard, still):
    async def script(session):
        await session.press("l")
        await session.until("nothing was recorded by layer")

    dashboard(still, script)


@pytest.mark.parametrize(
    ("rule", "code", "statistic"),
    [("vanishing-gradient", "G101", "grad_norm"), ("dead-units", "A101", "zero_share"), ("huge-updates", "U102", "update_ratio"),
     ("overfitting", "F101", "grad_norm"), ("saturated-units", "A102", "grad_norm")],
)  # fmt: skip
def test_a_finding_is_looked_at_by_the_number_that_it_speaks_of(rule, code, statistic):
    run = Run("run", Path("run"), "table", {}, layers=layered())
    found = Finding(rule, code, Severity.WARNING, 1.0, "", "", 1.0, 1.0, Evidence((), "epoch", 1.0, 2.0, ("head",)))
    assert view.spoken_of(found, run) == statistic
    assert view.heat(run, "grad_norm", found).marked == {4}


@pytest.mark.parametrize("sample", ["vanishing-gradient", "dead-units"])
def test_recorded_layers_can_be_looked_at(sample):
    report = diagnose(load(SAMPLES / sample))
    for statistic in view.statistics(report.run):
        drawn = view.heat(report.run, statistic)
        assert len(drawn.names) == len(view.names(report.run, statistic))
    assert view.layer_scene(report.run, report.run.layers.names[0], Look()).panels


@pytest.mark.slow
def test_a_click_chooses_layer_and_moment(dashboard, vanishing):
    async def script(session):
        await session.press("l")
        await session.pilot.click(HeatMap, offset=(45, 3))
        await session.until("hidden2.linear at step 2")

    dashboard(vanishing, script)


def test_a_run_that_takes_the_place_of_the_one_that_is_looked_at_is_not_shown_in_its_map(dashboard, vanishing):
    plain = replace(vanishing.runs[1], key=("other", "other"))

    async def script(session):
        await session.press("l")
        session.app.browse.runs = (plain,)
        await session.pilot.pause()
        assert "embed.linear" in await session.text()
        await session.press("escape")

    assert "second" in dashboard(vanishing, script)


def test_the_cursor_leaves_the_colours_of_the_map_as_they_are(dashboard, vanishing):
    async def script(session):
        await session.press("l")
        heat = session.app.screen.query_one(HeatMap)
        under, below = heat.render_line(0), heat.render_line(1)
        columns = slice(20, 60)
        assert _grounds(under)[columns] == _grounds(below)[columns]
        assert _grounds(under)[0] != _grounds(below)[0]

    dashboard(vanishing, script)


def _grounds(line):
    return [segment.style.bgcolor for segment in line for _ in segment.text]


@pytest.mark.parametrize(("start", "end", "expected"), [(2.0, 3.0, (90.0, 135.0)), (1.0, 40.0, None), (float("nan"), 3.0, None)])
def test_the_place_of_a_finding_stands_below_the_map_where_it_is_not_everywhere(vanishing, start, end, expected):
    run = vanishing.runs[0].outcome.run
    about = vanishing.runs[0].outcome.findings[0]
    found = replace(view.heat(run, "grad_norm"), x=np.linspace(45.0, 1800.0, 40))
    mark = view.mark_of(found, run, replace(about, evidence=replace(about.evidence, start=start, end=end)))
    assert (mark and (mark.start, mark.end)) == expected
