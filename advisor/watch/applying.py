"""`apply`: a fix on what is being trained, as far as that can be done live."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torch import nn
from torch.optim import Optimizer

from advisor import catalogue, dotted
from advisor.edits import Edit
from advisor.errors import AdvisorError
from advisor.findings import Evidence, Finding, Proposal, Severity
from advisor.fixes.base import Fix, named
from advisor.readers import load
from advisor.run import Run
from advisor.training.activations import is_activation
from advisor.training.blocks import ACTIVATIONS
from advisor.training.within import within
from advisor.watch.arguments import is_count, watched
from advisor.watch.live import Change, EarlyStopping, Live, Undo, change_layers, clip, decay, schedule, set_rate, unfreeze

DIRECTLY: dict[str, Callable[[Live, Any], Change]] = {
    "optim.lr": set_rate, "optim.clip_norm": clip, "optim.schedule": schedule, "optim.l2": decay, "model.freeze": unfreeze,
}  # fmt: skip
ON_LAYERS = frozenset({"model.activation", "model.norm", "model.dropout", "model.init", "model.output"})
PATIENCE = "train.early_stopping"
USUAL_PATIENCE = 5  # epochs, where no validation loss was recorded
OWN_MODEL = "live.py:model"  # to a fix, a model that no Config describes


@dataclass(frozen=True, eq=False)
class Applied:
    """What was changed, and how to take back what can be."""

    fix: str
    what: tuple[str, ...]
    early_stopping: EarlyStopping | None = None
    _undo: list[Undo] = field(default_factory=list, repr=False)

    def undo(self) -> None:
        """Takes back rates, clipping, schedules, decay and what was unfrozen; layers and weights stay."""
        while self._undo:
            self._undo.pop()()


def apply(
    fix: str | Proposal,
    model: nn.Module,
    optimizer: Optimizer,
    *,
    run: Run | str | Path | None = None,
    steps: int | None = None,
    inputs: Any = None,
) -> Applied:
    """Applies a fix (its name, or one that a finding proposes) to a model and its optimizer.

    Values such as the clip norm come from `run`, if given. `steps`: optimizer steps still to come, for a schedule. `inputs`: a few
    samples, for changes between layers; make these between runs.
    Raises AdvisorError, with the line to write instead, for what cannot be done live.
    """
    chosen = _fix(fix.fix if isinstance(fix, Proposal) else fix)
    live = _live(model, optimizer, steps, inputs)
    edits = _edits(chosen, live, run)
    _check(chosen, edits)
    changes = [DIRECTLY[path](live, value) for path, value in edits.items() if path in DIRECTLY]
    layers = {path.partition(".")[2]: value for path, value in edits.items() if path in ON_LAYERS}
    changes += change_layers(live, layers) if layers else []
    stopping = EarlyStopping(model, edits[PATIENCE]) if PATIENCE in edits else None
    said = [text for text, _ in changes] + (
        [f"call early_stopping.is_over(val_loss) after each epoch, patience {stopping.patience}"] if stopping else []
    )
    return Applied(chosen.name, tuple(said), stopping, [undo for _, undo in changes if undo])


def _live(model: nn.Module, optimizer: Optimizer, steps: int | None, inputs: Any) -> Live:
    if isinstance(optimizer, (list, tuple)) and len(optimizer) > 1:
        raise AdvisorError(f"advisor.apply: found {len(optimizer)} optimizers, expected one; call it for each")
    if steps is not None and not is_count(steps):
        raise AdvisorError(f"advisor.apply: found steps={steps!r}, expected a whole number of optimizer steps still to come, from 1 on")
    target = watched(model, optimizer, "advisor.apply")
    return Live(target.model, target.optimizers[0], steps, inputs)


def _run(given: Run | str | Path | None) -> Run:
    if given is None:
        return Run("live", Path(), "live", {})
    if isinstance(given, Run):
        return given
    if not isinstance(given, (str, Path)):
        raise AdvisorError(
            f"advisor.apply: found {type(given).__name__} for run, expected the path of a recorded run or what advisor.load gives"
        )
    return load(given)


def _fix(name: str) -> Fix:
    if name not in catalogue.names("fixes"):
        raise AdvisorError(f"advisor.apply: found {name!r}, expected one of {', '.join(catalogue.names('fixes'))}")
    return named(name)


def _edits(fix: Fix, live: Live, run: Run | str | Path | None) -> dict[str, Any]:
    """What the fix asks for, by dotted path, had the training a Config."""
    config, given = _config(live), _run(run)
    config["model"] |= _within(live)
    seen = {key: config["model"].get(key) for key in ("dropout", "output")}
    made: Iterable[Edit] = fix.edits(replace(given, config=config, facts={**given.facts, "module": seen}), NO_FINDING) or ()
    edits = {edit.path: edit.value for edit in made if dotted.get(config, edit.path) != edit.value}
    return {PATIENCE: USUAL_PATIENCE} if fix.name == "stop-early" and not edits else edits


def _within(live: Live) -> dict[str, Any]:
    """What the model does by itself, as far as inputs show it."""
    try:
        return within(live.model, live.inputs) if live.inputs is not None else {}
    except Exception:  # noqa: BLE001 - the user's own model is called; what it does not take is said where it has to
        return {}


NO_FINDING = Finding("", "", Severity.INFO, 0.0, "", "", 0.0, 0.0, Evidence((), "step", 0.0, 0.0))


def _config(live: Live) -> dict[str, dict[str, Any]]:
    """As much of a Config as can be seen of what is trained."""
    group = live.optimizer.param_groups[0]
    kinds = {type(make()): name for name, make in ACTIVATIONS.items()}
    activation = next((kinds[type(module)] for module in live.model.modules() if is_activation(module) and type(module) in kinds), "linear")
    dropout = next((module.p for module in live.model.modules() if isinstance(module, nn.modules.dropout._DropoutNd)), 0.0)
    decays = [float(each.get("weight_decay", 0.0)) for each in live.optimizer.param_groups]
    optim = {"name": type(live.optimizer).__name__.lower(), "lr": float(group["lr"]), "clip_norm": 0.0, "schedule": "none"}
    is_frozen = not all(parameter.requires_grad for parameter in live.model.parameters())
    return {
        "data": {},
        "model": {"kind": OWN_MODEL, "activation": activation, "norm": "none", "dropout": dropout, "freeze": int(is_frozen)},
        "optim": optim | {"l2": max(decays)},
        "train": {},
    }


def _check(fix: Fix, edits: dict[str, Any]) -> None:
    possible = {*DIRECTLY, *ON_LAYERS, PATIENCE}
    if not edits or not set(edits) <= possible:
        found = (
            f"cannot change {', '.join(sorted(set(edits) - possible))} of what is being trained"
            if edits
            else "found nothing to change live"
        )
        raise AdvisorError(f"advisor.apply: {fix.name} {found}; write {fix.pytorch}")
