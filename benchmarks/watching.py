"""What watching a loop costs: the time of its steps with `advisor.watch`, as a ratio to the same steps without.

Run with `python benchmarks/watching.py`; `--every 1` records every step.

Three copies of a network train side by side on the same batches, step by step in turn: one plain, one watched that logs the loss of each
step, and one with the loop that is often written by hand: `.item()` on the norm of each parameter's gradient, at every step. Other work on
the machine makes single steps several times as long, so costs are medians of differences to the plain step next to it, of steps that were
recorded and of others apart, weighed by how many there were. The first 50 steps are left out.
"""

import argparse
import csv
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import torch
from torch import Tensor, nn

import advisor

STEPS, FIRST = 650, 50


class Recurrent(nn.Module):
    """A GRU and a head on its last state."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.head = nn.GRU(32, 96, batch_first=True), nn.Linear(96, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.gru(x)[0][:, -1])


class Transformer(nn.Module):
    """Two encoder layers and a head on the mean."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(128, 4, 256, batch_first=True)
        self.inside, self.body, self.head = nn.Linear(32, 128), nn.TransformerEncoder(layer, 2), nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(self.inside(x)).mean(1))


def mlp() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(768, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def cnn() -> nn.Module:
    blocks = [(3, 16), (16, 32)]
    layers = [layer for a, b in blocks for layer in (nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2))]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp, 768-512-512-10, batch 128": (mlp, (128, 3, 16, 16)),
    "cnn, 16-32, 32 x 32, batch 16": (cnn, (16, 3, 32, 32)),
    "gru, 96, 24 steps, batch 16": (Recurrent, (16, 24, 32)),
    "transformer, 2 x 128, 24 tokens, batch 8": (Transformer, (8, 24, 32)),
}
Loop = Iterator[float]


def loop(network: Callable[[], nn.Module], shape: tuple[int, ...], by_hand: bool = False, **watching: object) -> Loop:
    """Trains; gives the seconds of each step."""
    torch.manual_seed(0)
    model, draw = network(), torch.Generator().manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters())
    x, y = torch.randn(shape, generator=draw), torch.randint(0, 10, shape[:1], generator=draw)
    with ExitStack() as open_:
        watcher = open_.enter_context(advisor.watch(model, optimizer, quiet=True, **watching)) if watching else None  # type: ignore[arg-type]
        while True:
            began = time.perf_counter()
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            if watcher:
                watcher.log(step=0, loss=loss)
            if by_hand:
                [parameter.grad.norm().item() for parameter in model.parameters() if parameter.grad is not None]
            yield time.perf_counter() - began


def recorded(folder: Path) -> set[int]:
    """The steps that were looked into, from 1."""
    with (folder / "layers.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["step"]) for row in csv.DictReader(file)}


def cost(differences: list[float], chosen: set[int]) -> float:
    """Seconds a step over all: the medians of chosen steps and of the others, weighed by how many there are."""
    parts = [[d for step, d in enumerate(differences, FIRST + 1) if (step in chosen) is among] for among in (True, False)]
    return sum(len(part) * statistics.median(part) for part in parts if part) / len(differences)


def measured(network: Callable[[], nn.Module], shape: tuple[int, ...], every: int | str) -> tuple[float, float, float, int]:
    """Seconds of a plain step, what watching and what the loop by hand add to it, and how many steps were recorded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        watched = loop(network, shape, run_dir=path, record_every=every)
        loops = [loop(network, shape), watched, loop(network, shape, by_hand=True)]
        rounds = [[next(one) for one in loops] for _ in range(STEPS)][FIRST:]
        watched.close()  # type: ignore[attr-defined]
        steps = {step for step in recorded(path) if step > FIRST}
    plain = statistics.median(seconds[0] for seconds in rounds)
    watching = cost([seconds[1] - seconds[0] for seconds in rounds], steps)
    return plain, watching, statistics.median(seconds[2] - seconds[0] for seconds in rounds), len(steps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", default="auto", help="steps from one recording to the next")
    every = parser.parse_args().every
    torch.set_num_threads(1)
    print(f"{'network':42} {'ms a step':>9} {'watched':>8} {'recorded':>10} {'.item() by hand':>16}")
    for name, (network, shape) in NETWORKS.items():
        plain, watching, by_hand, steps = measured(network, shape, every if every == "auto" else int(every))
        share = f"{steps}/{STEPS - FIRST}"
        print(f"{name:42} {plain * 1000:9.1f} {1 + watching / plain:8.4f} {share:>10} {1 + by_hand / plain:16.4f}", flush=True)


if __name__ == "__main__":
    main()
