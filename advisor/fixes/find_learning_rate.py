"""find-learning-rate."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class FindLearningRate(Fix):
    """Look for the learning rate by a range test.

    What it does
    ------------
    Trains for a short trial while the rate rises step by step from tiny to huge, and takes a tenth of the one
    at which the loss is lowest.

    When it helps
    -------------
    Whenever the rate was never tuned for this network and optimiser, and the record does not tell whether it
    is too high or too low.

    What to watch afterwards
    ------------------------
    The loss over the first epochs, and updates near a thousandth of the weights. The test sees only the start
    of training: long runs may still want a schedule.

    References
    ----------
    Smith 2017, arXiv:1506.01186. Howard, Gugger 2020, arXiv:2002.04688, on which rate to take.
    """

    pytorch = (
        "optimizer.param_groups[0]['lr'] = 1e-6 * 10 ** (step / 20)  # before each step of a short trial; then take a tenth of the best"
    )
    keras = "LearningRateScheduler(lambda epoch, lr: lr * 1.5)  # over a short trial; then take a tenth of the best"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "optim.lr")
        return None if now is None else (Edit("optim.lr", now, measure="range-test"),)
