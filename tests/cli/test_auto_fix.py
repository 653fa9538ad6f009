"""`advisor train --auto-fix`, on small trainings that break on purpose."""

import json
from pathlib import Path

import pytest
import torch

from advisor.cli._guard import Guard
from advisor.cli._jobs import do
from advisor.config import load
from advisor.lock import hold_fixing
from advisor.repair import Job
from advisor.training import resume, train
from advisor.training.branching import BEST
from advisor.training.events import EpochDone, ignore
from advisor.training.folder import CHECKPOINT

RUNS_AWAY = ["data.source=digits", "optim.name=sgd", "optim.lr=10.0", "optim.warmup=0.5", "train.epochs=12", "model.hidden=[32]"]
HEALTHY = ["data.source=blobs", "data.samples=300", "model.hidden=[16]", "optim.lr=0.03", "train.epochs=12"]
DEAD = [*HEALTHY, "model.init=zeros"]

OWN = """
[data]
source = "blobs"
[model]
init = "zeros"
hidden = [16]
[optim]
lr = 0.03
[train]
epochs = 12
"""


@pytest.fixture
def auto_fixed(advisor):
    """Trains `mine` with --auto-fix and further options."""

    def train(keys, *options):
        return advisor("train", "--name", "mine", *(part for key in keys for part in ("--set", key)), "--auto-fix", *options)

    return train


def document(name):
    return json.loads((Path("runs") / name / "run.json").read_text(encoding="utf-8"))


