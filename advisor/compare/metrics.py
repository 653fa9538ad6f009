"""Which figure decides between runs: the first in a fixed order that all of them have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.errors import AdvisorError
from advisor.run import Run
from advisor.signals.direction import higher_is_better
from advisor.text import printable

LOSSES = ("val_loss", "train_loss")
SCORES = {"balanced": "val_balanced_accuracy", "r2": "val_r2"}  # what the column of a val_metric holds, and how it is called


@dataclass(frozen=True)
class Metric:
    """A figure that all runs have."""

    name: str
    role: str
    higher_is_better: bool

    def gain(self, value: float, over: float) -> float:
        """How much better `value` is; ±inf where only one of the two is a number."""
        if np.isfinite(value) and np.isfinite(over):
            return value - over if self.higher_is_better else over - value
        return float("inf") * (int(np.isfinite(value)) - int(np.isfinite(over))) if np.isfinite(value) != np.isfinite(over) else 0.0


def deciding(runs: Sequence[Run]) -> Metric:
    """The figure that decides; raises AdvisorError where the runs have none in common.

    Balanced accuracy before accuracy for classes, R² for numbers; else the validation loss, else the training loss: what was trained
    on says least. Losses of different functions are no common figure.
    """
    known = [{metric.name: metric for metric in _candidates(run)} for run in runs]
    for name, metric in _in_order(known[0]):
        if all(name in other for other in known) and not (metric.role in LOSSES and len(loss_functions(runs)) > 1):
            return metric
    raise AdvisorError(_nothing_common(runs, known))


def loss_functions(runs: Sequence[Run]) -> tuple[str, ...]:
    """The different loss functions of the runs, where they are known."""
    return tuple(dict.fromkeys(str(run.facts["loss"]) for run in runs if "loss" in run.facts))


def _candidates(run: Run) -> Iterator[Metric]:
    """Every figure of a run that has a direction."""
    if run.get("val_metric"):
        yield from _validation_metric(run)
    for role, higher in (("val_accuracy", True), *((loss, False) for loss in LOSSES), ("train_accuracy", True)):
        if run.get(role):
            yield Metric(role, role, higher)


def _validation_metric(run: Run) -> Iterator[Metric]:
    column = str(run.roles.get("val_metric", ""))
    name = next((name for word, name in SCORES.items() if word in column.lower()), column)
    higher = True if name in SCORES.values() else higher_is_better(column)
    if higher is not None:
        yield Metric(name, "val_metric", higher)


def _in_order(known: dict[str, Metric]) -> list[tuple[str, Metric]]:
    """Metrics of another name stand before the training loss alone: how much they say is not known."""
    named = [name for name in known if name not in {*SCORES.values(), "val_accuracy", *LOSSES, "train_accuracy"}]
    order = (*SCORES.values(), "val_accuracy", "val_loss", *named, "train_loss", "train_accuracy")
    return [(name, known[name]) for name in order if name in known]


def _nothing_common(runs: Sequence[Run], known: Sequence[dict[str, Metric]]) -> str:
    if len(losses := loss_functions(runs)) > 1:
        different = ", ".join(map(printable, losses))
        return f"found runs with different losses ({different}) and no other figure in common; compare runs of one task"
    each = "; ".join(f"{printable(run.name)}: {', '.join(map(printable, names)) or 'none'}" for run, names in zip(runs, known, strict=True))
    return f"found no figure that all {len(runs)} runs have ({each}); expected a loss, an accuracy or R²"
