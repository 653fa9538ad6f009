"""The recorder in a loop that it does not own: steps are seen from the optimisers, outputs only while they are trained on."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

from advisor.training.activations import Call, is_activation, unit_axis
from advisor.training.files import Cell
from advisor.training.recorder import Layer, Recorder
from advisor.watch.arguments import Watched
from advisor.watch.hooks import hooked, is_compiler_in_use

Trouble = Callable[[Exception], None]
State = list[Any]
Trained = frozenset[nn.Parameter]


class LayerWatch(Recorder):
    """A Recorder of what some optimisers train, whose hooks never raise into the forward pass."""

    def __init__(self, watched: Watched, trained: Trained, trouble: Trouble) -> None:
        super().__init__(nn.Module())  # layers are looked for and hooks are set here: a user's module is asked for nothing by its methods
        self._model, self._trouble = watched.model, trouble
        self._state = state_of(watched, trained)
        if "layers" not in watched.unseen:
            self._keep_trained(watched.model, trained)
        if not watched.unseen:
            self._axes = {
                module: axis for module in watched.model.modules() if (axis := _axis(module)) is not None or is_activation(module)
            }
        self._aside: dict[nn.Module, list[Call]] = {}  # the latest call of each module in evaluation mode
        self.spent = 0.0  # seconds in the forward passes of the latest step
        self._is_open = False  # whether a step is being recorded
        self._has_seen = False  # any forward pass of it
        self._hooks_are_own = False  # on the modules themselves
        self.is_blind = False  # whether all forward passes of a step ran in a compiled graph

    def is_current(self, watched: Watched, trained: Trained) -> bool:
        """Whether the same modules and parameters are trained, on the devices and of the shapes that they had."""
        return self._state == state_of(watched, trained)

    def begin(self) -> None:
        """Starts to watch the next forward passes."""
        kept = self._handles  # of a graph that was compiled with them: without them it would be compiled anew
        self.spent, self._aside, self._has_seen = 0.0, {}, False
        super().begin()
        self._is_open = True
        if self.is_blind:
            self._handles = kept
        else:
            self._hooks_are_own = is_compiler_in_use()
            self._handles = hooked(self._axes, self._seen)

    def go_on_from(self, other: "LayerWatch") -> None:
        """Takes over the step that another one began, of the same model before something was added to what is trained."""
        other.cancel()
        self.begin()
        self._calls, self._aside, self._has_seen = other._calls, other._aside, other._has_seen

    def end(self) -> list[dict[str, Cell]]:
        """A row for each layer. A model that was in evaluation mode is judged by its latest forward pass, if there was no other."""
        if not any(self._calls.values()):
            self._calls = self._aside
        self._is_open = False
        self.is_blind = bool(self._axes) and not self._has_seen and is_compiler_in_use()
        kept: list[RemovableHandle] = []
        if self.is_blind and self._hooks_are_own:
            kept, self._handles = self._handles, kept
        rows = super().end()
        self._handles = kept
        return rows

    def _keep_trained(self, model: nn.Module, trained: Trained) -> None:
        """Leaves out parameters that no optimiser trains: they stay as they are, whatever gradient they get. Empty ones have none."""
        for name, module in model.named_modules():
            held = (p for p in dict.fromkeys(module._parameters.values()) if p is not None and p in trained)
            own = tuple(p for p in held if is_lazy(p) or p.numel())
            if own or is_activation(module):
                self._layers.append(Layer(name or type(module).__name__, module, own))
        self._parameters = [parameter for layer in self._layers for parameter in layer.parameters]
        places = iter(range(len(self._parameters)))
        self._places = {layer.module: [next(places) for _ in layer.parameters] for layer in self._layers}

    def _seen(self, module: nn.Module, inputs: Any, output: Any) -> None:
        try:
            if module not in self._axes or not self._is_open:
                return  # of another model, a copy that DataParallel made for this step, or between recorded steps
            began, self._has_seen = time.perf_counter(), True
            self._take_in(module, inputs, _dense(output))
            self.spent += time.perf_counter() - began
        except Exception as reason:  # noqa: BLE001 - the rim: nothing is raised into the user's forward pass
            self._trouble(reason)

    def _take_in(self, module: nn.Module, inputs: Any, output: Tensor | None) -> None:
        if self._model.training and not torch.is_grad_enabled():
            self._calls.setdefault(module, [])  # checkpointed segments run again within the backward pass, the last one first
        elif self._model.training:
            super()._seen(module, inputs, output)
        else:
            calls, self._calls = self._calls, {}
            super()._seen(module, inputs, output)
            self._aside |= self._calls
            self._calls = calls


def _axis(module: nn.Module) -> int | None:
    """Where the units of its outputs lie; not known of one that answers for its parameters itself."""
    return unit_axis(module) if type(module).parameters is nn.Module.parameters else None


def _dense(output: Any) -> Tensor | None:
    """The first tensor that a layer returned, if it holds plain numbers: packed sequences do, what functorch wraps does not."""
    while isinstance(output, (tuple, list, Mapping)) and output:
        output = next(iter(output.values() if isinstance(output, Mapping) else output))
    if not isinstance(output, Tensor) or output.is_nested or output.layout is not torch.strided:
        return None
    return None if torch._C._functorch.is_functorch_wrapped_tensor(output) else output


def held_by(optimizers: Iterable[Optimizer]) -> Trained:
    """The parameters that optimisers hold by now: more may be added while they train."""
    return frozenset(parameter for one in optimizers for group in one.param_groups for parameter in group["params"])


def _free(optimizer: Optimizer) -> Trained:
    """Those that an optimiser holds and that are not frozen."""
    return frozenset(parameter for parameter in held_by([optimizer]) if parameter.requires_grad)


def state_of(watched: Watched, trained: Trained) -> State:
    """What must stay the same for weights to be compared: modules and parameters, and which of these are trained, where."""
    state: list[Any] = []
    for module in watched.model.modules():
        state.append(id(module))
        for parameter in module._parameters.values():  # several times as fast as module.parameters()
            if parameter is not None:
                state += (id(parameter), parameter in trained, parameter.device, None if is_lazy(parameter) else parameter.shape)
    return state


class Steps:
    """One step at a time: all optimisers once, or as far as they came before one of them steps again."""

    def __init__(self, watched: Watched, trouble: Trouble) -> None:
        self._watched, self._trouble = watched, trouble
        self._recorder: LayerWatch | None = None
        self._stepped: set[Optimizer] = set()
        # As each was when its optimiser stepped: networks that take turns freeze each other meanwhile.
        self._free = {one: _free(one) for one in watched.optimizers}
        self._is_alone = len(watched.optimizers) == 1
        self.is_due = False
        self.grad_norm: float | None = None  # of the latest recorded step

    def expect(self) -> None:
        """The next step is recorded, from its forward pass on."""
        if self._recorder is None or not self._recorder.is_current(self._watched, self._trained):
            if self._recorder:
                self._recorder.cancel()
            self._recorder = LayerWatch(self._watched, self._trained, self._trouble)
        self.is_due = True
        self._recorder.begin()

    def before(self, optimizer: Optimizer, has_closure: bool) -> None:
        """An optimiser is about to step; under a closure its gradients are yet to come."""
        if self.is_due and self._recorder:
            self._free[optimizer] = _free(optimizer)
            if not self._stepped:
                self._renew(self._recorder).keep_weights()
            if not has_closure:
                self._take(self._recorder, optimizer)

    def after(self, optimizer: Optimizer, has_closure: bool) -> None:
        """An optimiser has stepped."""
        if self.is_due and self._recorder and has_closure:
            self._take(self._recorder, optimizer)
        self._stepped.add(optimizer)

    def is_over(self, upcoming: Optimizer | None = None) -> bool:
        """Whether the step is complete, given the optimiser that steps next (None: not known yet)."""
        return upcoming in self._stepped if upcoming else len(self._stepped) == len(self._watched.optimizers)

    @property
    def is_passed_over(self) -> bool:
        """Whether the step of the only optimiser needs no more than to be counted."""
        return self._is_alone and not self.is_due

    @property
    def is_begun(self) -> bool:
        """Whether some optimiser has stepped."""
        return bool(self._stepped)

    @property
    def is_blind(self) -> bool:
        """Whether no forward pass of the latest recorded step could be seen: all of them ran in a compiled graph."""
        return self._recorder is not None and self._recorder.is_blind

    @property
    def spent(self) -> float:
        """Seconds in the forward passes of the latest recorded step."""
        return self._recorder.spent if self._recorder else 0.0

    def end(self) -> list[dict[str, Cell]]:
        """The rows of the step that is complete; none where it was not due."""
        self._stepped = set()
        if not self.is_due or self._recorder is None:
            return []
        self.is_due = False
        rows = self._recorder.end()
        self.grad_norm = self._recorder.grad_norm
        return rows

    def cancel(self) -> None:
        """Stops to watch and lets go of all memory."""
        if self._recorder:
            self._recorder.cancel()
        self._recorder, self.is_due, self._stepped = None, False, set()

    @property
    def _trained(self) -> Trained:
        return frozenset().union(*self._free.values())

    def _renew(self, begun: LayerWatch) -> LayerWatch:
        """The recorder of what is trained by now: layers may have thawed since the step was expected."""
        if begun.is_current(self._watched, self._trained):
            return begun
        self._recorder = LayerWatch(self._watched, self._trained, self._trouble)
        self._recorder.go_on_from(begun)
        return self._recorder

    def _take(self, recorder: LayerWatch, optimizer: Optimizer) -> None:
        # Fused optimisers divide by a GradScaler's scale themselves; before all others the scaler has done so.
        scale = getattr(optimizer, "grad_scale", None)
        recorder.take_gradients(held_by([optimizer]), scale if isinstance(scale, Tensor) else None)
