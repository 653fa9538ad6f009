"""add-layer-norm."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, has_hidden_layers
from advisor.fixes.base import Fix
from advisor.run import Run


class AddLayerNorm(Fix):
    """Normalise each hidden layer over its units.

    What it does
    ------------
    Puts layer normalisation behind each hidden layer: the units of one sample are set to mean 0 and spread 1,
    then scaled and shifted by learned numbers. Nothing depends on the batch.

    When it helps
    -------------
    The same troubles as batch norm cures, where batches are small or samples must not influence each other.

    What to watch afterwards
    ------------------------
    activation_std by layer becomes nearly even, and training and validation are measured alike, unlike under
    batch norm.

    References
    ----------
    Ba, Kiros, Hinton 2016, arXiv:1607.06450.
    """

    pytorch = "nn.Linear(a, b), nn.LayerNorm(b), nn.ReLU()"
    keras = 'Dense(units), LayerNormalization(), Activation("relu")'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return changes(run.config, {"model.norm": "layer"}) if has_hidden_layers(run.config) else None
