"""How far a training came, whatever it was measured by: for rules whose failing state only matters where it did harm."""

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.run import Floats, Run
from advisor.signals.progress import ends
from advisor.signals.skill import skill

LATE = 0.1  # share of the points that make up the end
PARTS = ("train", "val")


def fell(run: Run) -> float:
    """The share of its start by which the training loss came down: 0 = not at all, 1 = to nothing; nan where it cannot be told.

    The start is the first step's loss where steps were logged, else the first epoch's.

    >>> from advisor.rules.examples import record
    >>> fell(record(train_loss=[2.0, 1.0, 0.5]))
    0.75
    """
    loss = run.get("train_loss")
    values = loss.finite.values if loss is not None else np.empty(0)
    if len(values) == 0:
        return float("nan")
    steps = run.step_series.get("train_loss")
    first = steps.finite.values[:1] if steps is not None else np.empty(0)
    start, end = ends(np.concatenate([first, values]), LATE)
    return (start - end) / start if start > 0 else float("nan")


def late_skill(run: Run, part: str) -> float:
    """The skill on a part of the data at the end, 0 = guessing and 1 = perfect; nan where it was not logged."""
    try:
        values: Floats = skill(run, part).values
    except SignalUnavailable:
        return float("nan")
    return ends(values, LATE)[1]


def best_skill(run: Run) -> float:
    """The better of the two: dropout holds the training figures down, overfitting those of validation; nan where neither is known."""
    known = [value for value in (late_skill(run, part) for part in PARTS) if value == value]
    return max(known, default=float("nan"))


def recall_skill(run: Run) -> float:
    """(b - 1/k) / (1 - 1/k) of the late validation balanced accuracy b over k classes: 0 where only one class is ever found.

    Raises SignalUnavailable where no balanced accuracy, or no classes, were recorded.
    """
    balanced, classes = run.get("val_metric"), len(run.facts.get("class_shares") or ())
    if balanced is None or "balanced" not in balanced.name.lower() or classes < 2 or not len(balanced.finite):
        raise SignalUnavailable("no balanced accuracy to tell whether rare classes are found")
    return (ends(balanced.finite.values, LATE)[1] - 1 / classes) / (1 - 1 / classes)
