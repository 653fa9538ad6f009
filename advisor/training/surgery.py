"""Edits on a module of the user's own: its activations, norms, dropout and weights, only where the Config names them."""

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn

from advisor.config import Config
from advisor.training.activations import is_activation
from advisor.training.blocks import ACTIVATIONS
from advisor.training.functions_called import DROPOUTS as DROPPING
from advisor.training.functions_called import Answer, Function, Place, answer
from advisor.training.initialization import draw_matrices, initialize
from advisor.training.optimizers import NORMS
from advisor.training.tracing import Call, Trace, closed_within, open_modules

WEIGHTED = (nn.Linear, nn.modules.conv._ConvNd)
NAMED = ("activation", "norm", "dropout", "init", "output")
DROPOUTS = {4: nn.Dropout2d, 5: nn.Dropout3d}  # by the axes of what is dropped: whole channels of images
SHOWN = 3  # layers named in a note

Changes = dict[nn.Module, nn.Module]  # what takes the place of what
Last = Function | nn.Module | None  # what gives the outputs

# What to write where nothing could be done.
BY_HAND = {
    "activation": "self.act = nn.{activation}() and y = self.act(y) in forward",
    "norm": "self.norm = nn.LayerNorm(width) and y = self.norm(y) in forward",
    "dropout": "self.drop = nn.Dropout({dropout}) and y = self.drop(y) in forward",
    "init": "for each of its weights nn.init.orthogonal_(weight) behind its construction",
}


class Followed(nn.Module):
    """A layer of the user's with a norm or dropout behind it; to code that asks for the layer's attributes it is the layer."""

    def __init__(self, layer: nn.Module, **behind: nn.Module) -> None:
        super().__init__()
        self.layer = layer
        self.behind = tuple(behind)
        for name, module in behind.items():
            self.add_module(name, module)

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """What follows the layer, applied to its output."""
        y = self.layer(*inputs, **named)
        for name in self.behind:
            y = getattr(self, name)(y)
        return y

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("layer"), name)


class RowsBatchNorm(nn.BatchNorm1d):
    """Batch norm of the last axis of sequences (samples, ..., features), each step a row."""

    def forward(self, x: Tensor) -> Tensor:
        """`x` normalised by the mean and spread of all its rows."""
        return super().forward(x.reshape(-1, x.shape[-1])).reshape(x.shape)


def operate(module: nn.Module, config: Config, traced: Trace) -> tuple[str, ...]:
    """Changes `module` as the named keys ask, and says what could not be done. Recurrent and attention layers stay as they are."""
    named = {key for key in NAMED if config.names(f"model.{key}")}
    changes: Changes = {}
    before_last = _before_last_weights(traced.calls)
    if "norm" in named and config.model.norm != "none":
        changes |= _norms(before_last, config.model.norm)
    if named & {"activation", "dropout"}:
        changes |= _activations(before_last, traced.calls, config)
        _drop(before_last, changes, config)
    last = bared(traced) if "output" in named and config.model.output == "logits" else None
    if isinstance(last, nn.Module):
        changes[last] = nn.Identity()
    notes = _left_out(module, config, traced, named, changes)
    _replace(module, changes)
    answer(module, dict(_answers(traced, config, named, last)))
    if "init" in named:
        initialize(module, config.model.init, closed_within(module).__contains__)
        draw_matrices(traced.weights, config.model.init)
    return notes


def _drop(before_last: list[Call], changes: Changes, config: Config) -> None:
    """Gives the named share to each dropout that is there already, whatever it stands behind."""
    if config.names("model.dropout"):
        for each in (call.module for call in before_last if isinstance(call.module, nn.modules.dropout._DropoutNd)):
            each.p = config.model.dropout


def bared(traced: Trace) -> Last:
    """What gives the outputs and could be left out: an activation that is called once."""
    last = traced.ending.of if traced.ending else None
    calls = last.calls if isinstance(last, Function) else [call.module for call in traced.calls].count(last) if last else 0
    return last if calls == 1 else None


def _answers(traced: Trace, config: Config, named: set[str], last: Last) -> Iterator[tuple[tuple[Place, str], Answer]]:
    """How functions are to be answered, by the place where they are called."""
    share = config.model.dropout if "dropout" in named else None
    for function in traced.functions:
        key = (function.place, function.name)
        if function is last:
            yield key, Answer(nn.Identity())
        elif not can_change(function) or not named & {"activation", "dropout"}:
            continue
        elif not function.is_activation:
            if share is not None:
                yield key, Answer(dropout=share)
        else:
            new = ACTIVATIONS[config.model.activation]() if "activation" in named else None
            yield key, Answer(new, share if share and not function.is_dropped else None)


def can_change(function: Function) -> bool:
    """Whether another function may be called in its place: a hidden one, or dropout of any share."""
    return function.name in DROPPING or (function.is_activation and function.is_hidden)


