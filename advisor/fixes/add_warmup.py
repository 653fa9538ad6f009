"""add-warmup."""

import numpy as np

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import rounded
from advisor.fixes.base import Fix
from advisor.run import Run

LEAST, MOST = 0.05, 0.3  # shares of all steps
LONG = 2.0  # times the later median norm


class AddWarmup(Fix):
    """Start with small steps and let them grow.

    What it does
    ------------
    Raises the rate from almost nothing to its full value over the first part of all steps: as long as the
    recorded gradients were more than twice as long as they later became, five percent where nothing was
    recorded.

    When it helps
    -------------
    First steps that blow up although later ones bear the rate: adaptive optimisers whose averages are not
    settled yet, large batches, transformers.

    What to watch afterwards
    ------------------------
    No jump of loss and grad_norm at the start. If the trouble only comes later, the rate itself is too high.

    References
    ----------
    Goyal et al. 2017, arXiv:1706.02677. Ma, Yarats 2021, arXiv:1910.04209.
    """

    pytorch = "torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.01, total_iters=warmup_steps)  # step() after each batch"
    keras = "CosineDecay(0.0, decay_steps, warmup_target=learning_rate, warmup_steps=warmup_steps)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        warms_up = dotted.get(run.config, "optim.warmup", 0.0) > 0 or dotted.get(run.config, "optim.schedule") == "onecycle"
        return None if warms_up else changes(run.config, {"optim.warmup": rounded(_unsettled_share(run))})


def _unsettled_share(run: Run) -> float:
    """The share of the recorded steps before the gradient norm first comes down to its later size."""
    series = run.step_series.get("grad_norm") or run.get("grad_norm")
    norms = series.finite.values if series is not None else np.empty(0)
    if norms.size == 0:
        return LEAST
    calm = norms <= LONG * np.median(norms[len(norms) // 2 :])
    return float(np.clip(np.argmax(calm) / len(norms), LEAST, MOST))
