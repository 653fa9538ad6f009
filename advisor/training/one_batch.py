"""Whether a few samples can be fitted: the cheapest sign that network, loss and targets are wired together.

After A. Karpathy, "A Recipe for Training Neural Networks" (2019): "overfit one batch". A copy takes a few steps of Adam on 16 samples
from all over the training part, without dropout. How many steps depends on the size of the network and never on the clock, so that
the same Config gives the same numbers.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from advisor.training.activations import unit_axis
from advisor.training.eager import eager
from advisor.training.measures import scores
from advisor.training.setup import Setup

SAMPLES = 16
STEPS = 40
# Two rates, for one that suits a narrow network breaks a wide or deep one.
RATES = (1e-2, 1e-3)
ENOUGH = 0.05  # of the loss, or of a guess's where that is less; what comes behind it says nothing more
FEWEST_STEPS = 10  # with fewer a result would mean nothing
# Multiplications that all steps together may take, about half a second of one core; a graphics card takes them in less.
WORK = {"cpu": 4e9}
WORK_ELSEWHERE = 4e11
BACKWARD = 3  # forward and backward pass, in forward passes
UPDATE = 10  # what Adam costs a parameter, in multiplications
# The samples of the first loss, and the outputs of layers that may be kept for its gradients, in numbers.
FIRST_SAMPLES = 256
KEPT = 5e7


@dataclass(frozen=True)
class Effort:
    """How much is tried before training, by the size of the network."""

    first_samples: int
    steps: int  # 0: too large to fit a batch at once


@torch.no_grad()
def effort_of(model: nn.Module, x: Tensor) -> Effort:
    """What a network of this size can afford; `model` is a copy, its state may change."""
    few = x[:2]
    work, kept = [0], [0]

    def count(module: nn.Module, _: Any, output: Any) -> None:
        first = output[0] if isinstance(output, tuple) else output
        if isinstance(first, Tensor) and first.ndim:
            kept[0] += first.numel()
            units = first.shape[axis] if (axis := unit_axis(module)) is not None else 1
            work[0] += first.numel() // max(units, 1) * sum(parameter.numel() for parameter in module.parameters(recurse=False))

    for module in model.modules():
        module.register_forward_hook(count)
    model(few)
    a_step = BACKWARD * work[0] / len(few) * SAMPLES + UPDATE * sum(parameter.numel() for parameter in model.parameters())
    affordable = int(WORK.get(x.device.type, WORK_ELSEWHERE) / len(RATES) / max(a_step, 1))
    steps = min(STEPS, affordable) if affordable >= FEWEST_STEPS else 0
    return Effort(min(FIRST_SAMPLES, max(SAMPLES, int(KEPT * len(few) / max(kept[0], 1)))), steps)


def guess(setup: Setup, outputs: Tensor, y: Tensor) -> Tensor:
    """Outputs (the same shape) that know nothing of the inputs: zeros for classes, the mean target for numbers."""
    zeros = torch.zeros_like(outputs, requires_grad=False)
    return zeros if setup.data.task == "classification" else zeros + y.mean(dim=0).reshape(zeros.shape[1:])


def fitted(model: nn.Module, setup: Setup, effort: Effort) -> dict[str, Any] | None:
    """How far the loss on a few samples falls: `samples`, `steps` taken, `first_loss` and `last_loss`, the share `removed`, and the score.

    `accuracy` or `r2` is that of the fitted copy on the same samples. None where no step can be afforded.
    """
    if not effort.steps:
        return None
    _without_dropout(model)
    found = _descended(copy.deepcopy(model), setup, RATES[0], effort.steps)
    if found["steps"] < effort.steps:
        return found
    return min(found, _descended(model, setup, RATES[1], effort.steps), key=lambda each: float(each["last_loss"]))


def _descended(model: nn.Module, setup: Setup, rate: float, steps: int) -> dict[str, Any]:
    x, y = _samples(setup)
    moved = [parameter for parameter in model.parameters() if parameter.requires_grad]
    make: Callable[..., torch.optim.Optimizer] = eager(torch.optim.Adam)
    optimizer = make(moved, lr=rate)
    losses: list[float] = []
    while True:
        outputs = model(x)
        loss = setup.loss.unweighted(outputs, y)
        losses.append(float(loss.detach()))
        floor = min(losses[0], float(setup.loss.unweighted(guess(setup, outputs, y), y))) * ENOUGH
        if len(losses) > steps or not losses[-1] > floor:
            break
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    score = scores("train", setup.data.task, setup.loss.predict(outputs.detach()), y)
    return _told(len(x), losses) | {name.removeprefix("train_"): value for name, value in score.items()}


def _samples(setup: Setup) -> tuple[Tensor, Tensor]:
    """Some from all over the training part, which may be sorted."""
    x, y = setup.data.x_train, setup.data.y_train
    rows = torch.linspace(0, len(x) - 1, min(SAMPLES, len(x))).long().to(x.device)
    return x[rows], y[rows]


def _told(samples: int, losses: list[float]) -> dict[str, Any]:
    first, last = losses[0], losses[-1]
    return {"samples": samples, "steps": len(losses) - 1, "first_loss": first, "last_loss": last, "removed": _removed(first, last)}


def _removed(first: float, last: float) -> float:
    """The share of the loss that is gone; 0 where it rose or is no number, 1 where there was none."""
    if first == 0:
        return 1.0
    share = 1 - last / first
    return max(0.0, share) if share == share else 0.0


def _without_dropout(model: nn.Module) -> None:
    for module in model.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
