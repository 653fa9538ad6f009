"""switch-optimizer."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes.base import Fix
from advisor.run import Run

ADAPTIVE = frozenset({"adam", "adamw"})


class SwitchOptimizer(Fix):
    """Use another optimiser, at a rate that suits it.

    What it does
    ------------
    Goes from plain gradient descent and its elder relatives to Adam at 0.001, which gives each weight a step
    of its own size; from Adam to gradient descent with momentum 0.9. The rate is looked for by a range test.

    When it helps
    -------------
    Gradients of very different size between layers, where one rate cannot suit all (to Adam); swings and a
    poor end under Adam (to momentum).

    What to watch afterwards
    ------------------------
    The rate of one optimiser means nothing to another: look at the first epochs of train_loss and at the
    update ratios.

    References
    ----------
    Kingma, Ba 2015, arXiv:1412.6980. Wilson et al. 2017, arXiv:1705.08292, on where momentum ends better.
    """

    pytorch = "optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)"
    keras = "model.compile(optimizer=Adam(1e-3), loss=loss)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "optim.name")
        if now is None:
            return None
        name, rate, momentum = ("sgd", 0.01, 0.9) if now in ADAPTIVE else ("adam", 0.001, 0.0)
        wanted = changes(run.config, {"optim.name": name, "optim.momentum": momentum})
        return (*(wanted or ()), Edit("optim.lr", rate, measure="range-test"))
