"""Activations and dropout that a forward pass calls as functions: where, whether a layer follows them, and how to answer them otherwise."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that everybody gives it
from torch.overrides import TorchFunctionMode

from advisor.training.blocks import ACTIVATIONS, OUTPUTS

SKIPPED = (str(Path(torch.__file__).parent) + os.sep, __file__)
BENDING = frozenset(ACTIVATIONS) - {"linear"}
DROPOUTS = frozenset({"dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout"})
# What mixes its inputs by weights: whatever comes before is hidden.
WEIGHING = ("linear", "conv", "bilinear", "matmul", "mm", "bmm", "addmm", "baddbmm", "einsum", "embedding", "rmatmul", "gru", "lstm", "rnn")
# What leaves values as they are, or moves, averages, adds and scales them.
PASSING = frozenset({
    *DROPOUTS, "flatten", "view", "reshape", "transpose", "permute", "t", "contiguous", "clone", "squeeze", "unsqueeze", "cat", "concat",
    "stack", "chunk", "split", "unbind", "getitem", "get", "expand", "repeat", "to", "float", "double", "pad", "add", "radd", "iadd", "sub",
    "rsub", "mean", "sum", "amax", "max", "layer_norm", "batch_norm", "group_norm", "instance_norm", "rms_norm", "interpolate",
})  # fmt: skip
MULTIPLYING, TURNING = frozenset({"linear", "matmul", "mm", "addmm"}), frozenset({"t", "get", "transpose", "permute"})
POOLING = "pool"  # in the name of each kind of pooling
SHAPING = frozenset({"flatten", "view", "reshape", "squeeze", "unsqueeze", "contiguous", "clone", "getitem", "to", "float", "cat", "stack"})

Place = tuple[str, int, int]  # a file, the line where its function begins, and the instruction in it


@dataclass(eq=False)
class Function:
    """A place in a module's code where an activation or dropout is called as a function."""

    name: str
    place: Place
    calls: int = 0
    share: float | None = None  # of dropout
    is_hidden: bool = True  # whatever is made of it goes into a layer with weights
    is_dropped: bool = False  # dropout follows it

    @property
    def is_activation(self) -> bool:
        """Whether it is no dropout."""
        return self.name in BENDING


@dataclass(frozen=True, eq=False)
class Ending:
    """The activation that gives the outputs: called as a function, or a module."""

    name: str
    of: Function | nn.Module