def _before_last_weights(calls: list[Call]) -> list[Call]:
    """The calls before the last layer that weighs its inputs: behind that one are the outputs."""
    places = [place for place, call in enumerate(calls) if isinstance(call.module, WEIGHTED) or _is_own_layer(call.module)]
    return calls[: places[-1]] if places else []


def _is_own_layer(module: nn.Module) -> bool:
    """Whether a layer of the user's own holds a matrix."""
    return not type(module).__module__.startswith("torch.") and any(each.ndim > 1 for each in module.parameters(recurse=False))


def _norms(calls: list[Call], norm: str) -> Changes:
    """A norm behind each layer with weights that has none yet."""
    following = [*(call.module for call in calls[1:]), None]
    layers = [(call, behind) for call, behind in zip(calls, following, strict=False) if isinstance(call.module, WEIGHTED)]
    have = {call.module for call, behind in layers if isinstance(behind, NORMS)}
    return {call.module: Followed(call.module, norm=_norm(call, norm)) for call, _ in layers if call.module not in have}


def _norm(call: Call, norm: str) -> nn.Module:
    layer = call.module
    if isinstance(layer, nn.Linear):
        batch = nn.BatchNorm1d if call.dimensions == 2 else RowsBatchNorm
        made: nn.Module = batch(layer.out_features) if norm == "batch" else nn.LayerNorm(layer.out_features)
    else:
        channels = int(layer.out_channels)  # type: ignore[arg-type] # a convolution
        by_axes = {3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}
        made = by_axes[call.dimensions](channels) if norm == "batch" else nn.GroupNorm(1, channels)
    return made.to(next(layer.parameters()).dtype)


def _activations(before_last: list[Call], calls: list[Call], config: Config) -> Changes:
    """The named activation in place of each hidden one, with the named dropout behind it."""
    changes: Changes = {}
    for call, following in zip(before_last, calls[1:], strict=False):
        if not is_activation(call.module):
            continue
        new = ACTIVATIONS[config.model.activation]() if config.names("model.activation") else call.module
        if config.names("model.dropout"):
            new = _with_dropout(new, call, following.module, config.model.dropout)
        changes.setdefault(call.module, new)
    return {old: new for old, new in changes.items() if new is not old}


def _with_dropout(activation: nn.Module, call: Call, following: nn.Module, share: float) -> nn.Module:
    if isinstance(following, nn.modules.dropout._DropoutNd):
        following.p = share
        return activation
    return Followed(activation, dropout=DROPOUTS.get(call.dimensions, nn.Dropout)(share)) if share else activation


def _replace(module: nn.Module, changes: Changes) -> None:
    """Puts what is new wherever what is old hangs; a layer used in several places stays one layer."""
    closed = closed_within(module)
    for _, parent in open_modules(module):
        for name, child in () if parent in closed else list(parent._modules.items()):
            if child in changes:
                setattr(parent, name, changes[child])


def _left_out(module: nn.Module, config: Config, traced: Trace, named: set[str], changes: Changes) -> tuple[str, ...]:
    """What the keys ask for and could not be done, with the line to write instead."""
    notes = []
    sealed = closed_within(module)
    closed = {name or "it": type(child).__name__ for name, child in open_modules(module) if child in sealed}
    for key in sorted(named - {"output"}):
        value = getattr(config.model, key)
        if closed and value not in ("none", 0, "default"):
            where = ", ".join(f"{name} ({kind})" for name, kind in list(closed.items())[:SHOWN])
            notes.append(f"model.{key} was not applied inside {where}: write {_by_hand(key, config, next(iter(closed.values())))}")
    last = traced.ending.of if traced.ending else None
    kept = [each.name for each in traced.functions if each.is_activation and not each.is_hidden and each is not last]
    if "activation" in named and kept:
        functions = ", ".join(f"F.{name}" for name in dict.fromkeys(kept))
        gates = f"{functions}, which may be gates or give the outputs"
        notes.append(f"model.activation was not applied to {gates}; where they are neither, write {_by_hand('activation', config)}")
    if "output" in named and config.model.output == "logits" and traced.ending and not bared(traced):
        notes.append(f"model.output was not applied, its {traced.ending.name} is called elsewhere too: write return self.head(x)")
    normed = any(isinstance(old, WEIGHTED) for old in changes)
    if "norm" in named and config.model.norm != "none" and not normed:
        found = "no linear or convolution layer but the last lacks one"
        notes.append(f"model.norm was not applied, {found}: write {_by_hand('norm', config)}")
    found_any = any(each.is_activation for each in traced.functions) or any(is_activation(call.module) for call in traced.calls)
    if named & {"activation", "dropout"} and not found_any:
        notes.append(f"model.activation and dropout were not applied, no activation was found: write {_by_hand('activation', config)}")
    return tuple(notes)


def _by_hand(key: str, config: Config, kind: str = "") -> str:
    activation, dropout = type(ACTIVATIONS[config.model.activation]()).__name__, config.model.dropout
    built_in = f"nn.{kind}(..., dropout={dropout}), or " if key == "dropout" and hasattr(nn, kind) else ""
    return built_in + BY_HAND[key].format(activation=activation, dropout=dropout)
