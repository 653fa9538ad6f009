"""default-recipe."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, has_hidden_layers
from advisor.fixes.base import Fix
from advisor.run import Run

OPTIMISATION = {"optim.name": "adam", "optim.lr": 1e-3, "optim.momentum": 0.0, "optim.l2": 1e-4}
INPUTS = {"data.scale": "standard", "data.multiply": 1.0}
LAYERS = {"model.activation": "relu", "model.init": "kaiming"}


class DefaultRecipe(Fix):
    """Start from settings that work almost anywhere.

    What it does
    ------------
    ReLU with He initialisation, batch norm, scaled inputs, Adam at 0.001 and a weight decay of 0.0001, at
    once. Several things change together; where it is kept, each is taken back alone in a shorter training, to
    say which of them mattered. Where none did, for several do the same, each is made alone.

    When it helps
    -------------
    As a last resort, when fixes of single causes did not help: in comparisons it beats most cleverer repairs.

    What to watch afterwards
    ------------------------
    Which of the changes mattered. Those that did not are best left out: what is simpler is understood sooner.

    References
    ----------
    He et al. 2015, arXiv:1502.01852. Ioffe, Szegedy 2015, arXiv:1502.03167. Kingma, Ba 2015, arXiv:1412.6980.
    """

    pytorch = "nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU(); torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)"
    keras = 'Dense(units, kernel_initializer="he_normal"), BatchNormalization(), ReLU(); Adam(1e-3, weight_decay=1e-4)'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if not has_hidden_layers(run.config):
            return changes(run.config, INPUTS | OPTIMISATION)
        single = 1 in (dotted.get(run.config, "data.batch_size"), dotted.get(run.config, "data.limit"))
        return changes(run.config, LAYERS | {"model.norm": "layer" if single else "batch"} | INPUTS | OPTIMISATION)
