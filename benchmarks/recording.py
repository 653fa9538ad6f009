"""What recording costs: the processor time of training steps with the recorder on, as a ratio to the same steps without.

Run with `python benchmarks/recording.py`. Then: what a whole `advisor train` takes beside its steps, in milliseconds of processor time.

"auto" records the first 10 steps and then 10 an epoch; "every step" is `train.record_every = 1`. Steps with and without recording
alternate in short blocks, so that other work on the machine disturbs both alike; shown is the median over the blocks.
"""

import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from advisor.config import load
from advisor.training import train
from advisor.training.folder import RunFolder, run_columns
from advisor.training.probes import probe
from advisor.training.progress import Progress, checkpoint
from advisor.training.recorder import Recorder, is_due
from advisor.training.repeatable import repeatable
from advisor.training.setup import set_up

OPTIMIZERS: dict[nn.Module, torch.optim.Optimizer] = {}
SIZES = {  # widths, batch size, steps an epoch, blocks
    "digits, 2 x 64, batch 32": ((64, 64, 64, 10), 32, 45, 31),
    "5 x 256, batch 64": ((64, *[256] * 5, 10), 64, 45, 11),
    "4 x 1024, batch 256": ((64, *[1024] * 4, 10), 256, 20, 3),
}


def network(widths: tuple[int, ...]) -> nn.Sequential:
    layers = [layer for inputs, outputs in pairwise(widths) for layer in (nn.Linear(inputs, outputs), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


def steps(model: nn.Module, data: tuple[Tensor, Tensor], count: int, recorder: Recorder | None, every: int | str) -> float:
    """Seconds a step, over one epoch."""
    x, y = data
    optimizer = OPTIMIZERS[model]
    began = time.process_time()
    for step in range(101 * count + 1, 102 * count + 1):  # an epoch far from the first
        is_recorded = recorder is not None and is_due(step, count, every)
        if recorder and is_recorded:
            recorder.begin()
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        if recorder and is_recorded:
            recorder.after_backward()
        optimizer.step()
        if recorder and is_recorded:
            recorder.end()
    return (time.process_time() - began) / count


def best(work: Callable[[], object], times: int = 5) -> float:
    """Milliseconds of processor time, the least of some tries."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1000 * min(spent)


def whole(started: float) -> None:
    """The default Config: what surrounds its steps."""
    config = load(None)
    with repeatable(config), tempfile.TemporaryDirectory() as parent:
        setup = set_up(config)
        print(f"\n{'default Config':28} {'ms':>10}")
        print(f"{'start, imports included':28} {started:10.0f}")
        print(f"{'data, network, optimiser':28} {best(lambda: set_up(config)):10.1f}")
        print(f"{'probes':28} {best(lambda: probe(setup)):10.1f}")
        with RunFolder.create(Path(parent) / "run", config, setup.data.task) as out:
            state = checkpoint(setup, Progress())
            row = dict.fromkeys(run_columns(setup.data.task), 0.123456789)
            print(f"{'checkpoint, an epoch':28} {best(lambda: out.save_checkpoint(state)):10.1f}")
            print(f"{'row of run.csv, an epoch':28} {best(lambda: out.add_epoch(row)):10.2f}")
        for every in (10**9, "auto", 1):
            chosen = load(None, ["train.epochs=10", f"train.record_every={json.dumps(every)}"])
            numbers = itertools.count()
            took = best(lambda chosen=chosen, every=every, numbers=numbers: train(chosen, Path(parent) / f"{every}-{next(numbers)}"), 3)
            print(f"{f'10 epochs, every {every}':28} {took:10.1f}")


def main() -> None:
    started = 1000 * time.process_time()  # Python, torch and this package
    torch.set_num_threads(1)
    print(f"{'network':28} {'ms a step':>10} {'auto':>8} {'every step':>11}")
    for name, (widths, batch, count, many) in SIZES.items():
        torch.manual_seed(0)
        model = network(widths)
        OPTIMIZERS[model] = torch.optim.Adam(model.parameters())
        data = torch.randn(batch, widths[0]), torch.randint(0, widths[-1], (batch,))
        recorder = Recorder(model)
        ways: list[tuple[Recorder | None, int | str]] = [(None, 1), (recorder, "auto"), (recorder, 1)]
        blocks = [[steps(model, data, count, *way) for way in ways] for _ in range(many + 1)][1:]
        off, auto, always = (statistics.median(block[i] for block in blocks) for i in range(3))
        print(f"{name:28} {1000 * off:10.3f} {auto / off:8.2f} {always / off:11.2f}")
    whole(started)


if __name__ == "__main__":
    main()
