"""What steps that are too large leave behind: a loss that swings, units that died, gradients that jump."""

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.run import Floats, Run
from advisor.signals.activations import late_medians
from advisor.signals.noise import noise_scale
from advisor.signals.smoothing import running_median

FEWEST = 5  # losses that tell how they jitter
LASTED = 5  # losses in a row whose median counts: most of them must have risen; recorded jumps of other causes last one or two


def late_swing(run: Run) -> float:
    """The jitter of the training loss from epoch to epoch in the second half, as a share of its level; 0 where it cannot be told.

    >>> from advisor.rules.examples import record
    >>> late_swing(record(train_loss=[1.0] * 20)), late_swing(record(train_loss=[1.2, 0.8] * 10)) > 0.2
    (0.0, True)
    """
    loss = run.get("train_loss")
    late = loss.finite.values[len(loss.finite) // 2 :] if loss is not None else np.empty(0)
    middle = abs(float(np.median(late))) if len(late) >= FEWEST else 0.0
    return noise_scale(late) / middle if middle else 0.0


def rise_at_first(values: Floats) -> float:
    """How many times its start, or its later usual value if that is higher, the median of five losses in a row reached at most.

    >>> rise_at_first(np.array([2.0, 16.0, 16.0, 16.0, 16.0, 16.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]))
    8.0
    """
    start = max(float(values[0]), float(np.median(values[len(values) // 2 :])))
    return float(running_median(values, LASTED).max()) / start if start > 0 else 0.0


def dead_share(run: Run) -> float:
    """The largest share of a layer's units that were zero for every sample in the second half, 0..1; 0 where it was not recorded.

    Units that are never zero, as those of tanh, leave the share unrecorded.
    """
    try:
        shares = run.need_layers().where("zero_share")[1]
    except SignalUnavailable:
        return 0.0
    return float(np.nanmax(late_medians(shares), initial=0.0))


def gradient_jump(run: Run) -> float:
    """How many times its median the largest gradient norm was; 0 where none was recorded.

    >>> from advisor.rules.examples import record
    >>> gradient_jump(record(grad_norm=[1.0, 1.0, 50.0]))
    50.0
    """
    norms = run.step_series.get("grad_norm") or run.get("grad_norm")
    usual = float(np.median(norms.finite.values)) if norms is not None and len(norms.finite) else 0.0
    return float(norms.finite.values.max()) / usual if norms is not None and usual else 0.0
