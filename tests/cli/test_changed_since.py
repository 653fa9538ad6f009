"""`advisor fix` on a run whose data or module are gone, or are others by now: one line, and nothing is trained."""

from pathlib import Path

import numpy as np
import pytest

SLOW = ["data.source=data.npz", "model.kind=net.py:net", "optim.lr=1e-6", "train.epochs=10"]
NET = """
from torch import nn

def net(input_shape, outputs):
    return nn.Sequential(nn.Linear(input_shape[0], 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, outputs))
"""
UNSEEDED = """
import numpy as np

def data():
    x = np.random.default_rng().normal(size=(200, 3))
    return x, (x[:, 0] > 0).astype(int)
"""
UNSEEDED_NET = """
import torch
from torch import nn

def net(input_shape, outputs):
    layer = nn.Linear(input_shape[0], outputs)
    with torch.no_grad():
        layer.weight.normal_(generator=torch.Generator().manual_seed(torch.Generator().seed()))
    return layer
"""


def write_data(samples=200, spread=1.0):
    x = np.random.default_rng(0).normal(0, 1, (samples, 3)) ** (1 if spread == 1.0 else 3)
    np.savez("data.npz", x=x, y=(x[:, 0] > 0).astype(int))


@pytest.fixture
def trained(advisor):
    """Trains a run that learns too slowly."""

    def train(*keys):
        write_data()
        Path("net.py").write_text(NET, encoding="utf-8")
        settings = [part for key in (*SLOW, *keys) for part in ("--set", key)]
        assert advisor("train", "--quiet", "--name", "mine", *settings).status == 0
        return Path("runs/mine")

    return train


def edited(old, new):
    Path("net.py").write_text(NET.replace(old, new), encoding="utf-8")


CHANGES = {
    "data are gone": (lambda: Path("data.npz").unlink(), "data.source: found"),
    "module is gone": (lambda: Path("net.py").unlink(), "model.kind: found"),
    "function is gone": (lambda: edited("def net", "def other"), 'no function "net"'),
    "fewer samples": (lambda: write_data(samples=100), "samples 160 then, 80 now"),
    "other values": (lambda: write_data(spread=3.0), "have changed since"),
    "wider": (lambda: edited("8", "9"), "parameters 50 then, 56 now"),
    "another activation": (lambda: edited("ReLU", "Tanh"), "have changed since"),
    "another initialisation": (lambda: edited("return nn", "import torch; torch.manual_seed(5); return nn"), "first loss"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_said_at_once_in_one_line(advisor, trained, change):
    mine = trained()
    make, said = CHANGES[change]
    make()
    result = advisor("fix", mine, "--unsafe")
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert len(result.err.splitlines()) == 1
    assert [path.name for path in Path("runs").iterdir()] == ["mine"]


def test_data_that_follow_no_seed_cannot_be_compared(advisor, trained):
    Path("data.py").write_text(UNSEEDED, encoding="utf-8")
    result = advisor("fix", trained("data.source=data.py:data"))
    assert (result.status, result.out) == (2, "")
    assert "differ each time they are made" in result.err and "fixed seed" in result.err


def test_a_module_that_follows_no_seed_is_fixed_nevertheless(advisor, trained):
    Path("loose.py").write_text(UNSEEDED_NET, encoding="utf-8")
    result = advisor("fix", trained("model.kind=loose.py:net"), "--budget", "1")
    assert "changed" not in result.err
    assert result.out


def test_what_only_moved_together_is_fixed_as_before(advisor, trained, monkeypatch):
    trained()
    place = Path("elsewhere")
    place.mkdir()
    for name in ("data.npz", "net.py", "runs"):
        Path(name).rename(place / name)
    monkeypatch.chdir(place)
    assert advisor("fix", "runs/mine", "--budget", "1").out
