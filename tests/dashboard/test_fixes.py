"""A whole treatment: choose a fix, see what it changes, say yes, watch it train, hear the verdict, keep it or not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.dashboard.screens.fixes import FixesScreen
from advisor.dashboard.screens.leave import Leave
from advisor.dashboard.training import started
from advisor.findings import Severity
from advisor.following import Follower, State

SAMPLES = Path(__file__).parents[2] / "sample_runs"


class Training:
    """Stands for the process: makes a run folder when it is told to, and ends when it is told to."""

    def __init__(self, run, fixes):
        self.run, self.fixes = run, fixes
        self.status, self.words, self.output, self.is_stopped = None, "", "", False

    @property
    def result(self):
        return self.run.with_name(f"{self.run.name}-{self.fixes[0]}")

    def train(self):
        shutil.copytree(SAMPLES / "healthy-digits", self.result)

    def end(self, verdict="cured"):
        attempt = {
            "fix": self.fixes[0], "edits": [{"path": "train.early_stopping", "value": 3}], "run": self.result.name,
            "signal": {"rule": "overfitting", "before": 0.36, "after": 0.0, "threshold": 0.05}, "verdict": verdict, "kept": True,
            "metric": {"name": "val_loss", "higher_is_better": False, "before": [1.09], "after": [0.5]},
        }  # fmt: skip
        self.output = json.dumps({"attempts": [attempt], "result": str(self.result), "trainings": 1.0, "remaining": []})
        self.status = 0

    def stop(self):
        self.is_stopped, self.status = True, 130


@pytest.fixture
def launched():
    return []


@pytest.fixture
def launch(launched):
    def start(run, fixes):
        launched.append(Training(run, fixes))
        return launched[-1]

    return start


@pytest.fixture
def sick(tmp_path):
    shutil.copytree(SAMPLES / "overfitting", tmp_path / "run")
    follower = Follower([tmp_path])
    follower.first()
    return follower


@pytest.fixture
def set_up(still, tmp_path):
    """The sick run of the other tests, with a Config to change."""
    first = still.runs[0]
    run = replace(first.outcome.run, path=tmp_path / "first", config={"train": {"early_stopping": 0, "epochs": 40}})
    still.runs = (replace(first, state=State.DONE, outcome=replace(first.outcome, run=run)), *still.runs[1:])
    return still


SIZES = pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 48)], ids=lambda size: f"{size[0]}x{size[1]}")


@SIZES
def test_f_shows_what_could_be_tried_and_what_it_changes(dashboard, golden, set_up, launch, size):
    async def script(session):
        await session.press("f")

    golden(f"fixes-{size[0]}x{size[1]}", dashboard(set_up, script, size=size, launch=launch))


@SIZES
def test_enter_asks_with_the_difference_in_the_config(dashboard, golden, set_up, launch, size):
    async def script(session):
        await session.press("f", "enter")

    golden(f"confirm-{size[0]}x{size[1]}", dashboard(set_up, script, size=size, launch=launch))


@SIZES
def test_the_verdict_stands_over_the_curves_before_and_after(dashboard, golden, set_up, launch, launched, size):
    async def script(session):
        await session.press("f", "enter", "y")
        launched[0].end()
        await session.until("verdict")

    golden(f"verdict-{size[0]}x{size[1]}", dashboard(set_up, script, size=size, launch=launch))


@pytest.mark.slow
def test_a_whole_treatment(dashboard, sick, launch, launched):
    async def script(session):
        await session.press("f", "enter")
        assert "train again with stop-early?" in await session.text()
        assert not launched
        await session.press("y")
        assert launched[0].fixes == ("stop-early",)
        await session.until("trying stop-early: starting")
        launched[0].train()
        await session.until("trying stop-early: run-stop-early epoch")
        await session.until("and 1 more")
        launched[0].end()
        await session.until("the verdict")
        assert "val_loss 1.09 → 0.5" in await session.text()
        await session.press("k")
        await session.until("run-stop-early · done")
        assert session.app.screen.shelf.pinned is None

    dashboard(sick, script, size=(100, 30), launch=launch)


@pytest.mark.slow
def test_a_fix_that_is_dropped_leaves_the_run_before_in_sight(dashboard, sick, launch, launched):
    async def script(session):
        await session.press("f", "enter", "enter")
        launched[0].train()
        launched[0].end("worse")
        await session.until("the verdict")
        await session.press("d")
        await session.until("stays where it is")
        assert session.app.screen.chosen.label == "run"

    dashboard(sick, script, size=(100, 30), launch=launch)
    assert launched[0].result.exists()


@pytest.mark.slow
@pytest.mark.parametrize("key", ["n", "escape"])
def test_no_means_no(dashboard, sick, launch, launched, key):
    async def script(session):
        await session.press("f", "enter", key)
        assert isinstance(session.app.screen, FixesScreen)

    dashboard(sick, script, launch=launch)
    assert not launched


@pytest.mark.slow
def test_readonly_shows_but_never_trains(dashboard, sick):
    async def script(session):
        await session.press("f")
        assert "--readonly: nothing is trained here" in await session.text()
        await session.press("enter")
        assert isinstance(session.app.screen, FixesScreen)

    dashboard(sick, script)


def test_hints_need_no_fix(dashboard, set_up, launch):
    report = set_up.runs[0].outcome
    hints = tuple(replace(finding, severity=Severity.INFO) for finding in report.findings)
    set_up.runs = (replace(set_up.runs[0], outcome=replace(report, findings=hints)),)

    async def script(session):
        await session.press("f")
        assert "which need no fix" in await session.text()

    dashboard(set_up, script, size=(100, 30), launch=launch)


@pytest.mark.slow
def test_a_log_without_a_config_gets_lines_for_its_own_code(dashboard, still, launch):
    async def script(session):
        await session.press("f")
        text = await session.text()
        assert "no Config is known" in text
        assert "stop()" in text

    dashboard(still, script, size=(100, 30), launch=launch)


@pytest.mark.slow
def test_a_crash_of_the_training_is_told_and_the_dashboard_goes_on(dashboard, sick, launch, launched):
    async def script(session):
        await session.press("f", "enter", "y")
        launched[0].words, launched[0].status = "error: [red]no memory\x1b[31m left", 2
        await session.until("the training crashed")
        assert "[red]no memory\\x1b[31m left" in await session.text()
        await session.press("escape", "f")
        assert "stop-early" in await session.text()

    dashboard(sick, script, size=(100, 30), launch=launch)


@pytest.mark.slow
def test_quitting_asks_what_becomes_of_a_trial(dashboard, sick, launch, launched):
    async def script(session):
        await session.press("f", "enter", "y", "q")
        assert isinstance(session.app.screen, Leave)
        await session.press("s")
        assert session.app._exit

    dashboard(sick, script, launch=launch)
    assert launched[0].is_stopped


@pytest.mark.slow
def test_resizing_while_it_trains_loses_nothing(dashboard, sick, launch, launched):
    async def script(session):
        await session.press("f", "enter", "y")
        launched[0].train()
        for size in ((40, 12), (160, 48), (20, 6), (100, 30)):
            await session.pilot.resize_terminal(*size)
            await session.pilot.pause()
            assert all(len(line) <= size[0] for line in (await session.text()).splitlines())
        await session.until("run-stop-early epoch")

    dashboard(sick, script, size=(80, 24), launch=launch)


def test_a_trial_knows_its_own_folders_from_those_that_were_there(tmp_path, launch):
    for name in ("run", "run-old", "other"):
        (tmp_path / name).mkdir()
    trial = started(launch, tmp_path / "run", ("use-relu",))
    for name in ("run-use-relu", "run-use-relu-seed1", "run-again", "runner", "run-empty"):
        (tmp_path / name).mkdir()
        if name != "run-empty":
            (tmp_path / name / "run.json").write_text("{}", encoding="utf-8")
    assert [path.name for path in trial.folders] == ["run-again", "run-use-relu", "run-use-relu-seed1"]
    assert [path.name for path in trial.first_folders] == ["run-use-relu"]
    assert trial.outcome is None


@pytest.mark.slow
def test_answers_can_be_clicked(dashboard, set_up, launch, launched):
    async def script(session):
        await session.press("f", "enter")
        lines = (await session.text()).splitlines()
        row = next(i for i, line in enumerate(lines) if "n/esc no" in line)
        await session.pilot.click(offset=(lines[row].index("train it") + 2, row))
        await session.pilot.pause()
        assert launched

    dashboard(set_up, script, launch=launch)


@pytest.mark.slow
def test_v_shows_what_was_ever_tried_for_a_run(dashboard, set_up, tmp_path):
    training = Training(tmp_path / "first", ("stop-early",))
    training.end()
    (tmp_path / "first").mkdir()
    attempt = {**json.loads(training.output)["attempts"][0], "safety": "safe"}
    (tmp_path / "first" / "attempts.jsonl").write_text(json.dumps(attempt) + "\n{torn", encoding="utf-8")

    async def script(session):
        await session.press("v")
        await session.until("✓ cured  stop-early")
        await session.press("escape", "down", "v")
        await session.until("nothing was tried")

    dashboard(set_up, script, size=(100, 30))
