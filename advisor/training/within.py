"""What a module of the user's own does by itself that a Config says of the built-in networks: its last activation and its dropout."""

from typing import Any

from torch import nn

from advisor.training.tracing import Trace, trace

LOGITS = "logits"


def within(module: nn.Module, x: Any) -> dict[str, Any]:
    """`output`: the activation that gives the outputs, `logits` for none, None where training and evaluation differ. `x` are a few samples.

    `dropout`: the largest share.
    """
    trained, evaluated = (trace(module, x, is_training=is_training) for is_training in (True, False))
    ends = {_output(trained), _output(evaluated)}
    return {"output": ends.pop() if len(ends) == 1 else None, "dropout": _dropout(trained)}


def _output(traced: Trace) -> str:
    return traced.ending.name if traced.ending else LOGITS


def _dropout(traced: Trace) -> float:
    of_modules = (float(call.module.p) for call in traced.calls if isinstance(call.module, nn.modules.dropout._DropoutNd))
    return max([*of_modules, *(each.share for each in traced.functions if each.share is not None)], default=0.0)
