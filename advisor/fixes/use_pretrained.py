"""use-pretrained."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class UsePretrained(Fix):
    """Start from weights that were trained on a related task.

    What it does
    ------------
    Takes the layers of an earlier network as they are, where name and shape fit, and trains on from there
    (model.pretrained).

    When it helps
    -------------
    Few samples of your own, and a related task with many.

    What to watch afterwards
    ------------------------
    The first epoch should start far better than a fresh network. Use a lower rate, and freeze most layers
    while samples are few.

    References
    ----------
    Yosinski et al. 2014, arXiv:1411.1792. Kornblith, Shlens, Le 2019, arXiv:1805.08974.
    """

    pytorch = "model.load_state_dict(torch.load(path, weights_only=True), strict=False)"
    keras = "model.load_weights(path, skip_mismatch=True)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