class Flow(TorchFunctionMode):
    """Follows what functions return through one forward pass, outside of the modules within which nobody looks."""

    def __init__(self, closed: Sequence[nn.Module]) -> None:
        super().__init__()
        self.closed = frozenset(closed)
        self.functions: dict[tuple[Place, str], Function] = {}
        self.within: list[nn.Module] = []  # of which the last is being called
        self._origins: dict[int, set[Function]] = {}
        self._endings: dict[int, Ending] = {}
        self.weights: dict[nn.Parameter, bool] = {}  # those that no layer of PyTorch holds; whether their rows belong to the inputs
        self._turned: dict[int, nn.Parameter] = {}
        self._kept: list[Any] = []  # so that no other tensor gets the same id meanwhile

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        result = func(*args, **named)
        name = getattr(func, "__name__", "").strip("_")
        given, made = list(_tensors([*args, *named.values()])), list(_tensors([result]))
        if made:
            self._kept += [given, made]
            carried = set().union(*(self._origins.get(id(each), ()) for each in given))
            self._carry(name, carried, made, is_scaled=len(given) < 2)
            self._weigh(name, given, made)
            self._note(name, made, share=named.get("p", args[1] if len(args) > 1 else 0.5) if name in DROPOUTS else None)
            self._end(name, given, made)
        return result

    def _carry(self, name: str, carried: set[Function], made: list[Tensor], *, is_scaled: bool) -> None:
        if self._is_closed or name.startswith(WEIGHING) or not carried:
            return
        for function in carried if name in DROPOUTS else ():
            function.is_dropped = True
        if name in PASSING or POOLING in name or (is_scaled and name in {"mul", "rmul", "div", "truediv"}):
            for each in made:
                self._origins[id(each)] = self._origins.get(id(each), set()) | carried
        else:
            for function in carried:
                function.is_hidden = False

    def _weigh(self, name: str, given: list[Tensor], made: list[Tensor]) -> None:
        """Keeps matrices that inputs are multiplied by, outside of PyTorch's own layers."""
        if self.within:
            return
        if name in TURNING and isinstance(given[0], nn.Parameter):
            self._turned[id(made[0])] = given[0]
        elif name in MULTIPLYING and len(given) > 1:
            matrix = given[2 if name == "addmm" else 1]
            weight = self._turned.get(id(matrix), matrix)
            if isinstance(weight, nn.Parameter) and weight.ndim == 2:
                self.weights[weight] = (name != "linear") != (weight is not matrix)

    def _note(self, name: str, made: list[Tensor], share: float | None) -> None:
        if self.within or not (name in BENDING or name in DROPOUTS or name in OUTPUTS):
            return
        place = _place()
        function = self.functions.setdefault((place, name), Function(name, place))
        function.calls, function.share = function.calls + 1, share
        self._origins.update({id(each): {function} for each in made})

    def _end(self, name: str, given: list[Tensor], made: list[Tensor]) -> None:
        """Keeps what would be the last activation, were these the outputs."""
        if name in OUTPUTS:
            of = self.within[-1] if self.within else self.functions[_place(), name]
            if isinstance(of, Function) or type(of).__module__ == nn.ReLU.__module__:
                self._endings.update({id(each): Ending(name, of) for each in made})
        elif name in SHAPING:
            before = {self._endings.get(id(each)) for each in given}
            if len(before) == 1 and (ending := before.pop()):
                self._endings.update({id(each): ending for each in made})

    @property
    def _is_closed(self) -> bool:
        return not self.closed.isdisjoint(self.within)

    def ending(self, outputs: Any) -> Ending | None:
        """The activation that gave the outputs of the pass; what carries a function's values out of it is not hidden."""
        for each in _tensors([outputs]):
            for function in self._origins.get(id(each), ()):
                function.is_hidden = False
        return self._endings.get(id(outputs))


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function gives from now on: another activation (None: as it was), and with how much dropout (None: as it was)."""

    activation: nn.Module | None = None
    dropout: float | None = None


class Answers(TorchFunctionMode):
    """Answers functions otherwise while a network is called."""

    def __init__(self, answers: Mapping[tuple[Place, str], Answer]) -> None:
        super().__init__()
        self.answers = dict(answers)
        self.is_training = True

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "").strip("_")
        if name in BENDING or name in DROPOUTS or name in OUTPUTS:
            answer = self.answers.get((_place(), name))
            if answer:
                return self._answered(answer, func, args, kwargs or {})
        return func(*args, **(kwargs or {}))

    def _answered(self, answer: Answer, func: Any, args: Any, named: dict[str, Any]) -> Any:
        if func.__name__ in DROPOUTS:
            return func(*args[:1], **{**dict(zip(("p", "training"), args[1:3], strict=False)), **named, "p": answer.dropout})
        x = args[0] if args else named["input"]
        is_in_place = func.__name__.endswith("_") or named.get("inplace")
        y = answer.activation(x.clone() if is_in_place else x) if answer.activation else func(*args, **named)
        y = F.dropout(y, answer.dropout, self.is_training) if answer.dropout else y
        return x.copy_(y) if is_in_place and y is not x else y

    def begin(self, module: nn.Module, _: Any) -> None:
        """A hook before a network is called."""
        self.is_training = module.training
        self.__enter__()  # type: ignore[no-untyped-call]

    def end(self, *_: Any) -> None:
        """A hook behind it."""
        self.__exit__(None, None, None)  # type: ignore[no-untyped-call]


def answer(module: nn.Module, answers: Mapping[tuple[Place, str], Answer]) -> None:
    """Lets functions that `module` calls be answered otherwise from now on; copies of it do the same."""
    if answers:
        mode = Answers(answers)
        module.register_forward_pre_hook(mode.begin, prepend=True)
        module.register_forward_hook(mode.end, always_call=True)


def answers_of(module: nn.Module) -> list[str]:
    """How functions that `module` calls are answered otherwise, in words."""
    hooks = (getattr(hook, "__self__", None) for hook in module._forward_pre_hooks.values())
    return [repr(mode.answers) for mode in hooks if isinstance(mode, Answers)]


def _place() -> Place:
    """Where in code that is neither PyTorch's nor stands here a function is being called."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith(SKIPPED):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_code.co_firstlineno, frame.f_lasti


def _tensors(values: Iterable[Any]) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _tensors(value)
