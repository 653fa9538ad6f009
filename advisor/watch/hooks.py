"""Forward hooks that nothing but the recorder notices: neither copies of the modules nor what is saved of them."""

import sys
import weakref
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook
from torch.utils.hooks import RemovableHandle

Seen = Callable[[nn.Module, Any, Any], None]


def hooked(modules: Iterable[nn.Module], seen: Seen) -> list[RemovableHandle]:
    """Calls `seen`, a method, after forward passes of these modules (and maybe of others), until the handles are removed.

    One hook that torch keeps outside of all modules: they are copied, saved and scripted as without it, and take their fast paths.
    """
    chosen = list(modules)
    if not chosen:
        return []
    if is_compiler_in_use():
        return [module.register_forward_hook(_Hook(seen)) for module in chosen]
    hook = _Hook(seen)
    hook.handle = register_module_forward_hook(hook)
    return [hook.handle]


class _Hook:
    """Passes on what a forward pass returned. Keeps nothing alive, and does nothing in a copy or a pickle of its module."""

    def __init__(self, seen: Seen) -> None:
        self._seen = weakref.WeakMethod(seen)
        self.handle: RemovableHandle | None = None

    def __call__(self, module: nn.Module, inputs: Any, output: Any) -> None:
        if torch.compiler.is_compiling() or torch._C._get_tracing_state():
            return  # no hook sits in a graph
        seen = self._seen()
        if seen:
            seen(module, inputs, output)
        elif self.handle:
            self.handle.remove()

    def __reduce__(self) -> Any:
        return getattr, (nullcontext(), "__exit__")  # takes anything, and is there also where advisor is not installed


def is_compiler_in_use() -> bool:
    """Whether torch.compile wrapped anything: it warns of hooks on all modules, and compiles anew whenever they come and go."""
    backends = getattr(sys.modules.get("torch._dynamo.eval_frame"), "cached_backends", {})
    return any(callable(backend) for backend in backends.values())  # None stands for functions that are never compiled
