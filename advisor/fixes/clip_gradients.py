"""clip-gradients."""

import numpy as np

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes
from advisor.fixes._record import rounded
from advisor.fixes.base import Fix
from advisor.run import Run, Series

USUAL_NORM = 1.0  # where no norm was recorded
TIGHTER = 0.5  # where clipping was on already and did not suffice
# Where steps are too small, a bound that nearly every gradient exceeds is what makes them so.
SLOW = frozenset({
    "slow-learning", "tiny-updates", "learning-rate-too-low", "not-learning", "underfitting", "plateau", "stopped-too-early",
})  # fmt: skip


class ClipGradients(Fix):
    """Shorten gradients that are longer than in calm steps.

    What it does
    ------------
    Scales the gradient of a step down to a largest length, over all weights together, so its direction stays.
    The length comes from the run: the median of the norms recorded before the loss was at its best. Where a
    bound is what keeps steps small, it goes up to what nine in ten of the recorded norms stay below.

    When it helps
    -------------
    Single batches that throw the weights far away: jumps of the loss, overflow, recurrent and very deep
    networks.

    What to watch afterwards
    ------------------------
    grad_norm is recorded before clipping. If nearly every step is clipped, the learning rate is too high
    instead.

    References
    ----------
    Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, section 3.2: thresholds from half to ten times the average
    norm.
    """

    pytorch = "torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)  # between backward() and step()"
    keras = "Adam(learning_rate, global_clipnorm=max_norm)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        now = dotted.get(run.config, "optim.clip_norm", 0.0)
        observed = _calm_norm(run)
        if finding.rule in SLOW and now:
            return changes(run.config, {"optim.clip_norm": rounded(max(now, _usual_norms(run)))})
        norm = min(observed, now * TIGHTER) if now else observed
        return changes(run.config, {"optim.clip_norm": rounded(norm)})


def _calm_norm(run: Run) -> float:
    """The median gradient norm up to the lowest loss: what steps were like before the trouble."""
    source = run.step_series if "grad_norm" in run.step_series else run.series
    norms, losses = source.get("grad_norm"), run.get("train_loss")
    if norms is None:
        return USUAL_NORM
    if losses is None or not len(losses.finite):  # it broke within the first epoch
        losses = run.step_series.get("train_loss", losses)
    calm = norms.values[norms.steps <= _best_step(losses)] if losses is not None else norms.values
    known = [values[np.isfinite(values) & (values > 0)] for values in (calm, norms.values)]
    return next((float(np.median(values)) for values in known if values.size), USUAL_NORM)


def _usual_norms(run: Run) -> float:
    """What nine in ten gradient norms stay below, as recorded before clipping; 0 where none was."""
    norms = run.step_series.get("grad_norm") or run.get("grad_norm")
    known = norms.finite.values if norms is not None else np.empty(0)
    return float(np.quantile(known, 0.9)) if known.size else 0.0


def _best_step(losses: Series) -> float:
    finite = losses.finite
    return float(finite.steps[np.argmin(finite.values)]) if len(finite) else 0.0
