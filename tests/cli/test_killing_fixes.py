"""`advisor fix` and `train --auto-fix` killed at several moments: the same command goes on and ends as if nothing had happened."""

import json
import re
import shutil
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow

SETTINGS = {
    "data.source": "blobs", "data.samples": "800", "model.hidden": "[16,16,16,16,16,16,16,16]", "model.activation": "sigmoid",
    "optim.lr": "0.01", "train.epochs": "14",
}  # fmt: skip
# What is there at the moment of the kill: the first trial begun, one that is paused, the race over, the last training under way.
MOMENTS = {
    "first-trial": ("kill", "run-use-relu/run.csv", 1), "second-look": ("terminate", "run-default-recipe/run.csv", 3),
    "last-training": ("kill", "attempts.jsonl", 3),
}  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a run whose gradients vanish, and what the command says of it when nobody kills it."""
    place = tmp_path_factory.mktemp("killing")
    keys = [part for path, value in SETTINGS.items() for part in ("--set", f"{path}={value}")]
    subprocess.run([sys.executable, "-m", "advisor", "train", "--quiet", "--name", "run", *keys], cwd=place, check=True)
    shutil.copytree(place / "runs", place / "clean")
    whole = fixed(place / "clean")
    return place / "runs", whole


def command(*options):
    return [sys.executable, "-m", "advisor", "fix", "run", "--unsafe", "--format", "json", *options]


def fixed(folder):
    done = subprocess.run(command(), cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def is_reached(folder, name, lines):
    file = folder / ("run" if name == "attempts.jsonl" else "") / name
    return file.exists() and file.read_bytes().count(b"\n") >= lines


def figures(folder):
    """Every run.csv without its clock."""
    return {file.parent.name: re.sub(rb",[^,\r\n]*\r?\n", b"\n", file.read_bytes()) for file in sorted(folder.glob("*/run.csv"))}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_same_command_goes_on(trained, tmp_path, moment):
    end, *reached = MOMENTS[moment]
    runs, whole = trained
    folder = tmp_path / "runs"
    shutil.copytree(runs, folder)
    process = subprocess.Popen(command(), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not is_reached(folder, *reached):
        assert process.poll() is None, "it was through before that moment"
        time.sleep(0.005)
    getattr(process, end)()
    process.wait()
    assert fixed(folder) == whole
    assert figures(folder) == figures(trained[0].parent / "clean")


def auto_fixing(*options):
    keys = [part for path, value in SETTINGS.items() for part in ("--set", f"{path}={value}")]
    return [sys.executable, "-m", "advisor", "train", "--name", "run", *keys, "--auto-fix", "--unsafe", *options]


def auto_fixed(place):
    done = subprocess.run(auto_fixing(), cwd=place, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A folder in which the run was trained with --auto-fix, killed by nobody, and what the command said in the end."""
    place = tmp_path_factory.mktemp("watched")
    return place, auto_fixed(place)


# One after the other: the training under way, the first trial begun, the last attempt on record.
STAGES = (("run/run.csv", 2), ("run-default-recipe/run.csv", 2), ("run/attempts.jsonl", 2))


def test_the_same_train_auto_fix_goes_on_however_often_it_is_killed(watched, tmp_path):
    place, whole = watched
    for name, lines in STAGES:
        process = subprocess.Popen(auto_fixing(), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file = tmp_path / "runs" / name
        while not (file.exists() and file.read_bytes().count(b"\n") >= lines):
            assert process.poll() is None, "it was through before that moment"
            time.sleep(0.005)
        process.kill()
        process.wait()
    assert auto_fixed(tmp_path) == whole
    assert figures(tmp_path / "runs") == figures(place / "runs")
    attempts = [each / "runs" / "run" / "attempts.jsonl" for each in (tmp_path, place)]
    assert attempts[0].read_bytes() == attempts[1].read_bytes()
    assert not list((tmp_path / "runs").glob(".*"))


def test_workers_end_with_the_command_that_started_them(trained, tmp_path):
    """Nobody trains on behind a command that was killed, and what they had trained is gone on with."""
    runs, whole = trained
    folder = tmp_path / "runs"
    shutil.copytree(runs, folder)
    script = (
        "import sys; from advisor.cli import _trainer; _trainer.WORTH_SECONDS = 0.0; _trainer.cores = lambda: 2\n"
        "from advisor.cli import main; main(sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, *command()[3:]], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not is_reached(folder, "run-default-recipe/run.csv", 2):
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    time.sleep(1.0)
    sizes = figures(folder)
    time.sleep(1.0)
    assert figures(folder) == sizes
    assert fixed(folder) == whole
