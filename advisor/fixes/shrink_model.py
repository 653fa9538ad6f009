"""shrink-model."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, is_built_in, widths
from advisor.fixes.base import Fix
from advisor.run import Run

LEAST, MOST = 1 / 8, 1 / 2  # of the present width
FEWEST_UNITS = 4


class ShrinkModel(Fix):
    """Use fewer units.

    What it does
    ------------
    Narrows every hidden layer by the same factor, so that parameters come near the number of training
    samples: parameters grow with the square of the width. Between half and an eighth of the width, at least
    four units.

    When it helps
    -------------
    Training perfect, validation poor, and more parameters than samples: the network can memorise.

    What to watch afterwards
    ------------------------
    The gap between the losses should close. When training itself becomes poor, it went too far: penalties and
    dropout are gentler.

    References
    ----------
    Geman, Bienenstock, Doursat 1992, Neural networks and the bias/variance dilemma. Belkin et al. 2019,
    arXiv:1812.11118, on where larger is better again.
    """

    pytorch = "nn.Linear(inputs, width // 2)"
    keras = 'Dense(units // 2, activation="relu")'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        if not is_built_in(run.config):
            return None
        factor = _factor(run)
        narrower = [min(width, max(FEWEST_UNITS, round(width * factor))) for width in widths(run.config)]
        return changes(run.config, {"model.hidden": narrower}) if narrower else None


def _factor(run: Run) -> float:
    samples, parameters = run.facts.get("samples"), run.facts.get("parameters")
    if not isinstance(samples, int) or not isinstance(parameters, int) or parameters < 1:
        return MOST
    return float(min(max((samples / parameters) ** 0.5, LEAST), MOST))
