"""A few steps at other rates, and on labels that mean nothing: what a finished recording alone cannot tell.

Each trial starts from the same fresh network, as the Config draws it, and sees the same batches. How many steps it takes depends on the
size of the network and never on the clock.
"""

import copy
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from advisor.config import Config
from advisor.training.batches import Batches
from advisor.training.data import Data
from advisor.training.functions import seed_everything
from advisor.training.one_batch import effort_of
from advisor.training.optimizers import build_optimizer, clip_gradients
from advisor.training.probes import undisturbed
from advisor.training.repeatable import device_of, repeatable
from advisor.training.setup import Setup, set_up

MEASURED = 512  # training samples that tell how far a trial came
FACTORS = {"tenth": 0.1, "as_set": 1.0, "tenfold": 10.0}


def short_trials(config: Config) -> dict[str, Any] | None:
    """The loss before and after a few steps: `steps`, `first`; `as_set`, at a `tenth` and `tenfold` of the rate, on `shuffled` labels.

    Losses are means over the first 512 training samples, in evaluation mode and without class weights; nan or inf where training broke.
    None where the network is too large for a quick look. Nothing is written, and random numbers are put back.
    """
    with repeatable(config), undisturbed(device_of(config)):
        setup = set_up(config)
        steps = effort_of(copy.deepcopy(setup.model), setup.data.x_train).steps
        if not steps:
            return None
        told: dict[str, Any] = {"steps": steps, "first": _loss(setup, setup.model, setup.data)}
        told |= {name: _after(setup, setup.data, steps, factor) for name, factor in FACTORS.items()}
        return told | {"shuffled": _after(setup, _shuffled(setup.data), steps, 1.0)}


def _after(setup: Setup, data: Data, steps: int, factor: float) -> float:
    seed_everything(setup.config.train.seed)
    model = copy.deepcopy(setup.model)
    optimizer = build_optimizer(setup.config, model)
    for group in optimizer.param_groups:
        group["lr"] *= factor
    batches, taken = Batches(setup.config, data, model), 0
    while taken < steps:
        for batch in batches:
            optimizer.zero_grad()
            torch.autograd.backward(setup.loss(model(batch.x), batch.y))
            clip_gradients([one for one in model.parameters() if one.requires_grad], setup.config.optim.clip_norm)
            optimizer.step()
            taken += 1
            if taken >= steps:
                break
    return _loss(setup, model, data)


@torch.no_grad()
def _loss(setup: Setup, model: nn.Module, data: Data) -> float:
    was_training = model.training
    model.eval()
    loss = float(setup.loss.unweighted(model(data.x_train[:MEASURED]), data.y_train[:MEASURED]))
    model.train(was_training)
    return loss


def _shuffled(data: Data) -> Data:
    order = torch.randperm(len(data.y_train), generator=torch.Generator().manual_seed(0))
    return replace(data, y_train=data.y_train[order.to(data.y_train.device)])
