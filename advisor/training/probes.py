"""What can be told of a network before its first step. Everything is tried on a copy; the training itself stays bit for bit the same."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from advisor.training.setup import Setup

# Training samples that the probes look at.
SAMPLES = 256


def probe(setup: Setup) -> dict[str, Any]:
    """The first loss, what a guess would give, and the parameters that no gradient reaches.

    `first_loss` and `guess_loss` are losses over the first 256 training samples; a guess gives the same outputs for every sample:
    zeros for classes (each equally likely), the mean target for numbers. `unreached` parameters are not part of what is computed,
    `zero_gradient` ones are, and still receive exactly zero.
    """
    x, y = setup.data.x_train[:SAMPLES], setup.data.y_train[:SAMPLES]
    with undisturbed(setup.device):
        model = copy.deepcopy(setup.model)
        loss = setup.loss.unweighted(outputs := model(x), y)
        trainable = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
        gradients = torch.autograd.grad(loss, list(trainable.values()), allow_unused=True)
        guess = setup.loss.unweighted(_guess(setup, outputs, y), y)
    return {
        "first_loss": float(loss.detach()),
        "guess_loss": float(guess),
        "unreached": [name for name, gradient in zip(trainable, gradients, strict=True) if gradient is None],
        "zero_gradient": [name for name, gradient in zip(trainable, gradients, strict=True) if gradient is not None and not gradient.any()],
    }


@contextmanager
def undisturbed(device: torch.device) -> Iterator[None]:
    """Puts PyTorch's random numbers back to where they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        yield


def _guess(setup: Setup, outputs: Tensor, y: Tensor) -> Tensor:
    guess = torch.zeros_like(outputs, requires_grad=False)
    return guess if setup.data.task == "classification" else guess + y.mean(dim=0).reshape(guess.shape[1:])
