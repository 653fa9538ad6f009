"""Watched loops that are killed at any moment, and several processes that train one network."""

import multiprocessing
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

import advisor
from advisor.errors import ReadError
from advisor.following import State, state_of

# Each epoch has a row, every tenth a new column: then a whole file is replaced.
LOOP = """
import torch, advisor
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters())
with advisor.watch(model, optimizer, folder, record_every=1, quiet=True) as watcher:
    for epoch in range(100000):
        for i in range(3):
            loss = nn.functional.cross_entropy(model(torch.randn(8, 6)), torch.randint(0, 3, (8,)))
            optimizer.zero_grad(); loss.backward(); optimizer.step()
            watcher.log(step=i, loss=loss)
        watcher.log(train_loss=loss, val_loss=1.0, **{f"extra_{epoch // 10}": epoch})
"""
SERIES, KILLS = 4, 25
EPOCHS, PAUSE = 40, 0.01  # until a kill at most, and seconds from there


@pytest.fixture(scope="module")
def processes():
    """Processes that have imported PyTorch already: that takes far longer than what they train."""
    context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload(["torch", "advisor.watch"])
    return context


def epochs_in(folder):
    with suppress(OSError):
        return max(0, (folder / "run.csv").read_bytes().count(b"\n") - 1)
    return 0


def killed(processes, folder, epochs, pause):
    process = processes.Process(target=exec, args=(LOOP, {"folder": str(folder)}))
    process.start()
    while process.is_alive() and not (folder.exists() and epochs_in(folder) >= epochs):
        time.sleep(0.0003)
    time.sleep(pause)
    assert process.is_alive(), "the loop had ended before it was killed"
    process.kill()  # SIGKILL, on Windows TerminateProcess
    process.join()


@pytest.mark.slow
@pytest.mark.parametrize("series", range(SERIES))
def test_a_loop_killed_at_a_random_moment_leaves_a_readable_run(series, tmp_path, processes, monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    moments = random.Random(series)
    read = 0
    for number in range(KILLS):
        folder = tmp_path / str(number)
        killed(processes, folder, moments.randrange(EPOCHS), moments.uniform(0, PAUSE))
        try:
            run = advisor.load(folder)
        except ReadError as refusal:
            assert "nothing is recorded yet" in str(refusal)
            continue
        assert state_of(run) is State.INTERRUPTED
        assert not any("broken" in note for note in run.notes)
        losses = run.series["train_loss"]
        if not any("no epoch has ended" in note for note in run.notes):
            assert list(losses.x) == list(range(1, len(losses) + 1))  # none is lost or there twice
        advisor.diagnose(run)
        read += 1
    assert read >= KILLS - 5  # but for those killed before anything was recorded


DISTRIBUTED = """
import sys, torch, advisor
from torch import nn, distributed
torch.set_num_threads(1)
distributed.init_process_group("gloo")
rank = distributed.get_rank()
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
parallel = nn.parallel.DistributedDataParallel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
draw = torch.Generator().manual_seed(rank)
with advisor.watch(parallel, optimizer, sys.argv[1], record_every=1, stop_on=("non-finite-loss",), quiet=True) as watcher:
    for epoch in range(10):
        x, y = torch.randn(8, 6, generator=draw), torch.randint(0, 3, (8,), generator=draw)
        loss = nn.functional.cross_entropy(parallel(x), y)
        optimizer.zero_grad(); loss.backward()
        reduced = sum(float(p.grad.square().sum()) for p in model.parameters()) ** 0.5
        optimizer.step()
        watcher.log(train_loss=1 / (1 + epoch) if epoch < 4 else float("nan"))
        if watcher.should_stop:
            break
open(f"{sys.argv[1]}-rank{rank}", "w").write(f"{epoch} {reduced} {watcher.path}")
distributed.destroy_process_group()
"""


SPLIT = """
import sys
import torch, advisor
from torch import nn, distributed
from torch.distributed.fsdp import fully_shard
torch.set_num_threads(1)
distributed.init_process_group("gloo")
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
fully_shard(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
with advisor.watch(model, optimizer, sys.argv[1], record_every=1, quiet=True) as watcher:
    for epoch in range(4):
        loss = nn.functional.cross_entropy(model(torch.ones(8, 6)), torch.arange(8) % 3)
        optimizer.zero_grad(); loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        watcher.log(train_loss=loss, grad_norm=norm, part=model[0].weight.sum())
distributed.destroy_process_group()
"""


def run_under_torchrun(code, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    script = folder.parent / "script.py"
    script.write_text(code, encoding="utf-8")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--master-addr=127.0.0.1", f"--master-port={port}"]
    subprocess.run([*torchrun, str(script), str(folder)], check=True, timeout=240, env={**os.environ, "OMP_NUM_THREADS": "1"})


@pytest.mark.slow
def test_of_parameters_that_are_split_over_processes_nothing_is_asked(tmp_path):
    run_under_torchrun(SPLIT, tmp_path / "mine")
    run = advisor.load(tmp_path / "mine")
    assert run.layers is None
    assert (run.epochs, run.steps, len(run.need("grad_norm"))) == (4, 4, 4)
    assert "part" not in run.others
    skipped = {entry.rule: entry.reason for entry in advisor.diagnose(run).skipped}
    assert "split over processes" in skipped["dead-units"]


@pytest.mark.slow
def test_of_two_processes_under_torchrun_one_records_reduced_gradients_and_both_stop(tmp_path):
    folder = tmp_path / "mine"
    run_under_torchrun(DISTRIBUTED, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "mine-rank0", "mine-rank1", "script.py"]
    ends = [(tmp_path / f"mine-rank{rank}").read_text().split() for rank in range(2)]
    assert [epoch for epoch, *_ in ends] == ["4", "4"]
    run = advisor.load(folder)
    assert run.need_layers().names == ("0", "1", "2")
    norms = run.step_series["grad_norm"].values
    assert len(norms) == 5
    assert norms[-1] == pytest.approx(float(ends[0][1]), rel=1e-4) == float(ends[1][1])
