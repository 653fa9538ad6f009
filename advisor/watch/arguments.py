"""What `watch` is given, checked before anything is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import nn
from torch.optim import Optimizer

from advisor.diagnose import chosen_rules
from advisor.errors import AdvisorError
from advisor.run import NOTHING
from advisor.watch.pace import Every


@dataclass(frozen=True, eq=False)
class Watched:
    """What is trained: the module under its wrappers, and the optimisers under theirs."""

    model: nn.Module
    optimizers: tuple[Optimizer, ...]
    unseen: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # "activations" or "layers" → why they are not recorded
    facts: Mapping[str, Any] = field(default_factory=lambda: NOTHING)  # what the parameters do not tell


@dataclass(frozen=True)
class Options:
    """Where and how to record."""

    folder: Path
    every: Every
    stop_on: frozenset[str]
    is_quiet: bool


def options(run_dir: Any, *, record_every: Any = "auto", stop_on: str | Iterable[str] = (), quiet: bool = False) -> Options:
    """Where and how to record. Raises AdvisorError for what makes no sense."""
    if record_every != "auto" and not is_count(record_every):
        raise AdvisorError(f'watch: found record_every={record_every!r}, expected "auto" or a whole number of steps from 1 on')
    return Options(_folder_of(run_dir), record_every, _rules_named(stop_on), bool(quiet))


def watched(model: Any, optimizer: Any, caller: str = "watch") -> Watched:
    """What is trained. Raises AdvisorError for what is no module, no optimiser, or for two that have nothing in common."""
    if not isinstance(model, nn.Module):
        raise AdvisorError(f"{caller}: found {type(model).__name__} for the model, expected a torch.nn.Module")
    several = list(optimizer) if isinstance(optimizer, (list, tuple)) else [optimizer]
    optimizers = tuple(_unwrapped(one) for one in several)
    if not optimizers or not all(isinstance(one, Optimizer) for one in optimizers):
        kinds = ", ".join(type(one).__name__ for one in several) or "an empty list"
        raise AdvisorError(f"{caller}: found {kinds} for the optimizer, expected a torch.optim.Optimizer or a list of them")
    mine = {id(parameter) for parameter in model.parameters()}
    if not any(id(parameter) in mine for one in optimizers for group in one.param_groups for parameter in group["params"]):
        raise AdvisorError(
            f"{caller}: the optimizer holds none of the model's parameters; give it model.parameters(), or the model that it trains"
        )
    inner, reason = _inside(model)
    if _is_split(inner):
        return Watched(inner, optimizers, {"layers": SPLIT})
    return Watched(inner, optimizers, {"activations": reason} if reason else NOTHING)


def _folder_of(run_dir: Any) -> Path:
    if not isinstance(run_dir, (str, Path)) or not str(run_dir).strip() or "\0" in str(run_dir):
        raise AdvisorError(f"watch: found {run_dir!r} for run_dir, expected the path of a new folder such as runs/mine")
    return Path(run_dir).absolute()  # the loop may change the working folder


def check_epochs(epochs: Any) -> None:
    """Raises AdvisorError for a number that counts nothing."""
    if epochs is not None and not is_count(epochs):
        raise AdvisorError(f"watch: found epochs={epochs!r}, expected a whole number from 1 on, or None")


def _rules_named(stop_on: str | Iterable[str]) -> frozenset[str]:
    text = stop_on if isinstance(stop_on, str) else ",".join(str(name) for name in stop_on)
    return frozenset(rule.name for rule in chosen_rules(text)) if text.strip() else frozenset()


def is_count(value: Any) -> bool:
    """Whether a value is a whole number from 1 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _unwrapped(optimizer: Any) -> Any:
    """The optimiser within: accelerate's wrappers, sharpness-aware ones and others have it do the step, and maybe no other."""
    while inner := next((one for name in _WITHIN if isinstance(one := getattr(optimizer, name, None), Optimizer)), None):
        optimizer = inner
    return optimizer


def _inside(model: nn.Module) -> tuple[nn.Module, str]:
    """The module that the user wrote, out of its wrappers, and why none of its outputs can be seen (empty: they can)."""
    blind = ""
    while type(model).__name__ in _WRAPPERS:
        attribute, reason = _WRAPPERS[type(model).__name__]
        model, blind = getattr(model, attribute), blind or reason
    if not blind and any(_is_compiled(module) for module in model.modules()):
        blind = COMPILED
    return model, blind


def _is_split(model: nn.Module) -> bool:
    """Whether processes hold parts of the parameters (DTensor, DeepSpeed, the first FSDP): then this one alone can measure none."""
    is_marked = any(hasattr(parameter, mark) for parameter in model.parameters() for mark in ("device_mesh", "ds_id"))
    return is_marked or any(type(module).__name__ == "FullyShardedDataParallel" for module in model.modules())


SPLIT = "layers are not recorded where parameters are split over processes (FSDP, tensor parallel): each process holds its part alone"
COMPILED = "activations are not recorded under torch.compile: no hook sits in the compiled graph"
_WITHIN = ("optimizer", "base_optimizer")
_WRAPPERS = {
    "OptimizedModule": ("_orig_mod", COMPILED),
    "DistributedDataParallel": ("module", ""),
    "DataParallel": (
        "module",
        "activations are not recorded under DataParallel: its copies live for one step; DistributedDataParallel's are",
    ),
}


def _is_compiled(module: nn.Module) -> bool:
    return type(module).__name__ == "OptimizedModule" or getattr(module, "_compiled_call_impl", None) is not None
