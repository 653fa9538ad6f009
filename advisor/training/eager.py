"""PyTorch's optimisers without its compiler, which they import when they are first used: a second, for something unused here."""

import inspect
from functools import cache
from typing import Any

import torch
from torch.optim import Optimizer

# Marked as not to be compiled; the marks are what imports the compiler.
MARKED = ("add_param_group", "load_state_dict", "state_dict", "zero_grad")


@cache
def eager(kind: type[Optimizer]) -> type[Optimizer]:
    """The same optimiser, of the same name, with the methods as they stand in PyTorch's source under all decorators."""
    plain = inspect.unwrap(kind.step)

    @torch.no_grad()
    def step(self: Optimizer, closure: Any = None) -> Any:
        return plain(self, closure)

    methods: dict[str, Any] = {name: inspect.unwrap(getattr(kind, name)) for name in MARKED}
    return type(kind.__name__, (kind,), {"step": step, **methods})
