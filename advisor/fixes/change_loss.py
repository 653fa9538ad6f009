"""change-loss."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, classifies, raw_outputs
from advisor.fixes.base import Fix
from advisor.run import Run

CROSS_ENTROPY = frozenset({"auto", "cross_entropy", "bce"})


class ChangeLoss(Fix):
    """Minimise what the task asks for.

    What it does
    ------------
    For classes, cross entropy in place of a loss for numbers, on outputs without an activation. For numbers,
    the Huber loss, which counts large errors by their size and not by their square.

    When it helps
    -------------
    Classes: squared errors hardly push where the network is confidently wrong. Numbers: a few outliers that
    rule the squared error and make it jump.

    What to watch afterwards
    ------------------------
    Accuracy or R², never the loss itself: values of different losses cannot be compared.

    References
    ----------
    Golik, Doetsch, Ney 2013, Cross-entropy vs. squared error training. Huber 1964, Robust estimation of a
    location parameter.
    """

    pytorch = "criterion = nn.CrossEntropyLoss()  # nn.HuberLoss() for numbers with outliers"
    keras = "model.compile(loss=SparseCategoricalCrossentropy(from_logits=True))  # Huber() for numbers with outliers"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        loss = dotted.get(run.config, "train.loss", "auto")
        if not classifies(run.config, run.facts):
            return changes(run.config, {"train.loss": "huber"}) if loss in {"auto", "mse"} else None
        if loss in CROSS_ENTROPY:
            return None
        return changes(run.config, {"train.loss": "auto", **raw_outputs(run)})
