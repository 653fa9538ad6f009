"""Whether a record begins where its training began: what came before a log of its last part is not in it."""

from collections.abc import Sequence

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.run import Axis, Floats, Run
from advisor.text import position

SPACINGS = 3.0  # between recordings: a log that takes a value every 100 steps begins at step 100, perhaps after a few that were blank
SHARE = 0.2  # of all that was trained, which is missing: most of a way down lies within the first fifth
LOSSES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "train_metric", "val_metric")
AXES: tuple[Axis, ...] = ("epoch", "step")


def need_beginning(run: Run) -> None:
    """Raises SignalUnavailable where the first recording comes so late that the way there, and what it gained, are not in the record."""
    known = [series for role in LOSSES if (series := run.get(role)) is not None]
    for axis in AXES:
        along = [part[np.isfinite(part)] for part in (series.epochs if axis == "epoch" else series.steps for series in known)]
        first = min((float(part.min(initial=np.inf)) for part in along), default=np.inf)
        last = max((float(part.max(initial=-np.inf)) for part in along), default=-np.inf)
        if first < last:  # else nothing, or a single place, is told on this axis
            if first > SHARE * last and first > SPACINGS * max(_spacing(along), 1.0):
                raise SignalUnavailable(f"the log begins at {axis} {position(first)}: the way there is not in it")
            return


def _spacing(along: Sequence[Floats]) -> float:
    return float(np.median(np.diff(np.unique(np.concatenate(along)))))
