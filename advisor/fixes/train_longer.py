"""train-longer."""

import math

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import finite_values, longest_wait, pace
from advisor.fixes.base import Fix
from advisor.run import Run

LEAST, MOST = 1.5, 4.0  # times the present epochs
LEFT = 0.1  # of the last quarter's fall
MORE_PATIENCE = 4  # times the patience that ended it
FEW = 8  # epochs: fewer show no pace, and as many again as may be cost little


class TrainLonger(Fix):
    """Train for more epochs.

    What it does
    ------------
    Raises the number of epochs by what the curve's pace asks for: each quarter of the run brings a certain
    share of the fall of the quarter before; at that pace as many are added as it takes until a quarter brings
    a tenth of what the last one did, between half as many epochs again and four times as many; fewer than eight
    epochs show no pace and become four times as many. A run that early stopping ended before its time is given
    four times the patience instead, and no less than one epoch more than its longest wait between two best values.

    When it helps
    -------------
    Losses that were still falling when the run ended.

    What to watch afterwards
    ------------------------
    Validation beside training: once it turns up, more epochs only memorise. Schedules stretch with the number
    of epochs.

    References
    ----------
    Hoffer, Hubara, Soudry 2017, arXiv:1705.08741, Train longer, generalize better.
    """

    pytorch = "for epoch in range(2 * epochs):"
    keras = "model.fit(x, y, epochs=2 * epochs)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        epochs = dotted.get(run.config, "train.epochs")
        if epochs is None:
            return None
        patience = dotted.get(run.config, "train.early_stopping", 0)
        if patience and run.epochs and run.epochs < epochs:
            longest = longest_wait(finite_values(run, "val_loss"))
            return changes(run.config, {"train.early_stopping": max(MORE_PATIENCE * patience, longest + 1)})
        return changes(run.config, {"train.epochs": math.ceil(epochs * _factor(run))})


def _factor(run: Run) -> float:
    curves = [finite_values(run, role) for role in ("val_loss", "train_loss")]
    if 0 < max(map(len, curves)) < FEW:
        return MOST
    shares = [pace(curve) for curve in curves]  # of a quarter's fall that the next one brings
    share = next((share for share in shares if 0 < share < 1), shares[0])
    if not 0 < share < 1:
        return MOST if 1 in shares else LEAST
    return min(max(1 + 0.25 * math.log(LEFT) / math.log(share), LEAST), MOST)
