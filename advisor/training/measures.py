"""How good predictions are: accuracies for classes, R² for numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from advisor.training.data import Data
from advisor.training.files import Cell
from advisor.training.losses import Loss

# Samples that are predicted at once outside of training: bounds the memory, and is the same on every machine.
CHUNK = 1024


def accuracy(predictions: Tensor, targets: Tensor) -> float:
    """The share of samples whose class is right."""
    return float((predictions == targets).double().mean())


def balanced_accuracy(predictions: Tensor, targets: Tensor) -> float:
    """The mean over classes of the share that is found; classes without samples do not count.

    >>> balanced_accuracy(torch.tensor([0, 0, 0, 0]), torch.tensor([0, 0, 0, 1]))
    0.5
    """
    predictions, targets = predictions.reshape(-1), targets.reshape(-1)
    found = torch.bincount(targets[predictions == targets], minlength=int(targets.max()) + 1)
    samples = torch.bincount(targets, minlength=len(found))
    return float((found[samples > 0].double() / samples[samples > 0]).mean())


def r2(predictions: Tensor, targets: Tensor) -> float | None:
    """The share of the targets' variance that is explained, mean over targets; None where no target varies.

    >>> r2(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 3.0]))
    1.0
    """
    expected = targets.reshape(len(targets), -1).double().cpu()
    errors = (predictions.reshape(expected.shape).double().cpu() - expected).square().sum(dim=0)
    spread = (expected - expected.mean(dim=0)).square().sum(dim=0)
    varies = spread > 0
    return float((1 - errors[varies] / spread[varies]).mean()) if bool(varies.any()) else None


def scores(part: str, task: str, predictions: Tensor, targets: Tensor) -> dict[str, Cell]:
    """The figures of a task by their column names, such as `val_accuracy`."""
    if task == "regression":
        return {f"{part}_r2": r2(predictions, targets)}
    figures: dict[str, Cell] = {f"{part}_accuracy": accuracy(predictions, targets)}
    return figures if part == "train" else figures | {f"{part}_balanced_accuracy": balanced_accuracy(predictions, targets)}


@dataclass(frozen=True, eq=False)
class Part:
    """Held-out samples and their targets."""

    name: str
    x: Tensor
    y: Tensor


def held_out(data: Data, name: str) -> Part | None:
    """The `val` or `test` part, if there is one."""
    x, y = getattr(data, f"x_{name}"), getattr(data, f"y_{name}")
    return None if x is None else Part(name, x, y)


@torch.no_grad()
def outputs_of(model: nn.Module, x: Tensor) -> Tensor:
    """What the model gives for `x` outside of training: no dropout, running statistics. Leaves it in the mode it was in."""
    was_training = model.training
    model.eval()
    outputs: Sequence[Tensor] = [model(chunk) for chunk in torch.split(x, CHUNK)]
    model.train(was_training)
    return torch.cat(list(outputs))


def measured(model: nn.Module, loss: Loss, part: Part | None, task: str) -> dict[str, Cell]:
    """Loss and scores on a held-out part; nothing where there is none."""
    if part is None:
        return {}
    outputs = outputs_of(model, part.x)
    figures: dict[str, Cell] = {f"{part.name}_loss": float(loss.unweighted(outputs, part.y))}
    return figures | scores(part.name, task, loss.predict(outputs), part.y)
