"""What is minimised, and how outputs are read as classes or numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from advisor.config import Config
from advisor.errors import ConfigError, ConfigProblem
from advisor.training.data import Data

ELEMENTWISE: dict[str, Callable[..., Tensor]] = {
    "bce": functional.binary_cross_entropy_with_logits,
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
}


@dataclass(frozen=True, eq=False)
class Loss:
    """One loss: called with outputs and targets it is the mean that training minimises; `unweighted` is the one to report and compare."""

    name: str  # cross_entropy, bce, mse, mae or huber
    classes: int  # 0 where numbers are predicted
    weights: Tensor | None = None  # (classes,) what a sample of each class counts; on the training loss alone

    @property
    def unweighted(self) -> "Loss":
        """The same loss with every sample counting the same: what validation is measured with."""
        return self if self.weights is None else replace(self, weights=None)

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of a batch, a scalar; with weights the weighted mean."""
        outputs, expected = self._aligned(outputs, targets)
        weights = None if self.weights is None else self.weights.to(outputs.device)
        if self.name == "cross_entropy":
            return functional.cross_entropy(outputs, targets, weight=weights)
        if weights is None:
            return ELEMENTWISE[self.name](outputs, expected)
        by_sample = ELEMENTWISE[self.name](outputs, expected, reduction="none").flatten(1).mean(1)
        return (by_sample * weights[targets]).sum() / weights[targets].sum()

    def by_sample(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The unweighted loss of each sample, (samples,); its mean is what is reported."""
        outputs, expected = self._aligned(outputs, targets)
        if self.name == "cross_entropy":
            return functional.cross_entropy(outputs, targets, reduction="none")
        return ELEMENTWISE[self.name](outputs, expected, reduction="none").flatten(1).mean(1)

    def predict(self, outputs: Tensor) -> Tensor:
        """Classes as the loss reads them: the largest output, under bce one above 0; or the numbers themselves (samples, targets)."""
        if self.name == "bce":
            return (outputs.reshape(len(outputs)) > 0).long()
        return outputs.argmax(dim=1) if self.classes else outputs.reshape(len(outputs), -1)

    def _aligned(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs, and targets of their shape: bce's classes as 0 and 1, other losses' classes as one-hot rows."""
        if self.name == "cross_entropy":
            return outputs, targets
        if self.name == "bce" or not self.classes:
            expected = targets.reshape(len(targets), -1).to(outputs.dtype)
            return outputs.reshape(expected.shape), expected
        return outputs, functional.one_hot(targets, self.classes).to(outputs.dtype)


def build_loss(config: Config, data: Data) -> Loss:
    """The loss that train.loss names; `auto` follows the task. Raises ConfigError where it does not suit the data."""
    name = config.train.loss
    if name == "auto":
        name = "cross_entropy" if data.task == "classification" else "mse"
    _check_suits(name, data)
    balanced = config.train.class_weights == "balanced" and data.task == "classification"
    return Loss(name, len(data.classes), _balanced(data) if balanced else None)


def _check_suits(name: str, data: Data) -> None:
    if data.task == "regression" and name in {"cross_entropy", "bce"}:
        raise ConfigError(
            [ConfigProblem("train.loss", f'"{name}" with numbers to predict', '"mse", "mae" or "huber" (or data.task = "classification")')]
        )
    if name == "bce" and len(data.classes) != 2:
        raise ConfigError([ConfigProblem("train.loss", f'"bce" with {len(data.classes)} classes', 'two classes (or "cross_entropy")')])


def _balanced(data: Data) -> Tensor:
    """Weights samples / (classes · count), with which each class counts the same in total; 0 for a class without samples."""
    counts = torch.bincount(data.y_train.reshape(-1), minlength=len(data.classes)).float()
    return torch.where(counts > 0, counts.sum() / (len(data.classes) * counts.clamp(min=1)), 0.0)
