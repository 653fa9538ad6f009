"""What an Edit does to an optimiser and a module that are being trained."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR

from advisor.config import parse
from advisor.errors import AdvisorError
from advisor.text import counted, printable
from advisor.training.functions_called import answers_of
from advisor.training.surgery import operate
from advisor.training.tracing import Trace, trace


@dataclass(frozen=True, eq=False)
class Live:
    """What is trained, and what some Edits need besides."""

    model: nn.Module
    optimizer: Optimizer
    steps: int | None  # that are still to come
    inputs: Any  # a small batch, for changes between layers


@dataclass
class EarlyStopping:
    """Ends a loop when validation has not improved for `patience` epochs, and puts the best weights back."""

    model: nn.Module
    patience: int
    best: float = math.inf
    waited: int = 0
    weights: dict[str, Tensor] = field(default_factory=dict, repr=False)

    def is_over(self, val_loss: float) -> bool:
        """Takes in an epoch's validation loss; whether the loop is to end, with the best weights back in the model."""
        if val_loss < self.best:
            self.best, self.waited, self.weights = float(val_loss), 0, copy.deepcopy(self.model.state_dict())
        else:
            self.waited += 1
        if self.waited >= self.patience and self.weights:
            self.model.load_state_dict(self.weights)
        return self.waited >= self.patience


Undo = Callable[[], object]
Change = tuple[str, Undo | None]  # what was done, and how to undo it where that is possible


def set_rate(live: Live, rate: float) -> Change:
    """Multiplies the rates of all groups so that the first has `rate`."""
    factor = rate / float(live.optimizer.param_groups[0]["lr"])
    _multiply(live.optimizer, factor)
    return f"lr is {rate:g} now", lambda: _multiply(live.optimizer, 1 / factor)


def _multiply(optimizer: Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        for key in {"lr", "initial_lr"} & set(group):
            if isinstance(group[key], Tensor):
                group[key].mul_(factor)
            else:
                group[key] *= factor


def clip(live: Live, norm: float) -> Change:
    """Clips the gradients before every step from now on."""

    def shorten(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        clip_grad_norm_([parameter for group in optimizer.param_groups for parameter in group["params"]], norm)

    return f"gradients are clipped to a norm of {norm:g} before each step", live.optimizer.register_step_pre_hook(shorten).remove


def schedule(live: Live, name: str) -> Change:
    """Lets the rate fall to 0 along a half cosine over the steps that are still to come."""
    if name != "cosine" or not live.steps:
        raise AdvisorError("advisor.apply: a schedule must know how many optimizer steps are still to come; give steps=")
    falling, left = CosineAnnealingLR(live.optimizer, live.steps), live.steps

    def fall(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if falling.last_epoch < left:
            falling.step()

    return f"lr falls to 0 over the next {left} steps", live.optimizer.register_step_post_hook(fall).remove


def _traced(live: Live) -> Trace:
    try:
        return trace(live.model, live.inputs)
    except Exception as refusal:  # noqa: BLE001 - the user's own model is called
        reason = printable(str(refusal).partition("\n")[0])
        raise AdvisorError(f"advisor.apply: the model does not take these inputs ({reason}); give a few samples as it takes them") from None


def change_layers(live: Live, values: dict[str, Any]) -> list[Change]:
    """Changes activation, norm, dropout or weights of the module; what is new is given to the optimiser.

    Raises AdvisorError, with the lines to write instead, where nothing of it could be changed from outside.
    """
    before = {id(parameter) for parameter in live.model.parameters()}
    done: list[str] = []
    left: list[str] = []
    for key, value in values.items():
        was, traced = _signs(live.model), _traced_for(key, live)
        left += operate(live.model, parse({"model": {key: value}}), traced)
        done += [f"{key} is {value}"] if _signs(live.model) != was else []
    if not done:
        reason = "; ".join(left) or ("layers of your own are seen on a batch: give inputs=" if live.inputs is None else "it is so already")
        raise AdvisorError(f"advisor.apply: nothing of this module can be changed from outside; {reason}")
    new = [parameter for parameter in live.model.parameters() if id(parameter) not in before]
    if new:
        live.optimizer.add_param_group({"params": new})
    return [(f"{', '.join(done)} now", None), *((note, None) for note in left)]


def _traced_for(key: str, live: Live) -> Trace:
    if key == "init" and live.inputs is None:
        return Trace()
    if live.inputs is None:
        raise AdvisorError(
            "advisor.apply: where layers follow one another is seen on a batch; give inputs=, a few samples as the model takes them"
        )
    return _traced(live)


def _signs(model: nn.Module) -> list[Any]:
    """What differs once a layer was put in or taken out, a share of dropout changed, or weights were drawn anew."""
    modules = [(id(module), getattr(module, "p", None)) for module in model.modules()]
    return [*modules, *answers_of(model), *(parameter._version for parameter in model.parameters())]


def unfreeze(live: Live, layers: int) -> Change:
    """Lets all parameters learn, and gives the optimiser those that it did not have."""
    frozen = [each for each in live.model.parameters() if not each.requires_grad and each.is_floating_point()]
    known = {id(parameter) for group in live.optimizer.param_groups for parameter in group["params"]}
    for parameter in frozen:
        parameter.requires_grad_(True)
    if new := [parameter for parameter in frozen if id(parameter) not in known]:
        live.optimizer.add_param_group({"params": new})
    return f"{counted(len(frozen), 'frozen parameter')} learn now", lambda: [each.requires_grad_(False) for each in frozen]


def decay(live: Live, strength: float) -> Change:
    """Sets the weight decay; groups that have none where others do keep none."""
    was = [float(group.get("weight_decay", 0.0)) for group in live.optimizer.param_groups]
    if not all("weight_decay" in group for group in live.optimizer.param_groups):
        by_hand = "loss = loss + l2 / 2 * sum(w.square().sum() for w in model.parameters())"
        raise AdvisorError(f"advisor.apply: this optimizer has no weight decay; write {by_hand}")
    strongest = max(was)
    _decayed(live.optimizer, [strength * each / strongest if strongest else strength for each in was])
    return f"weight decay is {strength:g} now", lambda: _decayed(live.optimizer, was)


def _decayed(optimizer: Optimizer, strengths: list[float]) -> None:
    for group, strength in zip(optimizer.param_groups, strengths, strict=False):
        group["weight_decay"] = strength
