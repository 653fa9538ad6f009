"""The optimiser that a Config names, its penalties, and gradient clipping."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn, optim

from advisor.config import Config
from advisor.training.eager import eager
from advisor.training.norms import gradients, norms, total

WITH_MOMENTUM = ("sgd", "rmsprop")
TINY = 1e-6  # as in PyTorch's own clipping: keeps a norm of zero from dividing
NORMS = (
    nn.modules.batchnorm._NormBase,  # batch and instance norms
    nn.LayerNorm,
    nn.GroupNorm,
    nn.LocalResponseNorm,
    nn.RMSNorm,
)


def build_optimizer(config: Config, model: nn.Module) -> optim.Optimizer:
    """The optimiser over the trainable parameters: group 0 holds the weights, group 1 biases and norms, which no penalty touches."""
    weights, others = _grouped(model)
    groups = [{"params": weights, "weight_decay": config.optim.l2}, {"params": others, "weight_decay": 0.0}]
    optimizer = _create(config, [group for group in groups if group["params"]])
    if config.optim.l1:
        _penalise_l1(optimizer, weights, config)
    return optimizer


def clip_gradients(parameters: Sequence[nn.Parameter], largest: float) -> Tensor:
    """The global L2 norm of the gradients as they were; they are shortened in place to `largest`, unless that is 0."""
    found = gradients(parameters)
    norm = total(norms(found))
    if largest > 0 and found:
        factor = torch.clamp(largest / (norm + TINY), max=1.0)
        torch._foreach_mul_(found, factor.to(found[0].device))
    return norm


def _grouped(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Weights, and what is none: biases, norms, single scales; each parameter once, in the order of the modules."""
    weights: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    seen: set[int] = set()
    for module in model.modules():
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.requires_grad and id(parameter) not in seen:
                seen.add(id(parameter))
                is_weight = parameter.ndim > 1 and "bias" not in name and not isinstance(module, NORMS)
                (weights if is_weight else others).append(parameter)
    return weights, others


def _create(config: Config, groups: list[dict[str, Any]]) -> optim.Optimizer:
    kind = {"sgd": optim.SGD, "adam": optim.Adam, "adamw": optim.AdamW, "rmsprop": optim.RMSprop, "adagrad": optim.Adagrad}
    momentum = {"momentum": config.optim.momentum} if config.optim.name in WITH_MOMENTUM else {}
    make: Callable[..., optim.Optimizer] = eager(kind[config.optim.name])
    return make(groups, lr=config.optim.lr, **momentum)


def _penalise_l1(optimizer: optim.Optimizer, weights: list[nn.Parameter], config: Config) -> None:
    """Adds the l1 penalty within each step, when the gradients have been recorded and clipped; adamw decays by it instead."""
    penalty = _L1Decay(config.optim.l1, weights) if config.optim.name == "adamw" else _L1Gradient(config.optim.l1, weights)
    optimizer.register_step_pre_hook(penalty.before)
    optimizer.register_step_post_hook(penalty.after)


class _L1Gradient:
    """l1·sign(w) on top of the gradient, for the time of the step only: whoever reads `grad` sees the loss's own."""

    def __init__(self, strength: float, weights: list[nn.Parameter]) -> None:
        self.strength, self.weights = strength, weights
        self.own: list[Tensor | None] = []

    def before(self, optimizer: optim.Optimizer, *_: Any) -> None:
        self.own = [weight.grad for weight in self.weights]
        for weight in self.weights:
            if weight.grad is not None:
                weight.grad = weight.grad + self.strength * weight.detach().sign()

    def after(self, optimizer: optim.Optimizer, *_: Any) -> None:
        for weight, gradient in zip(self.weights, self.own, strict=True):
            weight.grad = gradient
        self.own = []


class _L1Decay:
    """lr·l1·sign(w) off each weight, past the gradient and its moments, as adamw does it for l2."""

    def __init__(self, strength: float, weights: list[nn.Parameter]) -> None:
        self.strength, self.weights = strength, weights

    def before(self, optimizer: optim.Optimizer, *_: Any) -> None:
        with torch.no_grad():
            for weight in self.weights:
                if weight.grad is not None:
                    weight.sub_(weight.sign(), alpha=optimizer.param_groups[0]["lr"] * self.strength)

    def after(self, optimizer: optim.Optimizer, *_: Any) -> None:
        """Nothing to put back."""
