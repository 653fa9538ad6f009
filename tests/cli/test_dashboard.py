"""`advisor dashboard` as a user calls it, and `advisor train --dashboard` behind the screen."""

import csv
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from advisor.cli._apart import FixesApart, TrainingApart
from advisor.dashboard.training import started

SMALL = ["--set", "data.source=blobs", "--set", "data.samples=60", "--set", "model.hidden=[4]"]


def write_log(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("epoch,loss,val_loss\n" + "".join(f"{e},{2 / e},{2 / e + 0.1}\n" for e in range(1, 15)), encoding="utf-8")


def test_once_prints_the_first_screen(advisor, tmp_path):
    write_log(tmp_path / "log.csv")
    result = advisor("dashboard", "--once", "log.csv")
    assert (result.status, result.err) == (0, "")
    assert "runs 1" in result.out
    assert "loss   ● train" in result.out
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


@pytest.mark.slow
def test_a_fix_apart_trains_beside_the_run_and_answers_in_json(advisor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hot = ["--set", "optim.name=sgd", "--set", "optim.lr=3.0", "--set", "train.epochs=6"]
    assert advisor("train", "--name", "hot", "--quiet", *hot).status == 0
    with FixesApart() as fixes:
        trial = started(fixes, tmp_path / "runs" / "hot", ("lower-learning-rate",))
        deadline = time.monotonic() + 200
        while trial.process.status is None and time.monotonic() < deadline:
            time.sleep(0.2)
        assert trial.process.status == 0, trial.process.words
        assert trial.outcome["attempts"][0]["fix"] == "lower-learning-rate"
        assert "hot-lower-learning-rate" in [folder.name for folder in trial.first_folders]


BROKEN = """
import sys
from advisor.dashboard.screens.browse import Browse

def mistake(screen):
    values = list(range(100_000))
    raise KeyError("a mistake of ours")

Browse.action_sort = mistake
from advisor.cli import main
main(sys.argv[1:])
"""


def at_a_terminal(keys, *command, folder):
    """What a command does at a real terminal: its exit status, and all that it wrote."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    process = subprocess.Popen(
        [sys.executable, *command], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    )
    os.close(theirs)
    written, waiting = b"", list(keys)
    while process.poll() is None or select.select([ours], [], [], 0.2)[0]:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                written += os.read(ours, 65536)
            except OSError:
                break
        if waiting and b"findings" in written:
            os.write(ours, waiting.pop(0))
    os.close(ours)
    return process.wait(30), written.decode("utf-8", errors="replace")


LEFT_FULL_SCREEN = "\x1b[?1049l"


@pytest.mark.slow
def test_at_a_terminal_q_gives_it_back_as_it_was(tmp_path):
    write_log(tmp_path / "log.csv")
    status, written = at_a_terminal([b"q"], "-m", "advisor", "dashboard", "log.csv", folder=tmp_path)
    assert status == 0
    assert LEFT_FULL_SCREEN in written


@pytest.mark.slow
def test_a_mistake_gives_the_terminal_back_keeps_its_story_and_says_so_in_a_line(tmp_path):
    write_log(tmp_path / "log.csv")
    status, written = at_a_terminal([b"r"], "-c", BROKEN, "dashboard", "log.csv", folder=tmp_path)
    assert status == 2
    after = written.rpartition(LEFT_FULL_SCREEN)[2]
    assert "the dashboard met a mistake in advisor (KeyError)" in after
    assert "Traceback" not in after
    crash = Path(" ".join(after.split()).split("report it with ")[1].split()[0])
    assert "a mistake of ours" in crash.read_text(encoding="utf-8")
    assert "99999" not in crash.read_text(encoding="utf-8")
    crash.unlink()


@pytest.mark.slow
def test_a_fix_that_is_left_running_is_told(advisor, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert advisor("train", "--name", "one", "--quiet", *SMALL, "--set", "train.epochs=3").status == 0
    with FixesApart() as fixes:
        process = fixes(tmp_path / "runs" / "one", ("lower-learning-rate",))
        going = process.status is None
    assert not going or "a fix is still being tried; `advisor dashboard runs` shows it" in capsys.readouterr().err
    deadline = time.monotonic() + 120
    while process.status is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert process.status is not None
