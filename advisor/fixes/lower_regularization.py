"""lower-regularization."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, in_effect, widths
from advisor.fixes._record import rounded
from advisor.fixes.base import Fix
from advisor.run import Run

# For each key: by what to divide it, the most that is left, and below what nothing is.
LOWER = {"model.dropout": (2, 0.2, 0.05), "optim.l1": (10, 1e-5, 1e-7), "optim.l2": (10, 1e-4, 1e-6)}
DROPOUT = "model.dropout"
# Units, of the hundreds that dropout was made for. Six layers of 32 on digits, where it had been 0.65: 0.94 without, 0.88 with 0.2.
TO_SPARE = 128


class LowerRegularization(Fix):
    """Hold the training back less.

    What it does
    ------------
    Lowers every penalty to a tenth (l2 to at most 0.0001, l1 to at most 0.00001) and halves dropout (to at
    most 0.2); where a layer has fewer than 128 units, which are soon too few to spare any, dropout goes.

    When it helps
    -------------
    Training itself ends poor while penalties or dropout are strong: the network is kept from learning what it
    could.

    What to watch afterwards
    ------------------------
    Training loss should fall clearly. If validation then gets worse while training improves, part of it was
    needed.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 5.3, on capacity and underfitting.
    """

    pytorch = "nn.Dropout(0.2); torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)"
    keras = "Dropout(0.2); kernel_regularizer=regularizers.L2(1e-4)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = {path: float(in_effect(run, path) or 0.0) for path in LOWER}
        lower = {path: _lowered(value, *LOWER[path]) for path, value in now.items() if value}
        if DROPOUT in lower and min(widths(run.config), default=TO_SPARE) < TO_SPARE:
            lower[DROPOUT] = 0.0
        return changes(run.config, lower)


def _lowered(value: float, by: float, most: float, least: float) -> float:
    lower = rounded(min(value / by, most))
    return lower if lower >= least else 0.0
