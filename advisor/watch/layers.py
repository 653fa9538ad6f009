"""The recorder in a loop that it does not own: steps are seen from the optimisers, outputs only while they are trained on."""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from advisor.training.files import Cell
from advisor.training.recorder import Recorder
from advisor.watch.arguments import Watched

Trouble = Callable[[Exception], None]
State = tuple[tuple[int, bool, torch.device], ...]


class LayerWatch(Recorder):
    """A Recorder whose hooks never raise into the forward pass."""

    def __init__(self, watched: Watched, trouble: Trouble) -> None:
        super().__init__(watched.model)
        self._model, self._trouble = watched.model, trouble
        self._state = state_of(watched.model)
        self.spent = 0.0  # seconds in the forward passes of the latest step
        if watched.unseen:
            self._watched = []

    @property
    def is_current(self) -> bool:
        """Whether the model still has the parameters, frozen or not, on the devices that it had."""
        return self._state == state_of(self._model)

    def _seen(self, module: nn.Module, inputs: Any, output: Any) -> None:
        if torch.compiler.is_compiling() or not self._model.training:
            return  # an evaluation in between, or a function that the user compiles
        began = time.perf_counter()
        try:
            if module in self._axes:  # else it is a copy that DataParallel made for this step
                super()._seen(module, inputs, output)
        except Exception as reason:  # noqa: BLE001 - the rim: nothing is raised into the user's forward pass
            self._trouble(reason)
        self.spent += time.perf_counter() - began

    def begin(self) -> None:
        """Starts to watch the next forward passes."""
        self.spent = 0.0
        super().begin()


def state_of(model: nn.Module) -> State:
    """What must stay the same for weights to be compared: which parameters, trained or not, and where."""
    return tuple((id(parameter), parameter.requires_grad, parameter.device) for parameter in model.parameters())


class Steps:
    """One step at a time: all optimisers once, or as far as they came before one of them steps again."""

    def __init__(self, watched: Watched, trouble: Trouble) -> None:
        self._watched, self._trouble = watched, trouble
        self._recorder: LayerWatch | None = None
        self._own = {one: frozenset(p for group in one.param_groups for p in group["params"]) for one in watched.optimizers}
        self._stepped: set[Optimizer] = set()
        self._is_alone = len(watched.optimizers) == 1
        self.is_due = False
        self.grad_norm: float | None = None  # of the latest recorded step

    def expect(self) -> None:
        """The next step is recorded, from its forward pass on."""
        if self._recorder is None or not self._recorder.is_current:
            self._recorder = LayerWatch(self._watched, self._trouble)
        self.is_due = True
        self._recorder.begin()

    def before(self, optimizer: Optimizer, has_closure: bool) -> None:
        """An optimiser is about to step; under a closure its gradients are yet to come."""
        if self.is_due and self._recorder:
            if not self._stepped:
                self._recorder.keep_weights()
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

    def _take(self, recorder: LayerWatch, optimizer: Optimizer) -> None:
        # Fused optimisers divide by a GradScaler's scale themselves; before all others the scaler has done so.
        scale = getattr(optimizer, "grad_scale", None)
        recorder.take_gradients(self._own[optimizer], scale if isinstance(scale, Tensor) else None)
