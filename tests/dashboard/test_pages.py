"""What there is to learn, in place: `?` on anything."""

from dataclasses import replace

import pytest

from advisor.dashboard.screens.page import Page

SIZES = pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 48)], ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.mark.slow
@SIZES
def test_a_question_mark_on_a_finding_opens_the_page_of_its_rule(dashboard, still, size):
    async def script(session):
        await session.press("tab", "question_mark")
        await session.until("F101 overfitting")
        assert isinstance(session.app.screen, Page)

    dashboard(still, script, size=size)


@pytest.mark.slow
def test_the_page_of_a_rule_draws_its_examples_and_leads_on_to_its_fixes(dashboard, still):
    async def script(session):
        await session.press("tab", "question_mark")
        await session.until("Why it matters")
        rows = ["".join(span.text for span in row) for row in session.app.screen.text(80)]
        assert any("val_loss" in row for row in rows)
        await session.press("1")
        await session.until("What it does")
        await session.press("escape", "escape")
        assert not isinstance(session.app.screen, Page)

    dashboard(still, script)


@pytest.mark.slow
def test_a_question_mark_on_a_rule_that_was_skipped_opens_its_page_too(dashboard, still):
    async def script(session):
        await session.press("end", "u")
        assert "nothing was recorded by layer" in await session.text()
        await session.press("question_mark")
        await session.until("G101 vanishing-gradient")

    dashboard(still, script, size=(100, 30))


@pytest.mark.slow
def test_the_palette_finds_pages_and_keys(dashboard, still):
    async def script(session):
        await session.press("ctrl+p")
        await session.until("Filter (/)")
        await session.press(*"explain optim.mom")
        await session.until("optim.momentum")
        await session.press("down", "enter")
        await session.until("Values")
        assert isinstance(session.app.screen, Page)

    dashboard(still, script, size=(100, 40))


@pytest.mark.slow
def test_a_page_can_be_copied(dashboard, still):
    async def script(session):
        await session.press("tab", "question_mark")
        await session.until("Why it matters")
        await session.press("C")
        assert "Why it matters" in session.app.clipboard

    dashboard(still, script)


@pytest.mark.slow
def test_names_that_lead_nowhere_open_nothing(dashboard, still):
    async def script(session):
        await session.app.run_action("page('[red]nothing')")
        assert not isinstance(session.app.screen, Page)

    dashboard(still, script)


@pytest.mark.slow
def test_every_key_of_a_config_has_its_page(dashboard, still):
    first = still.runs[0]
    run = replace(first.outcome.run, config={"optim": {"name": "adam", "lr": 0.001}, "model": {"hidden": [64, 64]}})
    still.runs = (replace(first, outcome=replace(first.outcome, run=run)),)

    async def script(session):
        await session.press("g")
        text = await session.text()
        assert "optim.lr = 0.001" in text
        assert "model.hidden = [64, 64]" in text
        await session.press("down", "enter")
        await session.until("What to look at afterwards")

    dashboard(still, script)


@pytest.mark.slow
def test_enter_opens_what_is_next(dashboard, still):
    async def script(session):
        await session.press("enter")
        assert session.app.screen.look.is_single
        await session.press("escape", "tab", "enter")
        await session.until("fixes for first")
        await session.press("escape", "tab", "enter")
        await session.until("Why it matters")

    dashboard(still, script)


def test_the_foot_of_a_page_names_the_pages_that_digits_open(dashboard, still):
    async def script(session):
        await session.press("tab", "question_mark")
        await session.until("1 stop-early")
        assert (await session.text()).rstrip().endswith("C Copy esc Back")

    dashboard(still, script)
