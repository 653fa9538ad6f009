"""correct-output."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, classifies, is_built_in, raw_outputs
from advisor.fixes.base import Fix
from advisor.run import Run

COMPARES_VALUES = frozenset({"mse", "mae", "huber"})


class CorrectOutput(Fix):
    """Give the loss the outputs that it expects.

    What it does
    ------------
    Takes the activation off the last layer where the loss applies its own (cross entropy its softmax, bce its
    sigmoid) or none is wanted; puts a softmax before a loss that compares class labels with probabilities
    (mse, mae, huber). In a module that a function returns, the softmax, sigmoid, tanh or ReLU that gives its outputs is left out, as a
    layer or called as a function.

    When it helps
    -------------
    A loss that cannot fall below a floor although predictions are right: applied twice, a softmax never comes
    near certainty.

    What to watch afterwards
    ------------------------
    The loss should now fall below that floor: with k classes, from ln k towards 0.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2. The pages of nn.CrossEntropyLoss and
    nn.BCEWithLogitsLoss in PyTorch's documentation.
    """

    pytorch = "return self.head(x)  # no softmax: nn.CrossEntropyLoss applies it"
    keras = "model.compile(loss=SparseCategoricalCrossentropy(from_logits=True))  # and no activation on the last Dense"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        needs_shares = dotted.get(run.config, "train.loss") in COMPARES_VALUES and classifies(run.config, run.facts)
        if needs_shares:
            return changes(run.config, {"model.output": "softmax"}) if is_built_in(run.config) else None
        return changes(run.config, raw_outputs(run))
