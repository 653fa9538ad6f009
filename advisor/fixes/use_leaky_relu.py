"""use-leaky-relu."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, has_hidden_layers
from advisor.fixes.base import Fix
from advisor.run import Run


class UseLeakyRelu(Fix):
    """Use a leaky ReLU, which never goes silent.

    What it does
    ------------
    Replaces the activation of every hidden layer by max(0.01 x, x): a unit whose input is negative still
    passes a hundredth of the gradient.

    When it helps
    -------------
    A ReLU unit that is zero for every sample gets no gradient and stays so. With a slope below zero it can
    come back.

    What to watch afterwards
    ------------------------
    The share of units that are zero for every input falls to none. If the loss does not follow, what killed
    the units, mostly too high a rate or a bad initialisation, is still there.

    References
    ----------
    Maas, Hannun, Ng 2013, Rectifier nonlinearities improve neural network acoustic models. He et al. 2015,
    arXiv:1502.01852.
    """

    pytorch = "nn.LeakyReLU(0.01)  # in place of nn.ReLU()"
    keras = "Dense(units), LeakyReLU(negative_slope=0.01)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return changes(run.config, {"model.activation": "leaky_relu"}) if has_hidden_layers(run.config) else None
