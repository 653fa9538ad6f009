"""use-relu."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import UNSOUND, changes, has_hidden_layers, is_shallow
from advisor.fixes.base import Fix
from advisor.run import Run


class UseRelu(Fix):
    """Use ReLU in the hidden layers, with an initialisation made for it.

    What it does
    ------------
    Replaces the activation of every hidden layer by ReLU. With more than four hidden layers it draws the
    weights as He et al. (2015) do, with variance 2 / inputs, so that the signal keeps its size from layer to
    layer; fewer train from PyTorch's own as well. Against underfitting it is offered to linear units alone.

    When it helps
    -------------
    A sigmoid passes on at most a quarter of the gradient and tanh at most all of it; through ten layers
    little is left. ReLU passes on all of it for every unit that is active.

    What to watch afterwards
    ------------------------
    The gradient norms of the first layers (they should be within a factor of ten of the last), and the
    share of dead units, the price that ReLU can ask.

    References
    ----------
    Glorot, Bordes, Bengio 2011, Deep sparse rectifier neural networks. He et al. 2015, arXiv:1502.01852.
    """

    pytorch = "nn.ReLU()  # in place of nn.Sigmoid(); then nn.init.kaiming_normal_(layer.weight) for each layer"
    keras = 'Dense(units, activation="relu", kernel_initializer="he_normal")'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "model.activation")
        if now == "relu" or not has_hidden_layers(run.config) or (finding.rule == "underfitting" and now != "linear"):
            return None
        return changes(run.config, {"model.activation": "relu", **_weights(run)})


def _weights(run: Run) -> dict[str, str]:
    """How to draw the first weights: as they are drawn now where depth does not ask for more."""
    if not is_shallow(run):
        return {"model.init": "kaiming"}
    return {"model.init": "default"} if dotted.get(run.config, "model.init") in UNSOUND else {}
