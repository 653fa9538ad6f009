"""`advisor train`, killed at random moments: every run reads, and goes on to the weights of a run that was never killed.

Each training is a process of its own, which starts from a server that has imported PyTorch already: importing it takes far longer than
what is trained here.
"""

import csv
import multiprocessing
import random
import sys
import time
from contextlib import suppress

import pytest

from advisor.cli import main
from advisor.config import load as load_config
from advisor.errors import ReadError, RunFolderError
from advisor.readers import load
from advisor.training import resume, train
from advisor.training.folder import CHECKPOINT

SERIES, KILLS = 10, 10
EPOCHS = 40
LOOK = 0.0003  # seconds
# Two steps an epoch and half a megabyte of weights: much of the time goes into checkpoints.
CONFIG = f"""
[data]
source = "blobs"
samples = 80
validation = 0.2
augment_noise = 0.1
[model]
hidden = [200, 200]
dropout = 0.2
norm = "batch"
[optim]
name = "sgd"
momentum = 0.9
schedule = "cosine"
[train]
epochs = {EPOCHS}
early_stopping = {EPOCHS}
"""


@pytest.fixture(scope="module")
def processes():
    context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload(["advisor.cli.train", "advisor.training", "advisor.training.sources.blobs", "advisor.cli._progress"])
    return context


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "long.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory, config):
    """The folder of a run that nobody killed, and the seconds it took."""
    folder = tmp_path_factory.mktemp("unbroken") / "run"
    began = time.monotonic()
    train(load_config(config), folder)
    return folder, time.monotonic() - began


def _started(processes, config, folder):
    arguments = ["train", str(config), "--run-dir", str(folder.parent), "--name", folder.name, "--quiet"]
    process = processes.Process(target=main, args=(arguments,))
    process.start()
    return process


def _killed(process):
    process.kill()
    process.join()


def _epochs(folder):
    with suppress(OSError):
        return max(0, (folder / "run.csv").read_bytes().count(b"\n") - 1)
    return 0


def _wait(process, is_reached):
    """Looks often, for moments are short here, and lets the training have the processor; gives up when the process has ended."""
    while process.is_alive() and not is_reached():
        time.sleep(LOOK)


def _without_seconds(folder):
    with (folder / "run.csv").open(encoding="utf-8", newline="") as file:
        return [{name: cell for name, cell in row.items() if name != "seconds"} for row in csv.DictReader(file)]


def _check_reads_without_an_epoch(folder):
    has_steps = (folder / "steps.csv").exists() and (folder / "steps.csv").read_bytes().count(b"\n") > 1
    if has_steps:
        assert load(folder).rows
        return
    with pytest.raises(ReadError, match=r"nothing is recorded yet|no training log"):
        load(folder)


def _check_goes_on(folder, unbroken):
    """It reads as it lies there, and ends like the unbroken one. Before the first row it reads as one in which nothing is recorded yet."""
    if _epochs(folder):
        run = load(folder)
        assert run.epochs == _epochs(folder)
        if run.about["status"] != "done":
            resume(folder)
    else:
        _check_reads_without_an_epoch(folder)
        resume(folder)
    assert (folder / "model.safetensors").read_bytes() == (unbroken / "model.safetensors").read_bytes()
    assert _without_seconds(folder) == _without_seconds(unbroken)
    for name in ("steps.csv", "layers.csv"):
        assert (folder / name).read_bytes() == (unbroken / name).read_bytes()
    assert load(folder).about["status"] == "done" and not list(folder.rglob("*.tmp"))


@pytest.mark.slow
@pytest.mark.parametrize("series", range(SERIES))
def test_a_run_killed_at_a_random_moment_reads_and_goes_on(tmp_path, processes, config, unbroken, series):
    moments = random.Random(series)
    for kill in range(KILLS):
        folder = tmp_path / f"run{kill}"
        process = _started(processes, config, folder)
        epoch, pause = moments.randrange(EPOCHS), moments.random() * 2 * unbroken[1] / EPOCHS
        _wait(process, lambda folder=folder, epoch=epoch: folder.exists() and _epochs(folder) >= epoch)
        time.sleep(pause)
        _killed(process)
        assert folder.exists(), "the training had ended before it began"
        _check_goes_on(folder, unbroken[0])


@pytest.mark.slow
def test_a_run_killed_while_it_writes_a_checkpoint_reads_and_goes_on(tmp_path, processes, config, unbroken):
    moments, halves = random.Random(7), 0
    for kill in range(KILLS):
        folder = tmp_path / f"run{kill}"
        half = folder / CHECKPOINT.with_name(f"{CHECKPOINT.name}.tmp")
        process = _started(processes, config, folder)
        epoch = moments.randrange(1, EPOCHS - 1)
        _wait(process, lambda folder=folder, epoch=epoch: _epochs(folder) >= epoch)
        _wait(process, half.exists)
        _killed(process)
        halves += half.exists()
        _check_goes_on(folder, unbroken[0])
    assert halves, "no checkpoint was hit in the middle"


@pytest.mark.slow
def test_a_run_killed_before_its_first_epoch_is_started_again(tmp_path, processes, config, unbroken):
    for kill in range(KILLS):
        folder = tmp_path / f"run{kill}"
        process = _started(processes, config, folder)
        _wait(process, folder.exists)
        time.sleep(0.0005 * kill)
        _killed(process)
        _check_goes_on(folder, unbroken[0])


@pytest.mark.slow
def test_two_processes_on_one_folder_are_refused(tmp_path, processes, config):
    folder = tmp_path / "run"
    process = _started(processes, config, folder)
    try:
        _wait(process, lambda: _epochs(folder) >= 1)
        second = processes.Process(target=main, args=(["train", "--resume", str(folder)],))
        second.start()
        second.join()
        assert process.is_alive() and second.exitcode == 2
        with pytest.raises(RunFolderError, match="another process"):
            resume(folder)
        third = _started(processes, config, folder)
        third.join()
        assert third.exitcode == 2
    finally:
        _killed(process)
