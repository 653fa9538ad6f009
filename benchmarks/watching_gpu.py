"""That watching waits for no device: what the profiler saw of CUDA's waiting calls, with and without `advisor.watch`.

Run with `python benchmarks/watching_gpu.py`; without a GPU it says so and ends. It fails where a step that is not recorded waits at all,
or where a recorded one brings its numbers over in more than one transfer.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

import advisor

WAITING = ("cudaStreamSynchronize", "cudaEventSynchronize", "Memcpy DtoH")
STEPS = 20


def waits(action: Callable[[], None]) -> int:
    """How often CUDA was waited for, or something copied back from it."""
    torch.cuda.synchronize()
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
        action()
    # cudaDeviceSynchronize does not count: the profiler itself calls it when it ends.
    return sum(event.count for event in seen.key_averages() if event.key.startswith(WAITING))


def main() -> None:
    if not torch.cuda.is_available():
        print("skipped: no GPU on this machine; that nothing waits for one is checked only where there is one")
        return
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 512), nn.Tanh(), nn.Linear(512, 10)).cuda()
    optimizer = torch.optim.Adam(model.parameters())
    x, y = torch.randn(64, 256, device="cuda"), torch.randint(0, 10, (64,), device="cuda")

    def step() -> torch.Tensor:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    def steps() -> None:
        for _ in range(STEPS):
            step()

    steps()
    plain = waits(steps)
    with tempfile.TemporaryDirectory() as folder:
        with advisor.watch(model, optimizer, Path(folder) / "run", record_every=30, quiet=True) as watcher:
            step()  # the first is recorded

            def logged() -> None:
                for _ in range(STEPS):
                    watcher.log(step=0, loss=step())

            def recorded_step() -> None:
                step()

            watched = waits(logged)
            for _ in range(8):
                step()
            recorded = waits(recorded_step)  # the thirtieth
        print(f"waits in {STEPS} steps: {plain} plain, {watched} watched and logged; {recorded} in a recorded step")
    assert watched == plain, "a step that is not recorded waits for the device"
    assert recorded <= 2, "a recorded step brings its numbers over in more than one transfer"  # the copy, and waiting for it


if __name__ == "__main__":
    main()
