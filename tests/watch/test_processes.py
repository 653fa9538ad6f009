"""Watched loops that are killed at any moment, and several processes that train one network."""

import os
import random
import signal
import socket
import subprocess
import sys
import time

import pytest

import advisor
from advisor.errors import ReadError
from advisor.following import State, state_of

LOOP = """
import sys, torch, advisor
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters())
with advisor.watch(model, optimizer, sys.argv[1], record_every=1, quiet=True) as watcher:
    print("begun", flush=True)
    for epoch in range(100000):
        for i in range(3):
            loss = nn.functional.cross_entropy(model(torch.randn(8, 6)), torch.randint(0, 3, (8,)))
            optimizer.zero_grad(); loss.backward(); optimizer.step()
            watcher.log(step=i, loss=loss)
        watcher.log(train_loss=loss, val_loss=1.0, **{f"extra_{epoch // 10}": epoch})
"""


def killed(folder, seconds):
    process = subprocess.Popen([sys.executable, "-c", LOOP, str(folder)], stdout=subprocess.PIPE, env={**os.environ, "RANK": ""})
    with process:
        assert process.stdout.readline() == b"begun\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_loop_leaves_a_readable_run(tmp_path):
    moments = random.Random(0)
    read = 0
    for number in range(8):
        folder = tmp_path / str(number)
        killed(folder, moments.uniform(0, 0.6))
        try:
            run = advisor.load(folder)
        except ReadError as refusal:
            assert "nothing is recorded yet" in str(refusal)
            continue
        assert state_of(run) is State.INTERRUPTED
        assert not any("broken" in note for note in run.notes)
        advisor.diagnose(run)
        read += 1
    assert read >= 6


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


@pytest.mark.slow
def test_of_two_processes_one_records_reduced_gradients_and_both_stop(tmp_path):
    folder = tmp_path / "mine"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    group = {**os.environ, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": "2"}
    started = [subprocess.Popen([sys.executable, "-c", DISTRIBUTED, str(folder)], env={**group, "RANK": str(rank)}) for rank in range(2)]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "mine-rank0", "mine-rank1"]
    ends = [(tmp_path / f"mine-rank{rank}").read_text().split() for rank in range(2)]
    assert [epoch for epoch, *_ in ends] == ["4", "4"]
    run = advisor.load(folder)
    assert run.need_layers().names == ("0", "1", "2")
    norms = run.step_series["grad_norm"].values
    assert len(norms) == 5
    assert norms[-1] == pytest.approx(float(ends[0][1]), rel=1e-4) == float(ends[1][1])