def attempts():
    return [json.loads(line) for line in Path("runs/mine/attempts.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_healthy_run_is_trained_to_its_end_and_left_alone(auto_fixed):
    result = auto_fixed(HEALTHY)
    assert result.status == 0
    assert "healthy  runs/mine, nothing was trained" in result.out
    assert document("mine")["status"] == "done"
    assert [path.name for path in Path("runs").iterdir()] == ["mine"]


def test_a_dead_network_is_stopped_early_and_begun_again_with_its_cure(auto_fixed):
    result = auto_fixed(DEAD, "--unsafe")
    assert result.status == 0
    assert "nothing can come of it any more, so it was stopped after epoch" in result.err
    mine = document("mine")
    assert (mine["status"], mine["result"]["epoch"] < 12) == ("stopped", True)
    kept = next(attempt for attempt in attempts() if attempt["kept"])
    fixed = document(Path(kept["run"]).name)
    assert ("start" in fixed, fixed["status"], fixed["parent"]) == (False, "done", mine["id"])


def test_a_loss_that_ran_away_goes_on_from_its_best_weights(auto_fixed):
    """Only the steps change, so what was learned before the rise is sound."""
    result = auto_fixed(RUNS_AWAY)
    started = [document(path.name) for path in Path("runs").iterdir() if "start" in document(path.name)]
    assert started, result.err
    inherited = started[0]["start"]["epoch"]
    before = Path("runs/mine/run.csv").read_text(encoding="utf-8").splitlines()
    name = next(path for path in Path("runs").iterdir() if "start" in document(path.name))
    assert (name / "run.csv").read_text(encoding="utf-8").splitlines()[: inherited + 1] == before[: inherited + 1]
    assert any(attempt["run"] and Path(attempt["run"]).name == name.name for attempt in attempts())


def test_the_users_run_and_config_stay_as_they_were(auto_fixed):
    Path("mine.toml").write_text(OWN, encoding="utf-8")
    assert auto_fixed([], "mine.toml", "--unsafe").status == 0
    assert Path("mine.toml").read_text(encoding="utf-8") == OWN
    assert 'init = "zeros"' in Path("runs/mine/config.toml").read_text(encoding="utf-8")


def test_a_run_that_is_over_goes_on_with_being_fixed(advisor, auto_fixed):
    first = auto_fixed(DEAD, "--unsafe")
    rows = Path("runs/mine/run.csv").read_text(encoding="utf-8")
    again = advisor("train", "--resume", "runs/mine", "--auto-fix", "--unsafe")
    assert (again.status, again.out) == (first.status, first.out)
    assert Path("runs/mine/run.csv").read_text(encoding="utf-8") == rows


def test_the_command_that_goes_on_is_said_with_what_was_allowed(auto_fixed):
    assert "`advisor fix runs/mine --unsafe --budget 3` goes on" in auto_fixed(HEALTHY, "--unsafe", "--budget", "3").err


@pytest.mark.parametrize("option", [("--unsafe",), ("--budget", "3")])
def test_options_of_fixing_need_fixing(advisor, option):
    result = advisor("train", *option)
    assert (result.status, result.out) == (2, "")
    assert "without --auto-fix" in result.err


def guarded(folder, keys, interruptions=frozenset()):
    """A guarded training, interrupted after each of some epochs before the guard has looked at it, and gone on with each time."""

    def interrupt(event):
        if isinstance(event, EpochDone) and event.figures["epoch"] in interruptions - seen:
            seen.add(event.figures["epoch"])
            raise KeyboardInterrupt

    seen: set[int] = set()
    guard = Guard(interrupt)
    result = train(load(None, keys), folder, listener=guard)
    while result.status == "stopped" and not guard.hopeless:
        guard = Guard(interrupt)
        result = resume(folder, listener=guard)
    best = torch.load(folder / BEST, weights_only=True)["progress"]["epoch"]
    return guard.hopeless, result.status, result.epoch, best


@pytest.mark.parametrize("keys", [DEAD, RUNS_AWAY, HEALTHY])
def test_who_goes_on_with_a_guarded_training_knows_what_was_seen_before(tmp_path, monkeypatch, keys):
    monkeypatch.chdir(tmp_path)
    whole = guarded(tmp_path / "whole", keys)
    for interruptions in ({2}, {3, 4}, set(range(1, 12))):
        interruptions = {epoch for epoch in interruptions if epoch < whole[2]}
        assert guarded(tmp_path / f"after{sorted(interruptions)}", keys, interruptions) == whole


def test_what_was_killed_before_it_had_the_weights_to_start_from_is_begun_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    guarded(tmp_path / "mine", RUNS_AWAY)
    calmer = load(None, [*RUNS_AWAY, "optim.lr=0.1"]).tree()
    whole, torn = (Job(calmer, tmp_path / name, start=tmp_path / "mine") for name in ("whole", "torn"))
    do(whole, tmp_path, ignore)
    do(torn, tmp_path, ignore)
    weights = (torn.folder / "model.safetensors").read_bytes()
    for file in (CHECKPOINT, "model.safetensors", "steps.csv", "run.csv"):
        (torn.folder / file).unlink()
    do(torn, tmp_path, ignore)
    assert (torn.folder / "model.safetensors").read_bytes() == weights == (whole.folder / "model.safetensors").read_bytes()


def cut_short(folder, keys=HEALTHY, epoch=3):
    """A guarded training that was interrupted after an epoch, and never gone on with."""

    def interrupt(event):
        if isinstance(event, EpochDone) and event.figures["epoch"] == epoch:
            raise KeyboardInterrupt

    train(load(None, keys), Path(folder), listener=Guard(interrupt))


def runs():
    return sorted(path.name for path in Path("runs").iterdir())


def test_the_same_command_goes_on_with_what_it_began(auto_fixed):
    assert auto_fixed(HEALTHY).status == 0
    Path("runs").rename("whole")
    cut_short("runs/mine")
    again = auto_fixed(HEALTHY)
    assert (again.status, runs()) == (0, ["mine"])
    assert "going on with runs/mine, which this command began and did not finish" in again.err
    rows, whole = ((Path(place) / "mine" / "model.safetensors").read_bytes() for place in ("runs", "whole"))
    assert rows == whole


def test_what_was_killed_before_its_first_step_is_begun_anew_in_its_place(auto_fixed):
    cut_short("runs/mine", epoch=1)
    for file in ("resume/auto-fix", "resume/checkpoint.pt", "model.safetensors", "layers.csv"):
        Path("runs/mine", file).unlink()
    for file in ("run.csv", "steps.csv"):
        heads = Path("runs/mine", file).read_text(encoding="utf-8").splitlines(keepends=True)[0]
        Path("runs/mine", file).write_text(heads, encoding="utf-8")
    begun = {**document("mine"), "status": "running", "result": None}
    Path("runs/mine/run.json").write_text(json.dumps(begun), encoding="utf-8")
    assert auto_fixed(HEALTHY).status == 0
    assert (runs(), document("mine")["status"]) == (["mine"], "done")


def test_without_a_name_the_same_command_finds_what_it_began(advisor):
    cut_short("runs/20260101-120000-blobs-mlp")
    command = ["train", *(part for key in HEALTHY for part in ("--set", key)), "--auto-fix"]
    assert advisor(*command).status == 0
    assert runs() == ["20260101-120000-blobs-mlp"]
    assert advisor(*command).status == 0
    assert len(runs()) == 2


@pytest.mark.parametrize("kept", ["another Config", "plain"])
def test_another_run_is_never_gone_on_with(auto_fixed, kept):
    cut_short("runs/mine", [*HEALTHY, "optim.lr=0.02"] if kept == "another Config" else HEALTHY)
    if kept == "plain":
        Path("runs/mine/resume/auto-fix").unlink()
    again = auto_fixed(HEALTHY)
    assert (again.status, document("mine")["status"]) == (2, "stopped")
    assert "exists already" in again.err


def test_two_of_the_same_command_at_once_are_refused(auto_fixed):
    cut_short("runs/mine")
    with hold_fixing(Path("runs/mine")):
        second = auto_fixed(HEALTHY)
    assert (second.status, "another process is at work on it" in second.err) == (2, True)


def test_what_data_are_no_longer_those_that_it_began_with_is_not_gone_on_with(advisor, auto_fixed):
    table = [f"{i % 7},{'ab'[i % 7 > 3]}" for i in range(200)]
    Path("table.csv").write_text("\n".join(["x,y", *table]), encoding="utf-8")
    cut_short("runs/mine", ["data.source=table.csv", *HEALTHY[2:]])
    Path("table.csv").write_text("\n".join(["x,y", *table, *table[:90]]), encoding="utf-8")
    again = auto_fixed(["data.source=table.csv", *HEALTHY[2:]])
    assert (again.status, document("mine")["status"]) == (2, "stopped")
    assert "samples 160 then, 232 now" in again.err


def test_ctrl_c_says_that_the_same_command_goes_on(auto_fixed, monkeypatch):
    def interrupted(self, started, event):
        if event.figures["epoch"] == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Guard, "_look", interrupted)
    result = auto_fixed(HEALTHY)
    assert result.status == 130
    assert "stopped by Ctrl-C; the result is epoch 2; go on with the same command" in result.err
