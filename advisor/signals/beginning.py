"""Whether a record begins where its training began: what came before a log of its last part is not in it."""

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.run import Axis, Run
from advisor.text import number

SPACINGS = 3.0  # between recordings: a log that takes a value every 100 steps begins at step 100, perhaps after a few that were blank
SHARE = 0.2  # of all that was trained, which is missing: most of a way down lies within the first fifth
LOSSES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "train_metric", "val_metric")
AXES: tuple[Axis, ...] = ("epoch", "step")


def need_beginning(run: Run) -> None:
    """Raises SignalUnavailable where the first recording comes so late that the way there, and what it gained, are not in the record."""
    for axis in AXES:
        known = [series.epochs if axis == "epoch" else series.steps for role in LOSSES if (series := run.get(role)) is not None]
        along = np.unique(np.concatenate(known)) if known else np.empty(0)
        along = along[np.isfinite(along)]
        if len(along) < 2:
            continue
        first, last = float(along[0]), float(along[-1])
        if first > SPACINGS * max(float(np.median(np.diff(along))), 1.0) and first > SHARE * last:
            raise SignalUnavailable(f"the log begins at {axis} {number(first)}: the way there is not in it")
        return
