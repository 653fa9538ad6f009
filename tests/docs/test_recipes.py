"""The code in docs/ runs as it stands."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import advisor

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def code_in(name):
    return "\n".join(BLOCK.findall((DOCS / name).read_text(encoding="utf-8")))


def ran(arguments, folder):
    ended = subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=240
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout, advisor.load(folder / "runs" / "mine")


def test_the_plain_loop_runs_from_top_to_bottom(tmp_path):
    said, run = ran(["-c", code_in("own-loop.md")], tmp_path)
    assert "gradients are clipped to a norm of" in said
    assert (run.epochs, run.steps) == (20, 240)
    assert {"train_loss", "val_loss", "val_accuracy", "grad_norm"} <= set(run.series)
    assert len(run.step_series["grad_norm"]) == 240


@pytest.mark.slow
@pytest.mark.parametrize(("name", "steps"), [("loop-accumulation.md", 40), ("loop-mixed-precision.md", 80)])
def test_loops_of_other_kinds_run_from_top_to_bottom(name, steps, tmp_path):
    _, run = ran(["-c", code_in(name)], tmp_path)
    assert (run.epochs, run.steps) == (5, steps)
    assert len(run.need_layers().names) == 5


@pytest.mark.slow
def test_the_script_for_torchrun_runs_in_two_processes(tmp_path):
    (tmp_path / "train.py").write_text(code_in("loop-torchrun.md"), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node=2", "--master-addr=127.0.0.1", f"--master-port={port}"]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, *torchrun, "train.py"], cwd=tmp_path, check=True, timeout=240, env=env)
    run = advisor.load(tmp_path / "runs" / "mine")
    assert (run.epochs, run.steps) == (5, 40)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["mine"]
