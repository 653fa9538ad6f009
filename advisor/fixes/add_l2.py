"""add-l2."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import penalty
from advisor.fixes.base import Fix
from advisor.run import Run

USUAL, BOUNDS = 1.0, (1e-4, 1e-2)


class AddL2(Fix):
    """Pull all weights gently towards zero.

    What it does
    ------------
    Adds the penalty l2·Σw²/2 (adamw decays the weights instead). Its strength follows the length of the run:
    1 / (rate × steps), at which a weight that nothing else moves would shrink to about a third under gradient
    descent, held within 0.0001 and 0.01. Where there is a penalty already it becomes ten times as strong.

    When it helps
    -------------
    Training far better than validation: large weights that fit single samples become expensive.

    What to watch afterwards
    ------------------------
    Validation loss should fall while training loss rises a little. When both rise it is too strong.

    References
    ----------
    Krogh, Hertz 1992, A simple weight decay can improve generalization. Loshchilov, Hutter 2019,
    arXiv:1711.05101, for adamw. Wang, Aitchison 2024, arXiv:2405.13698, on the time scale.
    """

    pytorch = "torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)"
    keras = "Dense(units, kernel_regularizer=regularizers.L2(1e-3))"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        strength = penalty(run, "optim.l2", USUAL, BOUNDS)
        return None if strength is None else changes(run.config, {"optim.l2": strength})
