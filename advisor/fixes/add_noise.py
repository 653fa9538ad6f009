"""add-noise."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import rounded
from advisor.fixes.base import Fix
from advisor.run import Run

SHARE, MOST = 0.1, 0.5


class AddNoise(Fix):
    """Add noise to the training inputs.

    What it does
    ------------
    Adds fresh Gaussian noise to the inputs of every training batch, a tenth of their spread; where there is
    noise already, twice as much.

    When it helps
    -------------
    Training far better than validation where inputs carry measurement noise anyway: the network may no longer
    rely on exact values.

    What to watch afterwards
    ------------------------
    Training loss rises, validation loss should fall. When both rise it is too strong.

    References
    ----------
    Bishop 1995, Training with noise is equivalent to Tikhonov regularization.
    """

    pytorch = "x = x + 0.1 * torch.randn_like(x)  # in training only"
    keras = "GaussianNoise(0.1)  # as the first layer"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "data.augment_noise", 0.0)
        return None if now >= MOST else changes(run.config, {"data.augment_noise": rounded(min(2 * now, MOST)) if now else SHARE})
