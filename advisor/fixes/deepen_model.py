"""deepen-model."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, is_built_in, widths
from advisor.fixes.base import Fix
from advisor.run import Run

FIRST_LAYERS = [64, 64]  # one alone is what widen-model gives


class DeepenModel(Fix):
    """Add a hidden layer.

    What it does
    ------------
    Adds one more hidden layer of the last one's width; a perceptron becomes a network with two of 64 units.

    When it helps
    -------------
    Training itself ends poor and width does not help: answers that are made in steps, such as nested shapes,
    take fewer units in depth.

    What to watch afterwards
    ------------------------
    Training loss should fall. Gradient norms by layer must stay within a factor of ten or so; beyond ten
    layers add a norm or residual connections.

    References
    ----------
    Telgarsky 2016, arXiv:1602.04485, Benefits of depth in neural networks.
    """

    pytorch = "nn.Linear(width, width), nn.ReLU()  # before the last layer"
    keras = 'Dense(units, activation="relu")  # before the last layer'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if not is_built_in(run.config):
            return None
        now = list(widths(run.config))
        if now:
            return changes(run.config, {"model.hidden": [*now, now[-1]]})
        return changes(run.config, {"model.kind": "mlp", "model.hidden": FIRST_LAYERS})
