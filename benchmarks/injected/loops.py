"""Healthy trainings that no Config expresses: loops of one's own, each of which leaves a log.csv of epochs (or of steps).

Rates that come and go, losses below zero, several steps summed to one, validation now and then.
"""

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn, optim
from torch.nn import functional

from injected import own

Row = dict[str, float]
BATCH = 32
Rate = Callable[[float], float]  # share of the training done (0..1) -> factor on the rate


class Parts:
    """Training and validation halves of a data set, inputs scaled."""

    def __init__(self, pair: own.Pair) -> None:
        x, y = torch.tensor(pair[0], dtype=torch.float32), torch.tensor(pair[1])
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
        x, y, cut = ((x - x.mean(0)) / x.std(0))[order], y[order], len(x) * 7 // 10
        self.x, self.y, self.x_val, self.y_val = x[:cut], y[:cut], x[cut:], y[cut:]

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch in a new order."""
        for rows in torch.randperm(len(self.x)).split(BATCH):
            yield self.x[rows], self.y[rows]


def net(inputs: int, outputs: int) -> nn.Sequential:
    """Two layers of 32 ReLU units."""
    return nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, outputs))


def _classified(parts: Parts, rate: Rate, epochs: int = 40, lr: float = 0.1) -> Iterator[Row]:
    model = net(parts.x.shape[1], int(parts.y.max()) + 1)
    descent = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for epoch in range(epochs):
        losses, hits = [], []
        for i, (x, y) in enumerate(parts.batches()):
            descent.param_groups[0]["lr"] = lr * rate((epoch + i * BATCH / len(parts.x)) / epochs)
            loss = functional.cross_entropy(outputs := model(x), y)
            descent.zero_grad()
            loss.backward()
            descent.step()
            losses.append(float(loss.detach()))
            hits.append(float((outputs.argmax(1) == y).float().mean()))
        with torch.no_grad():
            answers = model(parts.x_val)
            val, accuracy = functional.cross_entropy(answers, parts.y_val), (answers.argmax(1) == parts.y_val).float().mean()
        yield {
            "epoch": epoch + 1, "train_loss": float(np.mean(losses)), "val_loss": float(val), "train_accuracy": float(np.mean(hits)),
            "val_accuracy": float(accuracy), "lr": descent.param_groups[0]["lr"],
        }  # fmt: skip


def cyclic() -> Iterator[Row]:
    """A rate that climbs and falls four times."""
    return _classified(Parts(own.circles()), lambda done: 0.05 + 0.95 * abs(2 * ((4 * done) % 1) - 1))


def restarts() -> Iterator[Row]:
    """Cosines to zero, warm restarts between them: the loss jumps at each."""
    return _classified(Parts(own.tabular()), lambda done: 0.5 * (1 + math.cos(math.pi * ((4 * done) % 1))), lr=0.02)


def restarts_on_moons() -> Iterator[Row]:
    """The same on other data, with more and shorter cycles."""
    return _classified(Parts(own.sorted_moons()), lambda done: 0.5 * (1 + math.cos(math.pi * ((8 * done) % 1))), epochs=48)


def validated_now_and_then() -> Iterator[Row]:
    """Validation every fifth epoch only."""
    for row in _classified(Parts(own.sorted_moons()), lambda done: 1.0 - 0.9 * done, epochs=30):
        yield row if row["epoch"] % 5 == 0 else {name: value for name, value in row.items() if not name.startswith("val")}


def validated_once() -> Iterator[Row]:
    """A single validation point at the end."""
    for row in _classified(Parts(own.tabular()), lambda done: 1.0 - 0.9 * done, epochs=15, lr=0.02):
        yield row if row["epoch"] == 15 else {name: value for name, value in row.items() if not name.startswith("val")}


def likelihood() -> Iterator[Row]:
    """Mean and spread of a number by Gaussian likelihood: the loss falls below zero."""
    random = np.random.default_rng(12)
    x = random.uniform(-2, 2, (900, 1)).astype(np.float32)
    parts = Parts((x, (np.sin(2 * x[:, 0]) + 0.1 * random.normal(size=900)).astype(np.float32)))
    model = net(1, 2)
    descent = optim.Adam(model.parameters(), lr=0.003)

    def loss_of(x: Tensor, y: Tensor) -> Tensor:
        mean, spread = model(x).unbind(1)
        return (spread + (y - mean) ** 2 / (2 * torch.exp(2 * spread))).mean()

    for epoch in range(40):
        losses = []
        for x_batch, y_batch in parts.batches():
            descent.param_groups[0]["lr"] = 0.003 * 0.5 * (1 + math.cos(math.pi * epoch / 40))
            loss = loss_of(x_batch, y_batch)
            descent.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            descent.step()
            losses.append(float(loss.detach()))
        with torch.no_grad():
            yield {"epoch": epoch + 1, "train_loss": float(np.mean(losses)), "val_loss": float(loss_of(parts.x_val, parts.y_val))}


def step_by_step() -> Iterator[Row]:
    """A log of single steps, as noisy as batches of eight are."""
    parts = Parts(own.friedman())
    model = net(10, 1)
    descent = optim.Adam(model.parameters(), lr=0.003)
    spread = parts.y.std()
    for step in range(1500):
        descent.param_groups[0]["lr"] = 0.003 * 0.5 * (1 + math.cos(math.pi * step / 1500))
        rows = torch.randint(len(parts.x), (8,))
        loss = functional.mse_loss(model(parts.x[rows])[:, 0], ((parts.y[rows] - parts.y.mean()) / spread).float())
        descent.zero_grad()
        loss.backward()
        descent.step()
        yield {"step": step + 1, "loss": float(loss.detach())}


def summed_steps() -> Iterator[Row]:
    """Gradients of four batches summed to one step, logged at each batch."""
    parts = Parts(own.sorted_moons())
    model = net(2, 2)
    descent = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for step in range(1200):
        rows = torch.randint(len(parts.x), (BATCH,))
        loss = functional.cross_entropy(model(parts.x[rows]), parts.y[rows])
        (loss / 4).backward()
        if step % 4 == 3:
            descent.step()
            descent.zero_grad()
        yield {"step": step + 1, "loss": float(loss.detach())}


def contrast() -> Iterator[Row]:
    """Two views of one sample against those of the others: the loss starts at log of the batch and ends well above zero."""
    parts = Parts(own.tabular())
    model = net(20, 8)
    descent = optim.Adam(model.parameters(), lr=0.002)
    for epoch in range(30):
        losses = []
        descent.param_groups[0]["lr"] = 0.002 * 0.5 * (1 + math.cos(math.pi * epoch / 30))
        for x, _ in parts.batches():
            one, other = (functional.normalize(model(x + 0.4 * torch.randn_like(x)), dim=1) for _ in range(2))
            loss = functional.cross_entropy(one @ other.T / 0.2, torch.arange(len(x)))
            descent.zero_grad()
            loss.backward()
            descent.step()
            losses.append(float(loss.detach()))
        yield {"epoch": epoch + 1, "train_loss": float(np.mean(losses))}


def late_drop() -> Iterator[Row]:
    """Parity of six signs: long at the start as if nothing were learned, then a fall."""
    random = np.random.default_rng(13)
    x = random.choice([-1.0, 1.0], (1200, 5)).astype(np.float32)
    parts = Parts((x + 0.1 * random.normal(size=x.shape).astype(np.float32), (x[:, :4].prod(axis=1) > 0).astype(np.int64)))
    return _classified(parts, lambda done: 1.0 - 0.9 * done, epochs=50, lr=0.02)


LOOPS: dict[str, tuple[Callable[[], Iterator[Row]], str, tuple[int, ...]]] = {  # function, data set, traps
    "cyclic": (cyclic, "circles", (26,)),
    "restarts": (restarts, "tabular", (26, 16)),
    "restarts-on-moons": (restarts_on_moons, "sorted-moons", (26, 16)),
    "validated-now-and-then": (validated_now_and_then, "sorted-moons", (24,)),
    "validated-once": (validated_once, "tabular", (24,)),
    "likelihood": (likelihood, "likelihood", (25,)),
    "step-by-step": (step_by_step, "friedman", (4,)),
    "summed-steps": (summed_steps, "sorted-moons", (4, 23)),
    "contrast": (contrast, "tabular", (3,)),
    "late-drop": (late_drop, "parity", (22,)),
}


def write_log(name: str, seed: int, file: Path) -> None:
    """Trains one of the loops and writes its rows; values a row lacks are empty cells."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rows = list(LOOPS[name][0]())
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(max(rows, key=len)), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
