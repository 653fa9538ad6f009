"""widen-model."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, is_built_in, widths
from advisor.fixes._record import finite_values
from advisor.fixes.base import Fix
from advisor.run import Run

POOR = 2 / 3  # of the training accuracy or R² that is possible
LEAST_UNITS, LEAST_CHANNELS = 32, 8  # doubling two units to four mends nothing: 0.82 to 0.89 on two moons, where 32 reach 0.95
FIRST_LAYER = [64]


class WidenModel(Fix):
    """Give the network more units in each layer.

    What it does
    ------------
    Doubles the width of every hidden layer, fourfold where training ended below two thirds of what is
    possible, and gives each at least 32 units (a convolution 8); a perceptron becomes a network with one hidden layer of 64 units.

    When it helps
    -------------
    Training itself ends poor, and no rate, number of epochs or weaker regularisation helps: the network
    cannot express the answer.

    What to watch afterwards
    ------------------------
    Training loss should fall clearly. If only the gap to validation grows, capacity was not what was missing.

    References
    ----------
    Hornik 1991, Approximation capabilities of multilayer feedforward networks. Zagoruyko, Komodakis 2016,
    arXiv:1605.07146.
    """

    pytorch = "nn.Linear(inputs, 2 * width)"
    keras = 'Dense(2 * units, activation="relu")'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if not is_built_in(run.config):
            return None
        if not widths(run.config):
            return changes(run.config, {"model.kind": "mlp", "model.hidden": FIRST_LAYER})
        scores = [*finite_values(run, "train_accuracy")[-1:], *finite_values(run, "train_r2")[-1:]]
        factor = 4 if scores and max(scores) < POOR else 2
        least = LEAST_CHANNELS if dotted.get(run.config, "model.kind") == "cnn" else LEAST_UNITS
        return changes(run.config, {"model.hidden": [max(factor * width, least) for width in widths(run.config)]})
