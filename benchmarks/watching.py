"""What watching a loop costs: the time of its steps with `advisor.watch`, as a ratio to the same steps without.

Run with `python benchmarks/watching.py`; `--every 1` records every step, `--cpu` counts processor time in place of time on the clock
(for a machine that is busy with other things), `--only gru` takes some networks. Other tools are measured beside it where they are there:
`pip install wandb torchmortem cockpit-for-pytorch "setuptools<81"`. `wandb.watch` takes gradients at each 100th step, Cockpit its cheapest
set ("economy") at each 10th, torchmortem and the loop by hand look at every step. Where a tool fails on a network, the reason follows the
table.

Copies of a network train side by side on the same batches, step by step in turn: one plain, one watched that logs the loss of each
step, one with the loop that is often written by hand (`.item()` on the norm of each parameter's gradient, at every step), and one for each
other tool. Other work on the machine makes single steps several times as long, so costs are medians of differences to the plain step next
to it, of steps that were recorded and of others apart, weighed by how many there were. The first 50 steps are left out.
"""

import argparse
import csv
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

import advisor

FIRST = 50


class Recurrent(nn.Module):
    """A GRU and a head on its last state."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gru, self.head = nn.GRU(32, width, batch_first=True), nn.Linear(width, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.gru(x)[0][:, -1])


class Transformer(nn.Module):
    """Encoder layers and a head on the mean."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(128, 4, 256, batch_first=True)
        self.inside, self.body, self.head = nn.Linear(32, 128), nn.TransformerEncoder(layer, layers), nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(self.inside(x)).mean(1))


def mlp(width: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(768, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))


def cnn(width: int) -> nn.Module:
    blocks = [(3, width), (width, 2 * width)]
    layers = [layer for a, b in blocks for layer in (nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2))]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * width, 10))


# Of 5 to 10 and of about 50 ms a step on one thread of a laptop of these years.
NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp, 768-512-512-10, batch 128": (partial(mlp, 512), (128, 3, 16, 16)),
    "mlp, 768-1536-1536-10, batch 128": (partial(mlp, 1536), (128, 3, 16, 16)),
    "cnn, 16-32, 32 x 32, batch 16": (partial(cnn, 16), (16, 3, 32, 32)),
    "cnn, 32-64, 32 x 32, batch 48": (partial(cnn, 32), (48, 3, 32, 32)),
    "gru, 96, 24 steps, batch 16": (partial(Recurrent, 96), (16, 24, 32)),
    "gru, 256, 48 steps, batch 32": (partial(Recurrent, 256), (32, 48, 32)),
    "transformer, 2 x 128, 24 tokens, batch 8": (partial(Transformer, 2), (8, 24, 32)),
    "transformer, 4 x 128, 48 tokens, batch 16": (partial(Transformer, 4), (16, 48, 32)),
}
Loop = Iterator[float]
Told = Callable[[Tensor], object]  # called after each step with its loss
Backward = Callable[[Tensor, Tensor], Tensor]  # from outputs and classes to the loss, whose gradients it leaves in the parameters
Tool = Callable[[nn.Module, Optimizer, ExitStack], Told | tuple[Told, Backward]]
clock = time.perf_counter


def ours(folder: Path, every: int | str, model: nn.Module, optimizer: Optimizer, opened: ExitStack) -> Told:
    watcher = opened.enter_context(advisor.watch(model, optimizer, folder, record_every=every, quiet=True))
    return lambda loss: watcher.log(step=0, loss=loss)


def by_hand(model: nn.Module, optimizer: Optimizer, opened: ExitStack) -> Told:
    return lambda loss: [parameter.grad.norm().item() for parameter in model.parameters() if parameter.grad is not None]


def wandb_watch(model: nn.Module, optimizer: Optimizer, opened: ExitStack) -> Told:
    import wandb

    folder = opened.enter_context(tempfile.TemporaryDirectory())
    run = wandb.init(dir=folder, mode="offline", project="cost", settings=wandb.Settings(silent=True))
    opened.callback(run.finish)
    run.watch(model, log="gradients", log_freq=100)
    return lambda loss: run.log({"loss": loss.item()})


def torchmortem(model: nn.Module, optimizer: Optimizer, opened: ExitStack) -> Told:
    from torchmortem import Autopsy

    autopsy = Autopsy(model, optimizer=optimizer)
    autopsy.attach()
    return lambda loss: autopsy.step(loss=loss.item())


def cockpit(model: nn.Module, optimizer: Optimizer, opened: ExitStack) -> tuple[Told, Backward]:
    import backpack
    from cockpit import Cockpit
    from cockpit.utils.configuration import configuration
    from cockpit.utils.schedules import linear

    backpack.extend(model)
    mean, single = backpack.extend(nn.CrossEntropyLoss()), nn.CrossEntropyLoss(reduction="none")
    watching, steps = Cockpit(model.parameters(), configuration("economy", linear(10))), count()

    def backward(outputs: Tensor, y: Tensor) -> Tensor:
        step, loss = next(steps), mean(outputs, y)
        about = {"batch_size": len(y), "individual_losses": single(outputs, y), "loss": loss, "optimizer": optimizer}
        with watching(step, info=about):
            loss.backward(create_graph=watching.create_graph(step))
        return loss

    return lambda loss: None, backward


