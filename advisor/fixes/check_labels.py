"""check-labels."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class CheckLabels(Fix):
    """Look at the labels of the samples it gets wrong.

    What it does
    ------------
    Nothing that can be set: sort the samples by their loss and look at the worst by eye, labels beside
    inputs.

    When it helps
    -------------
    Accuracy stays at chance although training loss falls, or levels off far below what people reach.

    What to watch afterwards
    ------------------------
    The share of wrong labels among the hundred worst. Mixed-up order of inputs and labels shows at once:
    nothing fits.

    References
    ----------
    Northcutt, Athalye, Mueller 2021, arXiv:2103.14749, Pervasive label errors in test sets.
    """

    pytorch = 'losses = F.cross_entropy(model(x), y, reduction="none"); worst = losses.argsort(descending=True)[:100]'
    keras = "losses = np.asarray(sparse_categorical_crossentropy(y, model.predict(x))); worst = np.argsort(losses)[::-1][:100]"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
