"""shuffle-data."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes.base import Fix
from advisor.run import Run


class ShuffleData(Fix):
    """Draw the training samples in a new order each epoch.

    What it does
    ------------
    Turns shuffling on, so that each batch is a fair sample of the training part.

    When it helps
    -------------
    Batches that come in the order of the classes or of the target: the network learns one and forgets the
    other.

    What to watch afterwards
    ------------------------
    The pattern that repeated within each epoch disappears from the step losses. Validation must not be
    shuffled into training.

    References
    ----------
    Bengio 2012, arXiv:1206.5533, section 3.1. Goodfellow, Bengio, Courville 2016, Deep Learning, section
    8.1.3.
    """

    pytorch = "DataLoader(dataset, batch_size=32, shuffle=True)"
    keras = "model.fit(x, y, shuffle=True)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        is_whole = dotted.get(run.config, "data.batch_size") == "full"
        return None if is_whole else changes(run.config, {"data.shuffle": True})
