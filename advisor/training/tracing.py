"""One forward pass of a module of the user's own, watched: which layers ran in which order, and what ran outside of any."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from advisor.training.functions_called import Ending, Flow, Function

# What is inside of these hangs together: nothing is put between their parts.
CLOSED = (
    nn.RNNBase,
    nn.RNNCellBase,
    nn.MultiheadAttention,
    nn.Transformer,
    nn.TransformerEncoderLayer,
    nn.TransformerDecoderLayer,
    torch.jit.ScriptModule,
)


def is_closed(module: nn.Module) -> bool:
    """Whether a module is a recurrent or attention layer, by its type or by the name that its author gave the type.

    By its name only the innermost one is: a block or a network that holds such a layer is often named after it.
    """
    if isinstance(module, CLOSED):
        return True
    return _is_attention(module) and not any(isinstance(each, CLOSED) or _is_attention(each) for each in _within(module))


def _is_attention(module: nn.Module) -> bool:
    name = type(module).__name__.lower()
    return "attention" in name or "attn" in name


def _within(module: nn.Module) -> Iterator[nn.Module]:
    return (each for each in module.modules() if each is not module)


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a module that has no modules within, or of a closed one."""

    module: nn.Module
    dimensions: int  # axes of its output


@dataclass(eq=False)
class Trace:
    """What a forward pass showed."""

    outputs: Any = None
    calls: list[Call] = field(default_factory=list)  # in order
    functions: list[Function] = field(default_factory=list)  # activations and dropout called as functions: F.relu and the like
    ending: Ending | None = None  # the activation that gave the outputs
    weights: dict[nn.Parameter, bool] = field(default_factory=dict)  # matrices of the user's own; whether their rows belong to the inputs


def closed_within(module: nn.Module) -> list[nn.Module]:
    """The recurrent and attention layers of a network. The network itself is none, whatever its name, unless it is of such a type."""
    found = [each for each in module.modules() if is_closed(each)]
    return found if isinstance(module, CLOSED) else [each for each in found if each is not module]


def open_modules(module: nn.Module) -> list[tuple[str, nn.Module]]:
    """Every module with its dotted name, the closed ones included but not what they hold."""
    return list(_opened(module, "", closed_within(module)))


def _opened(module: nn.Module, prefix: str, closed: list[nn.Module]) -> Iterator[tuple[str, nn.Module]]:
    yield prefix, module
    for name, child in () if module in closed or is_layer(module) else module.named_children():
        yield from _opened(child, f"{prefix}.{name}" if prefix else name, closed)


def trace(module: nn.Module, x: Any, *, is_training: bool = False) -> Trace:
    """Runs `module` on `x`, in evaluation mode unless told otherwise.

    Its weights, its buffers, its mode and the random numbers stay as they were.
    """
    found = Trace()
    closed = closed_within(module)
    watched = [each for _, each in open_modules(module) if each in closed or is_layer(each)]
    flow = Flow(closed)
    with _left_alone(module, is_training), flow, ExitStack() as hooks:
        for each in watched:
            hooks.callback(each.register_forward_hook(_keeper(found)).remove)
            if each in closed or type(each).__module__.startswith("torch."):
                hooks.callback(each.register_forward_pre_hook(lambda entered, _: flow.within.append(entered)).remove)
                hooks.callback(each.register_forward_hook(lambda *_: flow.within.pop() and None).remove)
        found.outputs = module(x)
    found.ending = flow.ending(found.outputs)
    found.functions, found.weights = list(flow.functions.values()), flow.weights
    return found


def is_layer(module: nn.Module) -> bool:
    """Whether a module is one layer: it holds no others, but for what makes its weights (weight norm and the like)."""
    return next(module.children(), None) is None or is_parametrized(module)


def _keeper(found: Trace) -> Callable[[nn.Module, Any, Any], None]:
    return lambda called, _, output: found.calls.append(Call(called, _dimensions(output)))


@contextmanager
def _left_alone(module: nn.Module, is_training: bool) -> Iterator[None]:
    modes = {child: child.training for child in module.modules()}
    known = [(buffer, buffer.clone()) for buffer in module.buffers()] if is_training else []
    module.train(is_training)
    try:
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            yield
    finally:
        for child, training in modes.items():
            child.training = training
        for buffer, value in known:
            buffer.copy_(value)


def _dimensions(output: Any) -> int:
    return output.ndim if isinstance(output, Tensor) else 0
