"""hold-out-validation."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class HoldOutValidation(Fix):
    """Hold samples out to measure on, a fifth of them or so.

    What it does
    ------------
    Sets a part of the samples aside that the network never learns from (data.validation). It changes what the
    result is measured on, so nothing before it can be compared.

    When it helps
    -------------
    Whenever there is no validation part: nothing can then tell learning from memorising, and no fix can be
    proven. Also where the part held out is so small that chance decides what it says.

    What to watch afterwards
    ------------------------
    val_loss beside train_loss. Samples that belong together (one patient, one day) must be on the same side.

    References
    ----------
    Hastie, Tibshirani, Friedman 2009, The Elements of Statistical Learning, section 7.2.
    """

    pytorch = "train, validation = random_split(dataset, [0.8, 0.2])"
    keras = "model.fit(x, y, validation_split=0.2)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
