"""balance-classes."""

from collections.abc import Sequence

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, classifies
from advisor.fixes.base import Fix
from advisor.run import Run

ALIKE = 1.2  # weights of the commonest and the rarest class that differ by less change a step by less than its batch does


class BalanceClasses(Fix):
    """Let every class count the same in the loss.

    What it does
    ------------
    Weighs each class in the training loss by samples / (classes × samples of that class), so that rare ones
    are not drowned. Where all classes are about as frequent there is nothing to weigh.

    When it helps
    -------------
    One class rules the data, and the network does best by always naming it.

    What to watch afterwards
    ------------------------
    Balanced accuracy and the accuracy of each class; plain accuracy may well fall. Outputs no longer estimate
    the classes' shares.

    References
    ----------
    King, Zeng 2001, Logistic regression in rare events data. He, Garcia 2009, Learning from imbalanced data,
    IEEE TKDE 21.
    """

    pytorch = "nn.CrossEntropyLoss(weight=len(y) / (classes * torch.bincount(y)))"
    keras = "model.fit(x, y, class_weight={k: n / (classes * count[k]) for k in count})"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if not classifies(run.config, run.facts) or _are_alike(run.facts.get("class_shares")):
            return None
        return changes(run.config, {"train.class_weights": "balanced"})


def _are_alike(shares: Sequence[float] | None) -> bool:
    return shares is not None and len(shares) > 0 and max(shares) <= ALIKE * min(shares)
