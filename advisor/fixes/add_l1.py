"""add-l1."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import rounded
from advisor.fixes.base import Fix
from advisor.run import Run

WEAKEST, STRONGEST, STRONGER = 1e-5, 1e-3, 10


class AddL1(Fix):
    """Push small weights all the way to zero.

    What it does
    ------------
    Adds the penalty l1·Σ|w|, which pulls on each weight with the same force, so that those of little use
    become zero. Its strength follows the length of the run: a tenth of 1 / (rate × steps), held within
    0.00001 and 0.001. Where there is a penalty already it becomes ten times as strong.

    When it helps
    -------------
    Training far better than validation where few of many inputs matter.

    What to watch afterwards
    ------------------------
    Weight norms by layer and the gap between the losses. When both losses rise it is too strong.

    References
    ----------
    Tibshirani 1996, Regression shrinkage and selection via the lasso. Ng 2004, Feature selection, L1 vs. L2
    regularization.
    """

    pytorch = "loss = loss + l1 * sum(w.abs().sum() for w in model.parameters() if w.ndim > 1)"
    keras = "Dense(units, kernel_regularizer=regularizers.L1(1e-4))"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "optim.l1", 0.0)
        if now > STRONGEST:
            return None
        rate, steps = dotted.get(run.config, "optim.lr", 1e-3), run.steps or 1
        strength = now * STRONGER if now else min(max(0.1 * 1 / (rate * steps), WEAKEST), STRONGEST)
        return changes(run.config, {"optim.l1": rounded(strength)})
