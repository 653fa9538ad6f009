"""`advisor dashboard` as a user calls it, and `advisor train --dashboard` behind the screen."""

import csv
import json
import time

import pytest

from advisor.cli._apart import TrainingApart

SMALL = ["--set", "data.source=blobs", "--set", "data.samples=60", "--set", "model.hidden=[4]"]


def write_log(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("epoch,loss,val_loss\n" + "".join(f"{e},{2 / e},{2 / e + 0.1}\n" for e in range(1, 15)), encoding="utf-8")


def test_once_prints_the_first_screen(advisor, tmp_path):
    write_log(tmp_path / "log.csv")
    result = advisor("dashboard", "--once", "log.csv")
    assert (result.status, result.err) == (0, "")
    assert "runs 1" in result.out
    assert "train_loss" in result.out
    assert len(result.out.splitlines()) == 24


def test_runs_are_looked_for_in_the_folder_of_that_name(advisor, tmp_path):
    write_log(tmp_path / "elsewhere.csv")
    write_log(tmp_path / "runs" / "mine.csv")
    out = advisor("dashboard", "--once").out
    assert "mine" in out
    assert "elsewhere" not in out


def test_without_such_a_folder_they_are_looked_for_here(advisor, tmp_path):
    write_log(tmp_path / "here.csv")
    assert "here" in advisor("dashboard", "--once").out


@pytest.mark.parametrize("paths", [(), ("missing.csv",), ("empty",), ("-",)], ids=str)
def test_where_there_is_no_run_one_line_says_so(advisor, tmp_path, paths):
    (tmp_path / "empty").mkdir()
    result = advisor("dashboard", *paths)
    assert result.status == 2
    assert result.out == ""
    assert result.err.startswith("error: ")
    assert len(result.err.splitlines()) == 1


def test_without_a_terminal_the_way_to_text_is_told(advisor, tmp_path):
    write_log(tmp_path / "log.csv")
    result = advisor("dashboard", "log.csv")
    assert result.status == 2
    assert "--once" in result.err


def test_a_training_needs_a_terminal_to_be_shown_and_does_not_begin_without(advisor, tmp_path):
    result = advisor("train", "--dashboard", "--name", "one", *SMALL)
    assert result.status == 2
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_a_training_apart_is_stopped_with_its_whole_epochs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    log = tmp_path / "runs" / "one" / "run.csv"
    with TrainingApart([*SMALL, "--set", "train.epochs=100000", "--name", "one"]) as training:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not (log.exists() and len(log.read_text(encoding="utf-8").splitlines()) > 3):
            assert training.status is None, training.words
            time.sleep(0.1)
        training.stop()
        assert training.ended() == 130
    assert json.loads((log.parent / "run.json").read_text(encoding="utf-8"))["status"] == "stopped"
    with log.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) >= 3


@pytest.mark.slow
def test_a_training_apart_that_is_refused_leaves_its_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with TrainingApart([*SMALL, "--set", "optim.lr=-1"]) as training:
        deadline = time.monotonic() + 120
        while training.status is None and time.monotonic() < deadline:
            time.sleep(0.1)
        assert training.status == 2
        assert "optim.lr" in training.words
