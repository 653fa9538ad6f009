"""scale-inputs."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes.base import Fix
from advisor.run import Run


class ScaleInputs(Fix):
    """Bring all inputs to mean 0 and spread 1.

    What it does
    ------------
    Subtracts each column's mean and divides by its spread, both measured on the training part alone; a factor
    on the inputs goes back to 1.

    When it helps
    -------------
    Inputs of very different or very large size: the loss is then a long narrow valley, where a rate that is
    stable across is far too small along it, and sigmoid and tanh units saturate.

    What to watch afterwards
    ------------------------
    Input mean and spread in the record, and the first epochs: learning should start at once. The same scaling
    must be applied wherever the network is used.

    References
    ----------
    LeCun, Bottou, Orr, Müller 1998, Efficient BackProp, section 4.3.
    """

    pytorch = "x = (x - x_train.mean(0)) / (x_train.std(0) + 1e-8)"
    keras = "normalization = Normalization(); normalization.adapt(x_train)  # as the first layer"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        multiplied = changes(run.config, {"data.multiply": 1.0}) or ()
        scaled = changes(run.config, {"data.scale": "standard"}) if dotted.get(run.config, "data.scale") == "none" else None
        return (*multiplied, *(scaled or ())) or None
