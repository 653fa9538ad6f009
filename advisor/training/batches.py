"""The training samples of an epoch, batch by batch, in an order that no other random number disturbs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from advisor.config import Config
from advisor.training.data import Data

# Added to train.seed, so that order, noise and weights are drawn from streams of their own.
ORDER_STREAM = 0x0DDE
NOISE_STREAM = 0x0153


@dataclass(frozen=True, eq=False)
class Batch:
    """Some training samples and their targets."""

    x: Tensor
    y: Tensor


class Batches:
    """Iterating gives the batches of one epoch; the generators go on from epoch to epoch."""

    def __init__(self, config: Config, data: Data, model: nn.Module) -> None:
        self.x, self.y = data.x_train, data.y_train
        self.size = len(self.x) if config.data.batch_size == "full" else min(config.data.batch_size, len(self.x))
        self.shuffle, self.noise = config.data.shuffle, config.data.augment_noise
        self._order = torch.Generator().manual_seed(config.train.seed + ORDER_STREAM)
        self._noise = torch.Generator().manual_seed(config.train.seed + NOISE_STREAM)
        self._starts = _starts(len(self.x), self.size, needs_two=_has_batch_norm(model))

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Batch]:
        if self.size == len(self.x):
            yield Batch(self._noisy(self.x), self.y)
            return
        samples = len(self.x)
        order = torch.randperm(samples, generator=self._order) if self.shuffle else torch.arange(samples)
        order = order.to(self.x.device)
        for start in self._starts:
            chosen = order[start : start + self.size]
            yield Batch(self._noisy(self.x[chosen]), self.y[chosen])

    def state(self) -> dict[str, Any]:
        """Where both generators stand."""
        return {"order": self._order.get_state(), "noise": self._noise.get_state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from where `state` was taken."""
        self._order.set_state(state["order"])
        self._noise.set_state(state["noise"])

    def _noisy(self, x: Tensor) -> Tensor:
        if not self.noise or not x.is_floating_point():
            return x
        return x + self.noise * torch.randn(x.shape, generator=self._noise).to(x.device)


def _starts(samples: int, size: int, *, needs_two: bool) -> range:
    """Where batches begin; the last may be short, but a single sample has no spread to normalise by."""
    leaves_one = samples % size == 1 and size > 1
    return range(0, samples - 1 if leaves_one and needs_two else samples, size)


def _has_batch_norm(model: nn.Module) -> bool:
    return any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in model.modules())
