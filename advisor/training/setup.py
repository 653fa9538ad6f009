"""Config → everything that a training needs, each made once and in this order."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from advisor.config import Config
from advisor.training.batches import Batches
from advisor.training.data import Data, load_data
from advisor.training.functions import seed_everything
from advisor.training.losses import Loss, build_loss
from advisor.training.models import build
from advisor.training.optimizers import build_optimizer
from advisor.training.repeatable import device_of
from advisor.training.schedules import Schedule, build_schedule


@dataclass(frozen=True, eq=False)
class Setup:
    """What is trained, on what, and by what."""

    config: Config
    device: torch.device
    data: Data
    model: nn.Module
    loss: Loss
    batches: Batches
    optimizer: Optimizer
    schedule: Schedule
    notes: tuple[str, ...]

    @property
    def trainable(self) -> list[nn.Parameter]:
        """The parameters that the optimiser moves."""
        return [parameter for parameter in self.model.parameters() if parameter.requires_grad]


def set_up(config: Config) -> Setup:
    """Data, model, loss, batches, optimiser and schedule of a Config; raises AdvisorError where they do not suit each other."""
    device = device_of(config)
    seed_everything(config.data.seed)
    data = load_data(config)
    loss = build_loss(config, data)
    seed_everything(config.train.seed)
    built = build(config, data)
    model, data = built.module.to(device).train(), _moved(data, device)
    batches = Batches(config, data, model)
    optimizer = build_optimizer(config, model)
    schedule = build_schedule(config, optimizer, len(batches))
    return Setup(config, device, data, model, loss, batches, optimizer, schedule, (*config.notes, *data.notes, *built.notes))


def _moved(data: Data, device: torch.device) -> Data:
    tensors: dict[str, Any] = {name: value.to(device) for name, value in vars(data).items() if isinstance(value, Tensor)}
    return replace(data, **tensors)
