"""add-dropout."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, has_hidden_layers
from advisor.fixes._record import accuracy_gap, rounded
from advisor.fixes.base import Fix
from advisor.run import Run

WIDE_GAP = 0.2  # of accuracy
STRONG, GENTLE, MORE = 0.5, 0.25, 0.2


class AddDropout(Fix):
    """Switch off hidden units at random while training.

    What it does
    ------------
    Each training step works without a random share of the hidden units; measuring uses all of them. The share
    follows the gap between training and validation accuracy: 0.5 from a gap of 0.2 on, else 0.25; where there
    is dropout already, 0.2 more.

    When it helps
    -------------
    Training far better than validation: units can no longer rely on particular others to memorise samples.

    What to watch afterwards
    ------------------------
    Training loss rises and may lie above validation, since only training is handicapped. When validation does
    not improve, the network is now too small or the share too large.

    References
    ----------
    Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting, JMLR 15.
    """

    pytorch = "nn.Linear(a, b), nn.ReLU(), nn.Dropout(0.5)"
    keras = 'Dense(units, activation="relu"), Dropout(0.5)'

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "model.dropout", 0.0)
        if not has_hidden_layers(run.config) or now >= STRONG:
            return None
        share = STRONG if accuracy_gap(run) >= WIDE_GAP else GENTLE
        return changes(run.config, {"model.dropout": rounded(min(now + MORE, STRONG)) if now else share})
