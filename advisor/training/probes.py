"""What can be told of a network before its first step. Everything is tried on copies; the training itself stays bit for bit the same."""

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from advisor.config.places import place_of
from advisor.errors import AdvisorError
from advisor.training.one_batch import Effort, effort_of, fitted, guess
from advisor.training.setup import Setup
from advisor.training.within import within

FEW = 2  # samples that show of what a module is made


def probe(setup: Setup) -> dict[str, Any]:
    """What run.json holds under facts.probes.

    `first_loss` and `guess_loss` are losses over the first 256 training samples (fewer of a large network); a guess gives the same
    outputs for every sample: zeros for classes (each equally likely), the mean target for numbers. `unreached` parameters are not part
    of what is computed, `zero_gradient` ones are, and still receive exactly zero. `one_batch` is how well a copy fits a few samples, see
    `advisor.training.one_batch`; None where the network is too large for a quick look.
    """
    with undisturbed(setup.device):
        effort = effort_of(_copied(setup.model), setup.data.x_train)
        return _first_step(setup, effort) | {"one_batch": fitted(_copied(setup.model), setup, effort)}


def seen(setup: Setup) -> dict[str, Any]:
    """What run.json holds under facts.module, see `advisor.training.within`; empty for the built-in networks, which a Config describes."""
    if place_of(setup.config.model.kind) != "function":
        return {}
    with undisturbed(setup.device):
        try:
            return {"module": within(_copied(setup.model), setup.data.x_train[:FEW])}
        except Exception:  # noqa: BLE001 - code of the user's, which may not take so few samples in training
            return {}


@torch.no_grad()
def first_loss(setup: Setup) -> float:
    """The first of the losses that `probe` notes down, alone."""
    with undisturbed(setup.device):
        effort = effort_of(_copied(setup.model), setup.data.x_train)
        return float(_first_pass(_copied(setup.model), setup, effort)[0])


def _first_pass(model: nn.Module, setup: Setup, effort: Effort) -> tuple[Tensor, Tensor, Tensor]:
    """The loss of the first samples, what the model gives for them, and their targets."""
    x, y = setup.data.x_train[: effort.first_samples], setup.data.y_train[: effort.first_samples]
    outputs = model(x)
    return setup.loss.unweighted(outputs, y), outputs, y


def _first_step(setup: Setup, effort: Effort) -> dict[str, Any]:
    model = _copied(setup.model)
    loss, outputs, y = _first_pass(model, setup, effort)
    trainable = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    gradients = torch.autograd.grad(loss, list(trainable.values()), allow_unused=True)
    guess_loss = setup.loss.unweighted(guess(setup, outputs, y), y)
    return {
        "first_loss": float(loss.detach()),
        "guess_loss": float(guess_loss),
        "unreached": [name for name, gradient in zip(trainable, gradients, strict=True) if gradient is None],
        "zero_gradient": [name for name, gradient in zip(trainable, gradients, strict=True) if gradient is not None and not gradient.any()],
    }


@contextmanager
def undisturbed(device: torch.device) -> Iterator[None]:
    """Puts the random numbers of PyTorch, numpy and Python back to where they were."""
    python, numbers = random.getstate(), np.random.get_state()  # noqa: NPY002 - what a module of the user's may draw from
    try:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numbers)  # noqa: NPY002


def _copied(model: nn.Module) -> nn.Module:
    try:
        return copy.deepcopy(model)
    except Exception as reason:  # code of the user's
        text = " ".join(str(reason).split())[:200]
        raise AdvisorError(f"the model cannot be copied ({text}); keep no computed tensors as attributes of a module") from reason
