"""add-schedule."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes.base import Fix
from advisor.run import Run


class AddSchedule(Fix):
    """Let the learning rate fall during training.

    What it does
    ------------
    Lowers the rate along a half cosine to 0 by the last epoch; on a plateau, where validation is recorded, to
    a tenth whenever validation has not improved for five epochs.

    When it helps
    -------------
    A loss that falls quickly at first and then swings or levels off: large steps are needed early, small ones
    to settle.

    What to watch afterwards
    ------------------------
    lr beside the losses: the loss should drop as the rate does. If it was still falling steadily, the
    schedule ends the training too early.

    References
    ----------
    Loshchilov, Hutter 2017, arXiv:1608.03983. He et al. 2016, arXiv:1512.03385, for steps on a plateau.
    """

    pytorch = "scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)  # scheduler.step() after each epoch"
    keras = "CosineDecay(learning_rate, decay_steps)  # as the optimizer's learning_rate"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if dotted.get(run.config, "optim.schedule", "none") != "none":
            return None
        waits = finding.rule == "plateau" and run.get("val_loss") is not None
        return changes(run.config, {"optim.schedule": "plateau" if waits else "cosine"})
