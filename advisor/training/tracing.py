"""One forward pass of a module of the user's own, watched: which layers ran in which order, and what ran outside of any."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from advisor.training.blocks import ACTIVATIONS

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
    functions: list[str] = field(default_factory=list)  # activations called as functions: F.relu and the like


def closed_within(module: nn.Module) -> list[nn.Module]:
    """The recurrent and attention layers of a network. The network itself is none, whatever its name, unless it is of such a type."""
    found = [each for each in module.modules() if is_closed(each)]
    return found if isinstance(module, CLOSED) else [each for each in found if each is not module]


def open_modules(module: nn.Module) -> list[tuple[str, nn.Module]]:
    """Every module with its dotted name, the closed ones included but not what they hold."""
    return list(_opened(module, "", closed_within(module)))


def _opened(module: nn.Module, prefix: str, closed: list[nn.Module]) -> Iterator[tuple[str, nn.Module]]:
    yield prefix, module
    for name, child in () if module in closed else module.named_children():
        yield from _opened(child, f"{prefix}.{name}" if prefix else name, closed)


def trace(module: nn.Module, x: Tensor) -> Trace:
    """Runs `module` on `x` in evaluation mode; its weights, its mode and the random numbers stay as they were."""
    found = Trace()
    closed = closed_within(module)
    watched = [each for _, each in open_modules(module) if each in closed or not any(True for _ in each.children())]
    with _left_alone(module), _Functions(found, watched), ExitStack() as hooks:
        for each in watched:
            handle = each.register_forward_hook(lambda called, _, output: found.calls.append(Call(called, _dimensions(output))))
            hooks.callback(handle.remove)
        found.outputs = module(x)
    return found


@contextmanager
def _left_alone(module: nn.Module) -> Iterator[None]:
    modes = {child: child.training for child in module.modules()}
    module.eval()
    try:
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            yield
    finally:
        for child, training in modes.items():
            child.training = training


def _dimensions(output: Any) -> int:
    return output.ndim if isinstance(output, Tensor) else 0


class _Functions(TorchFunctionMode):
    """Notes activations that are called as functions, outside of the modules that are watched anyway."""

    def __init__(self, found: Trace, watched: list[nn.Module]) -> None:
        super().__init__()
        self.found, self.inside, self.hooks = found, 0, ExitStack()
        for module in watched:
            self.hooks.callback(module.register_forward_pre_hook(self._entered).remove)
            self.hooks.callback(module.register_forward_hook(self._left).remove)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "").rstrip("_")
        if name in ACTIVATIONS and not self.inside:
            self.found.functions.append(name)
        return func(*args, **(kwargs or {}))

    def __exit__(self, *raised: Any) -> None:
        self.hooks.close()
        super().__exit__(*raised)  # type: ignore[no-untyped-call]

    def _entered(self, *_: Any) -> None:
        self.inside += 1

    def _left(self, *_: Any) -> None:
        self.inside -= 1
