"""change-batch-size."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes.base import Fix
from advisor.run import Run

NOISE = frozenset({
    "oscillating-loss", "loss-spikes", "exploding-gradient", "diverging-loss", "huge-updates", "learning-rate-too-high",
})  # fmt: skip
FACTOR, USUAL, LEAST = 4, 32, 8


class ChangeBatchSize(Fix):
    """Average each step over more samples, or over fewer.

    What it does
    ------------
    Takes four times as many samples a step, which halves the noise of the gradient, and at least 32, where
    the loss swings or jumps. Elsewhere 32 in place of more or of the whole set, else a quarter as many, which
    makes four times as many steps an epoch.

    When it helps
    -------------
    Larger: a loss or norm that jumps from batch to batch. Smaller: few steps an epoch, slow learning, a gap
    to validation.

    What to watch afterwards
    ------------------------
    The noise of the loss within an epoch, and seconds an epoch. The best learning rate changes with it, about
    in proportion for sgd.

    References
    ----------
    Keskar et al. 2017, arXiv:1609.04836. McCandlish et al. 2018, arXiv:1812.06162.
    """

    pytorch = "DataLoader(dataset, batch_size=batch_size, shuffle=True)"
    keras = "model.fit(x, y, batch_size=batch_size)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "data.batch_size", USUAL)
        if now == "full":
            return None if finding.rule in NOISE else changes(run.config, {"data.batch_size": USUAL})
        return changes(run.config, {"data.batch_size": _larger(now, run) if finding.rule in NOISE else _smaller(now)})


def _smaller(now: int) -> int:
    """The usual ones where there are more, else a quarter as many, but no fewer than the least."""
    return USUAL if now > USUAL else max(now // FACTOR, min(now, LEAST))


def _larger(now: int, run: Run) -> int:
    """Four times as many, at least the usual ones, but no more than a quarter of the training samples."""
    samples = run.facts.get("samples")
    most = samples // FACTOR if isinstance(samples, int) else now * FACTOR
    return max(now, min(max(now * FACTOR, USUAL), most))
