"""add-l1."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import penalty
from advisor.fixes.base import Fix
from advisor.run import Run

USUAL, BOUNDS = 0.1, (1e-5, 1e-3)


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
        strength = penalty(run, "optim.l1", USUAL, BOUNDS)
        return None if strength is None else changes(run.config, {"optim.l1": strength})
