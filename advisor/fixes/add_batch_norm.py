"""add-batch-norm."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, has_hidden_layers
from advisor.fixes.base import Fix
from advisor.run import Run

SMALLEST_BATCH = 2  # a single sample has no spread


class AddBatchNorm(Fix):
    """Normalise each hidden layer over the batch.

    What it does
    ------------
    Puts batch normalisation behind each hidden layer: mean and spread of every unit are set over the batch,
    then scaled and shifted by two learned numbers.

    When it helps
    -------------
    Deep networks whose signals fade, grow or saturate from layer to layer; badly scaled inputs; rates that a
    plain network does not bear. It also regularises a little.

    What to watch afterwards
    ------------------------
    activation_std by layer becomes nearly even. Validation that jumps while training is calm means that the
    running means lag behind: larger batches or layer norm.

    References
    ----------
    Ioffe, Szegedy 2015, arXiv:1502.03167. Santurkar et al. 2018, arXiv:1805.11604, on why it works.
    """

    pytorch = "nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()  # nn.BatchNorm2d behind a convolution"
    keras = 'Dense(units), BatchNormalization(), Activation("relu")'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        batches = (dotted.get(run.config, "data.batch_size", 32), dotted.get(run.config, "data.limit", "all"))
        if not has_hidden_layers(run.config) or any(isinstance(size, int) and size < SMALLEST_BATCH for size in batches):
            return None
        return changes(run.config, {"model.norm": "batch"})
