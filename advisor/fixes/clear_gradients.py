"""clear-gradients."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class ClearGradients(Fix):
    """Clear the gradients before each step.

    What it does
    ------------
    Nothing that can be set: in the training loop, empty the gradients before each backward pass; PyTorch adds
    to what is there.

    When it helps
    -------------
    Gradient norms that grow from step to step as a sum would.

    What to watch afterwards
    ------------------------
    grad_norm no longer grows by itself. Where gradients are accumulated on purpose, clear them after each
    optimiser step and divide the loss by their number.

    References
    ----------
    The page of torch.optim.Optimizer.zero_grad in PyTorch's documentation.
    """

    pytorch = "optimizer.zero_grad()  # before loss.backward()"
    keras = "with tf.GradientTape() as tape: ...  # a new tape each step starts from zero"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
