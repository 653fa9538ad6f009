"""The dashboard on files: they grow, new ones appear, names are hostile, nothing is written."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.dashboard.poller import Polled
from advisor.dashboard.widgets.run_list import RunList
from advisor.errors import AdvisorError
from advisor.following import Follower, State
from advisor.run import Layers
from advisor.text import printable

HEADER = "epoch,train_loss,val_loss\n"


def rows(first, last):
    return "".join(f"{epoch},{2 / epoch:.6f},{2 / epoch + 0.1:.6f}\n" for epoch in range(first, last + 1))


def write_log(path, epochs=10):
    path.write_text(HEADER + rows(1, epochs), encoding="utf-8")
    return path


def append(path, text):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def opened(*paths):
    follower = Follower(paths)
    follower.first()
    return follower


def contents(folder):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.slow
def test_a_file_that_grows_is_followed(dashboard, tmp_path):
    log = write_log(tmp_path / "log.csv")

    async def script(session):
        await session.until("▲ val 0.3")
        append(log, rows(11, 20))
        await session.until("▲ val 0.2 ")
        assert "growing" in await session.text()

    dashboard(opened(log), script, size=(100, 30))


@pytest.mark.slow
def test_a_run_that_appears_is_shown_and_the_cursor_stays_on_its_run(dashboard, tmp_path):
    write_log(tmp_path / "middle.csv")

    async def script(session):
        await session.until("runs 1")
        write_log(tmp_path / "before.csv")
        await session.until("runs 2")
        assert session.app.screen.chosen.label == "middle"
        assert session.app.screen.query_one(RunList).cursor == 1

    dashboard(opened(tmp_path), script)


def test_names_with_markup_and_escapes_are_shown_as_they_are(dashboard, tmp_path):
    write_log(tmp_path / "[red]x[blink].csv")
    write_log(tmp_path / "\x1b[31mred\x07.csv")

    async def script(session):
        await session.until("runs 2")
        text = await session.text()
        assert "[red]x[blink]" in text
        assert "\\x1b[31mred\\x07" in text
        lines = text.splitlines()
        assert lines[1].index("healthy") == lines[2].index("healthy")
        await session.press("down", "up")
        assert "\x1b" not in await session.text()
        assert "─[red]x[blink]" in await session.text() or "─\\x1b[31mred" in await session.text()

    dashboard(opened(tmp_path), script, size=(120, 30))


def test_a_title_holds_a_backslash_before_a_bracket_as_it_is(dashboard, still):
    still.runs = (replace(still.runs[0], label="a\\[b]"),)
    assert "─a\\[b] · running" in dashboard(still, size=(120, 30))


def test_wide_names_keep_the_columns_aligned(dashboard, tmp_path):
    write_log(tmp_path / "손실값기록손실값기록손실값기록.csv")
    write_log(tmp_path / "plain.csv")

    async def script(session):
        await session.until("runs 2")
        strips = session.app.screen._compositor.render_strips()
        assert {strip.cell_length for strip in strips} == {80}

    dashboard(opened(tmp_path), script)


@pytest.mark.slow
def test_nothing_is_written_where_the_runs_are(dashboard, tmp_path):
    write_log(tmp_path / "log.csv")
    before = contents(tmp_path)

    async def script(session):
        await session.press("down", "y", "tab", "question_mark", "escape")

    dashboard(opened(tmp_path), script)
    assert contents(tmp_path) == before


def test_news_that_nobody_has_taken_yet_give_way_to_newer_ones():
    assert Polled(()).can_replace(Polled(()))


class Mistaken:
    runs = ()
    is_behind = True

    def look(self):
        raise KeyError("a mistake of ours")


def test_a_mistake_while_looking_ends_in_one_line_and_a_crash_file(monkeypatch, tmp_path):
    from advisor.dashboard import once
    from advisor.dashboard.app import Dashboard

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Dashboard, "on_mount", lambda app: 1 / 0)
    with pytest.raises(AdvisorError, match="ZeroDivisionError") as refusal:
        once(type("Still", (), {"runs": (), "is_behind": False})(), (80, 24))
    assert "\n" not in str(refusal.value)
    crash = next(tmp_path.glob("advisor-crash-*.txt"))
    assert "ZeroDivisionError" in crash.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_mistake_in_the_poller_ends_the_dashboard(dashboard):
    async def script(session):
        await session.pilot.pause(1.0)

    with pytest.raises(KeyError, match="a mistake of ours"):
        dashboard(Mistaken(), script)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["[red]x[blink]", "\x1b[31mred\x07", "[@click=app.quit]no[/]", "a'b\"c\\d", "a\\[b]"])
def test_no_screen_obeys_a_name(dashboard, still, name):
    first = still.runs[0]
    layers = Layers(
        (name, "head"), ("Linear",) * 2, np.ones(3), np.arange(1.0, 4.0), {"grad_norm": np.ones((3, 2))},
        {"grad_norm": np.ones((3, 2), dtype=bool)}, np.ones((3, 2), dtype=int),
    )  # fmt: skip
    run = replace(
        first.outcome.run, name=name, layers=layers, config={"optim": {"name": name}}, others={name: first.outcome.run.series["val_loss"]}
    )
    still.runs = (replace(first, label=name, state=State.DONE, outcome=replace(first.outcome, run=run)), *still.runs[1:])
    spelled = printable(name)

    async def script(session):
        for keys in (["l"], ["l", "enter"], ["f"], ["g"], ["m", "left_square_bracket"], ["space", "c"]):
            await session.press(*keys)
            text = await session.text()
            assert "\x1b" not in text
            assert spelled[:10] in text, keys
            await session.press("escape", "escape", "escape")
            assert not session.app._exit

    dashboard(still, script, size=(120, 40), launch=lambda run, fixes: None)
