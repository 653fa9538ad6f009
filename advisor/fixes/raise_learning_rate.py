"""raise-learning-rate."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._record import rate_factor, rounded
from advisor.fixes.base import Fix
from advisor.run import Run

LEAST, MOST, USUAL = 3.0, 30.0, 10.0  # factors on the present rate


class RaiseLearningRate(Fix):
    """Take larger steps.

    What it does
    ------------
    Raises the learning rate to what a range test finds. Without a trial it is raised so that updates come
    near a thousandth of the weights, as recorded, or tenfold.

    When it helps
    -------------
    A loss that falls steadily but so slowly that the epochs will not suffice; updates far below a thousandth
    of the weights.

    What to watch afterwards
    ------------------------
    The first epochs of train_loss: falling fast, without jumps. Swings mean that the rate went up too far.

    References
    ----------
    Smith 2017, arXiv:1506.01186 (range test).
    """

    pytorch = 'for group in optimizer.param_groups: group["lr"] *= 10'
    keras = "model.optimizer.learning_rate.assign(model.optimizer.learning_rate * 10)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "optim.lr")
        if now is None:
            return None
        return (Edit("optim.lr", rounded(now * rate_factor(run, LEAST, MOST, USUAL)), measure="range-test"),)
