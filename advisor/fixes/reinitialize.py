"""reinitialize."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import UNSOUND, changes, is_built_in, is_shallow
from advisor.fixes.base import Fix
from advisor.run import Run

ONE_SIDED = frozenset({"relu", "leaky_relu", "elu", "gelu", "silu"})


class Reinitialize(Fix):
    """Draw the first weights to suit the activation.

    What it does
    ------------
    Starts from PyTorch's own weights where the network has up to four hidden layers, and otherwise from
    weights whose variance keeps the signal's size from layer to layer: 2 / inputs for the ReLU family (He),
    2 / (inputs + outputs) for the others (Glorot).

    When it helps
    -------------
    A first loss far from what a guess would give, weights that are all equal, signals or gradients that
    shrink or grow by the same factor in every layer.

    What to watch afterwards
    ------------------------
    The first loss: for k balanced classes near ln k. activation_std should be of the same order in all
    layers.

    References
    ----------
    Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks. He et al.
    2015, arXiv:1502.01852.
    """

    pytorch = "nn.init.kaiming_normal_(layer.weight); nn.init.zeros_(layer.bias)  # nn.init.xavier_normal_ for tanh and sigmoid"
    keras = 'Dense(units, kernel_initializer="he_normal")  # "glorot_normal" for tanh and sigmoid'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if is_built_in(run.config) and is_shallow(run) and dotted.get(run.config, "model.init") in UNSOUND:
            return changes(run.config, {"model.init": "default"})
        activation = dotted.get(run.config, "model.activation", "relu")
        return changes(run.config, {"model.init": "kaiming" if activation in ONE_SIDED else "xavier"})
