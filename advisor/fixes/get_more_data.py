"""get-more-data."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class GetMoreData(Fix):
    """Collect more samples.

    What it does
    ------------
    Nothing that can be set: it takes more labelled samples of the kind the network will meet.

    When it helps
    -------------
    Training far better than validation although the network is not oversized: it has seen too little to tell
    what is general.

    What to watch afterwards
    ------------------------
    Validation loss against the share of the data used (data.limit): still falling at the full set means that
    more will help.

    References
    ----------
    Banko, Brill 2001, Scaling to very very large corpora. Hestness et al. 2017, arXiv:1712.00409.
    """

    pytorch = "dataset = ConcatDataset([dataset, more])"
    keras = "dataset = dataset.concatenate(more)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
