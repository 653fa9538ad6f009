"""stop-early."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import finite_values, longest_wait
from advisor.fixes.base import Fix
from advisor.run import Run

LEAST_PATIENCE = 3


class StopEarly(Fix):
    """Stop when validation stops improving, and keep the best epoch.

    What it does
    ------------
    Ends the training after a number of epochs without a better validation loss; the result is the best epoch,
    not the last. The patience comes from the noise of the recorded validation loss: one epoch more than the
    longest wait between two best values, at least three.

    When it helps
    -------------
    Validation that gets worse while training goes on improving. It is the cheapest cure, and costs nothing of
    what was learned before.

    What to watch afterwards
    ------------------------
    The result's epoch. The gap that is left between training and validation then calls for more data, dropout
    or a penalty.

    References
    ----------
    Prechelt 1998, Early stopping - but when?
    """

    pytorch = (
        "# before the first epoch: best, waited = math.inf, 0\n"
        "if val_loss < best:\n"
        "    best, waited = val_loss, 0\n"
        '    torch.save(model.state_dict(), "best.pt")\n'
        "elif (waited := waited + 1) == patience:\n"
        '    model.load_state_dict(torch.load("best.pt"))\n'
        "    break"
    )
    keras = 'EarlyStopping(monitor="val_loss", patience=patience, restore_best_weights=True)'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        losses = finite_values(run, "val_loss")
        if dotted.get(run.config, "train.early_stopping", 0) or len(losses) == 0 or losses.argmin() == len(losses) - 1:
            return None
        return changes(run.config, {"train.early_stopping": max(LEAST_PATIENCE, longest_wait(losses) + 1)})
