"""`advisor train` as a user calls it."""

import csv
import json
import signal
import subprocess
import sys
import time

import pytest

from advisor.cli import commands
from advisor.cli._rim import run

SMALL = ["--set", "data.source=blobs", "--set", "data.samples=60", "--set", "model.hidden=[4]", "--set", "train.epochs=2"]
LONG = [*SMALL[:-2], "--set", "train.epochs=100000"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _train(*arguments):
    return run(commands, ["train", *arguments])


def _spawn(*arguments, **options):
    command = [sys.executable, "-m", "advisor", "train", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", **options)


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _after_epochs(folder, count):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (folder / "run.csv").exists() and len(_rows(folder / "run.csv")) >= count:
            return
        time.sleep(0.02)
    raise AssertionError("no epoch was recorded in a minute")


def test_a_training_ends_with_its_folder_and_the_next_step(tmp_path, capsys):
    assert _train(*SMALL, "--name", "mine") == 0
    shown = capsys.readouterr()
    assert shown.out == "done: runs/mine\nnext: advisor diagnose runs/mine\n"
    assert "epoch 2/2" in shown.err and "train_loss" in shown.err and "val_loss" in shown.err
    assert len(_rows(tmp_path / "runs" / "mine" / "run.csv")) == 2


def test_quiet_says_only_where_the_run_is(capsys):
    assert _train(*SMALL, "--name", "mine", "--quiet") == 0
    assert capsys.readouterr().err == ""


def test_without_a_config_the_defaults_are_said_in_one_line(capsys):
    assert _train(*SMALL) == 0
    assert capsys.readouterr().err.splitlines()[0] == "note: no advisor.toml here, so the defaults are taken"


def test_the_default_name_says_when_and_what(tmp_path):
    assert _train(*SMALL) == 0
    assert _train(*SMALL) == 0
    names = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert len(names) == 2 and all("blobs-mlp" in name for name in names)


def test_a_dry_run_shows_shapes_and_probes_and_writes_nothing(tmp_path, capsys):
    assert _train(*SMALL, "--dry-run") == 0
    out = capsys.readouterr().out
    assert "hidden1.linear" in out and "4x2" in out and "first loss" in out and "48" in out
    assert list(tmp_path.iterdir()) == []


def test_all_mistakes_of_a_config_are_said_at_once(tmp_path, capsys):
    (tmp_path / "c.toml").write_text('[optim]\nlr = -1\nname = "sdg"\n[train]\nepoch = 3\n', encoding="utf-8")
    assert _train("c.toml") == 2
    err = capsys.readouterr().err
    assert all(path in err for path in ("optim.lr", "optim.name", "train.epoch")) and "Traceback" not in err
    assert not (tmp_path / "runs").exists()


def test_a_bad_target_is_one_line(tmp_path, capsys):
    (tmp_path / "d.csv").write_text("a,b\n1,x\n2,y\n3,x\n4,y\n", encoding="utf-8")
    assert _train("--set", "data.source=d.csv", "--set", "data.target=price") == 2
    err = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error")]
    assert len(err) == 1 and "price" in err[0]
    assert not (tmp_path / "runs").exists()


def test_an_existing_name_is_refused(capsys):
    assert _train(*SMALL, "--name", "mine") == 0
    assert _train(*SMALL, "--name", "mine") == 2
    assert "exists already" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_for_runs_is_named(tmp_path, capsys):
    (tmp_path / "runs").write_text("not a folder", encoding="utf-8")
    assert _train(*SMALL) == 2
    assert capsys.readouterr().err == "error: runs: found a file, expected a folder for runs; choose another --run-dir\n"


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_going_on_with_what_is_no_run_is_refused_in_one_plain_line(folder, capsys):
    assert _train("--resume", folder) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: {folder}: ")
    assert "Errno" not in line


@pytest.mark.parametrize("name", ["a/b", "..", "", "a\\b", "C:a", "a\x1b[31m", "..."])
def test_a_name_that_is_a_path_is_refused(name, capsys):
    assert _train(*SMALL, "--name", name) == 2
    assert "--run-dir" in capsys.readouterr().err


def test_a_loss_that_is_not_finite_ends_with_status_1(capsys):
    explodes = ["--set", "data.source=regression", "--set", "optim.name=sgd", "--set", "optim.lr=1e30"]
    assert _train(*SMALL, *explodes, "--name", "mine") == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("failed: runs/mine") and "not finite" in shown.err


def test_resume_takes_more_epochs_and_nothing_else(tmp_path, capsys):
    assert _train(*SMALL, "--name", "mine") == 0
    assert _train("--resume", "runs/mine", "--set", "optim.lr=1") == 2
    assert "only train.epochs may be raised" in capsys.readouterr().err
    assert _train("--resume", "runs/mine", "--set", "train.epochs=3") == 0
    assert [row["epoch"] for row in _rows(tmp_path / "runs" / "mine" / "run.csv")] == ["1", "2", "3"]


@pytest.mark.parametrize("extra", [["c.toml"], ["--name", "a"], ["--dry-run"], ["--run-dir", "runs"]])
def test_what_resume_would_ignore_is_refused(extra, capsys):
    assert _train("--resume", "runs/mine", *extra) == 2
    assert "--resume beside" in capsys.readouterr().err


def test_resuming_what_is_no_run_is_one_line(tmp_path, capsys):
    assert _train("--resume", str(tmp_path)) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "run.json" in err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_ends_with_130_and_what_was_trained(tmp_path):
    process = _spawn(*LONG, "--name", "mine")
    _after_epochs(tmp_path / "runs" / "mine", 2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 and "Traceback" not in err
    assert out.startswith("stopped: runs/mine")
    document = json.loads((tmp_path / "runs" / "mine" / "run.json").read_text(encoding="utf-8"))
    assert document["status"] == "stopped" and document["result"]["epoch"] == len(_rows(tmp_path / "runs" / "mine" / "run.csv"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("seconds", [0.4, 0.7, 1.0, 1.3, 1.6, 1.9])
def test_ctrl_c_while_python_still_imports_is_quiet(seconds):
    process = _spawn(*LONG)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130 and "Traceback" not in err and "terminate" not in err


@pytest.mark.slow
def test_a_training_goes_on_when_nobody_reads_its_progress_any_more(tmp_path):
    process = _spawn(*SMALL[:-2], "--set", "train.epochs=300", "--name", "mine")
    process.stderr.readline()
    process.stderr.close()
    with process.stdout as out:
        assert out.read().startswith("done: runs/mine")
    assert process.wait(timeout=30) == 0
    assert len(_rows(tmp_path / "runs" / "mine" / "run.csv")) == 300


@pytest.mark.slow
@pytest.mark.parametrize("epochs", [1, 3, 10])
def test_a_killed_run_is_readable_and_goes_on(tmp_path, epochs):
    folder = tmp_path / "runs" / "mine"
    process = _spawn(*LONG, "--name", "mine", "--quiet")
    _after_epochs(folder, epochs)
    process.kill()
    process.communicate()
    for name in ("run.csv", "steps.csv", "layers.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        assert text.endswith("\n") and len({line.count(",") for line in text.splitlines()}) == 1
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"] == "running"
    (folder / "config.toml").write_text((folder / "config.toml").read_text(encoding="utf-8").replace("100000", "300"), encoding="utf-8")
    assert _train("--resume", "runs/mine", "--quiet") == 0
    assert [int(row["epoch"]) for row in _rows(folder / "run.csv")] == list(range(1, 301))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_is_one_line_and_what_was_recorded_stays_readable(tmp_path):
    import resource

    limit = (40_000, 40_000)
    process = _spawn(*LONG, "--name", "mine", "--quiet", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.count("\n") == 1 and "cannot be written" in err and "--resume" in err
    folder = tmp_path / "runs" / "mine"
    assert all((folder / name).read_text(encoding="utf-8").endswith("\n") for name in ("run.csv", "steps.csv", "layers.csv"))
    assert _rows(folder / "run.csv")
