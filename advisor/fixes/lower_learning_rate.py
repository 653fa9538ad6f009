"""lower-learning-rate."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._record import rate_factor, rounded
from advisor.fixes.base import Fix
from advisor.run import Run

WITH_MOMENTUM = frozenset({"sgd", "rmsprop"})
HEAVY, USUAL_MOMENTUM = 0.97, 0.9
LEAST, MOST, USUAL = 0.003, 0.3, 0.1  # factors on the present rate


class LowerLearningRate(Fix):
    """Take smaller steps.

    What it does
    ------------
    Lowers the learning rate to what a range test finds: over a short trial the rate is raised step by step,
    and a tenth of the one at which the loss is lowest is taken. Where the test finds no lower rate, updates
    are to come near a thousandth of the weights, as recorded; without a record, a tenth is taken. Momentum m
    makes steps 1 / (1 - m) times as long: above 0.97 it goes back to 0.9 first, and the rate stays.

    When it helps
    -------------
    A loss that rises, swings or becomes NaN: each step jumps across the valley rather than down into it.

    What to watch afterwards
    ------------------------
    The loss should fall almost smoothly in the first epochs. Update ratios near 0.001 are usual. If it now
    falls steadily but slowly, the rate went down too far.

    References
    ----------
    Smith 2017, arXiv:1506.01186 (range test). LeCun, Bottou, Orr, Müller 1998, Efficient BackProp, on the
    largest stable rate.
    """

    pytorch = 'for group in optimizer.param_groups: group["lr"] *= 0.1'
    keras = "model.optimizer.learning_rate.assign(model.optimizer.learning_rate * 0.1)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "optim.lr")
        if now is None:
            return None
        if dotted.get(run.config, "optim.name") in WITH_MOMENTUM and dotted.get(run.config, "optim.momentum", 0.0) > HEAVY:
            return (Edit("optim.momentum", USUAL_MOMENTUM),)
        return (Edit("optim.lr", rounded(now * rate_factor(run, LEAST, MOST, USUAL)), measure="range-test"),)
