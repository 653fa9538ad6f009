"""connect-layers."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class ConnectLayers(Fix):
    """Let the loss reach every layer.

    What it does
    ------------
    Nothing that can be set: in the model's code, use each layer's output, and detach nothing on the way to
    the loss.

    When it helps
    -------------
    A trainable layer receives no gradient at all: it is not used, its output is detached, or it runs under
    no_grad.

    What to watch afterwards
    ------------------------
    Every trainable layer shows a gradient after one step.

    References
    ----------
    The note on autograd mechanics in PyTorch's documentation.
    """

    pytorch = "unused = [name for name, p in model.named_parameters() if p.grad is None]  # after loss.backward()"
    keras = "unused = [v.name for v, g in zip(model.trainable_variables, gradients) if g is None]"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
