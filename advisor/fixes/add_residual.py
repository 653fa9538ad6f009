"""add-residual."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, is_built_in, widths
from advisor.fixes.base import Fix
from advisor.run import Run


class AddResidual(Fix):
    """Give the gradient a way around each hidden layer.

    What it does
    ------------
    Adds to each hidden layer's output what the layer received, through a linear projection where widths
    differ.

    When it helps
    -------------
    Networks deeper than about ten layers: each layer only has to learn a change, and the gradient reaches the
    first layers along the sum.

    What to watch afterwards
    ------------------------
    Gradient norms by layer become nearly even. If activations grow with depth, add a norm as well.

    References
    ----------
    He, Zhang, Ren, Sun 2016, arXiv:1512.03385.
    """

    pytorch = "x = x + block(x)"
    keras = "x = Add()([x, block(x)])"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if not is_built_in(run.config) or not widths(run.config):
            return None
        return changes(run.config, {"model.residual": True})