OTHERS: dict[str, Tool] = {".item() by hand": by_hand}
OTHERS |= {"wandb.watch": wandb_watch} if find_spec("wandb") else {}
OTHERS |= {"torchmortem": torchmortem} if find_spec("torchmortem") else {}
OTHERS |= {"Cockpit": cockpit} if find_spec("cockpit") else {}


def plainly(outputs: Tensor, y: Tensor) -> Tensor:
    loss = nn.functional.cross_entropy(outputs, y)
    loss.backward()  # type: ignore[no-untyped-call]
    return loss


def loop(network: Callable[[], nn.Module], shape: tuple[int, ...], tool: Tool | None = None) -> Loop:
    """Trains; gives the seconds of each step."""
    torch.manual_seed(0)
    model, draw = network(), torch.Generator().manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters())
    x, y = torch.randn(shape, generator=draw), torch.randint(0, 10, shape[:1], generator=draw)
    with ExitStack() as opened:
        tied = tool(model, optimizer, opened) if tool else None
        told, backward = tied if isinstance(tied, tuple) else (tied, plainly)
        while True:
            began = clock()
            outputs = model(x)
            optimizer.zero_grad()
            loss = backward(outputs, y)
            optimizer.step()
            if told:
                told(loss)
            yield clock() - began


def recorded(folder: Path) -> set[int]:
    """The steps that were looked into, from 1."""
    with (folder / "layers.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["step"]) for row in csv.DictReader(file)}


def cost(differences: list[float], chosen: set[int]) -> float:
    """Seconds a step over all: the medians of chosen steps and of the others, weighed by how many there are."""
    parts = [[d for step, d in enumerate(differences, FIRST + 1) if (step in chosen) is among] for among in (True, False)]
    return sum(len(part) * statistics.median(part) for part in parts if part) / len(differences)


def spike(differences: list[float]) -> float:
    """Seconds a step of a tool that works hard on some steps: the mean without the hundredth that is farthest off on either side."""
    ordered = sorted(differences)
    cut = len(ordered) // 200
    return statistics.fmean(ordered[cut : len(ordered) - cut])


def refusal(one: Loop) -> str:
    """Why a tool cannot train a network: what its first steps raise; empty where they pass."""
    try:
        for _ in range(12):
            next(one)
    except Exception as reason:  # noqa: BLE001 - whatever another tool raises is what the table says of it
        return f"{type(reason).__name__}: {str(reason).partition(chr(10))[0]}"
    finally:
        one.close()  # type: ignore[attr-defined]
    return ""


def measured(network: Callable[[], nn.Module], shape: tuple[int, ...], every: int | str, steps: int) -> dict[str, Any]:
    """Seconds of a plain step, what watching and the other tools add to it, and how many steps were recorded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        tools: dict[str, Tool] = {"watched": partial(ours, path, every), **OTHERS}
        failed = {name: said for name, tool in OTHERS.items() if (said := refusal(loop(network, shape, tool)))}
        tools = {name: tool for name, tool in tools.items() if name not in failed}
        loops = [loop(network, shape), *(loop(network, shape, tool) for tool in tools.values())]
        rounds = [[next(one) for one in loops] for _ in range(steps)][FIRST:]
        for one in loops:
            one.close()  # type: ignore[attr-defined]
        chosen = {step for step in recorded(path) if step > FIRST}
    plain = statistics.median(seconds[0] for seconds in rounds)
    added = {name: [seconds[at] - seconds[0] for seconds in rounds] for at, name in enumerate(tools, 1)}
    costs = {name: spike(differences) for name, differences in added.items()} | {"watched": cost(added["watched"], chosen)}
    ratios = {name: 1 + costs[name] / plain for name in tools}
    return {"plain": plain, "recorded": f"{len(chosen)}/{len(rounds)}", "failed": failed, **ratios}


def main() -> None:
    global clock
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", default="auto", help="steps from one recording to the next")
    parser.add_argument("--steps", type=int, default=650)
    parser.add_argument("--cpu", action="store_true", help="processor time of the one thread")
    parser.add_argument("--only", default="", help="networks whose names begin so")
    given = parser.parse_args()
    clock = time.thread_time if given.cpu else time.perf_counter
    os.environ["WANDB_MODE"] = "offline"
    warnings.filterwarnings("ignore", message="Full backward hook")  # torchmortem's
    torch.set_num_threads(1)
    print(f"{'network':42} {'ms a step':>9} {'recorded':>9}", *(f"{name:>16}" for name in ("watched", *OTHERS)))
    refused: dict[str, str] = {}
    for name, (network, shape) in NETWORKS.items():
        if name.startswith(given.only):
            found = measured(network, shape, given.every if given.every == "auto" else int(given.every), given.steps)
            ratios = (f"{found[tool]:16.4f}" if tool in found else f"{'fails':>16}" for tool in ("watched", *OTHERS))
            print(f"{name:42} {found['plain'] * 1000:9.1f} {found['recorded']:>9}", *ratios, flush=True)
            refused |= {f"{tool} on {name}": reason for tool, reason in found["failed"].items()}
    for where, reason in refused.items():
        print(f"{where}: {reason}")


if __name__ == "__main__":
    main()
