"""What recording costs: the time of training steps with the recorder on, as a ratio to the same steps without.

Run with `python benchmarks/recording.py`.

"auto" records the first 10 steps and then 10 an epoch; "every step" is `train.record_every = 1`. Steps with and without recording
alternate in short blocks, so that other work on the machine disturbs both alike; shown is the median over the blocks.
"""

import statistics
import time
from itertools import pairwise

import torch
from torch import Tensor, nn

from advisor.training.recorder import Recorder, is_due

BLOCKS = 15
OPTIMIZERS: dict[nn.Module, torch.optim.Optimizer] = {}
SIZES = {  # widths, batch size, steps an epoch
    "digits, 2 x 64, batch 32": ((64, 64, 64, 10), 32, 45),
    "5 x 256, batch 64": ((64, *[256] * 5, 10), 64, 45),
    "4 x 1024, batch 256": ((64, *[1024] * 4, 10), 256, 40),
}


def network(widths: tuple[int, ...]) -> nn.Sequential:
    layers = [layer for inputs, outputs in pairwise(widths) for layer in (nn.Linear(inputs, outputs), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


def steps(model: nn.Module, data: tuple[Tensor, Tensor], count: int, recorder: Recorder | None, every: int | str) -> float:
    """Seconds a step, over one epoch."""
    x, y = data
    optimizer = OPTIMIZERS[model]
    began = time.perf_counter()
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
    return (time.perf_counter() - began) / count


def main() -> None:
    torch.set_num_threads(1)
    print(f"{'network':28} {'ms a step':>10} {'auto':>8} {'every step':>11}")
    for name, (widths, batch, count) in SIZES.items():
        torch.manual_seed(0)
        model = network(widths)
        OPTIMIZERS[model] = torch.optim.Adam(model.parameters())
        data = torch.randn(batch, widths[0]), torch.randint(0, widths[-1], (batch,))
        recorder = Recorder(model)
        ways: list[tuple[Recorder | None, int | str]] = [(None, 1), (recorder, "auto"), (recorder, 1)]
        blocks = [[steps(model, data, count, *way) for way in ways] for _ in range(BLOCKS)][1:]
        off, auto, always = (statistics.median(block[i] for block in blocks) for i in range(3))
        print(f"{name:28} {1000 * off:10.3f} {auto / off:8.2f} {always / off:11.2f}")


if __name__ == "__main__":
    main()
