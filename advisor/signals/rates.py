"""The learning rate along a curve."""

import numpy as np

from advisor.run import Floats, Run
from advisor.signals.curves import Curve


def rates_along(run: Run, curve: Curve) -> Floats:
    """The learning rate at each point of a curve (points,): the last one logged until there; nan where none was, or on another axis.

    >>> from advisor.rules.examples import record
    >>> from advisor.signals.curves import training
    >>> run = record(train_loss=[2.0, 1.0, 0.5], lr=[0.1, 0.1, 0.01])
    >>> rates_along(run, training(run)).tolist()
    [0.1, 0.1, 0.01]
    """
    rates = run.get("lr")
    if rates is None or rates.axis != run.series[curve.role].axis:
        return np.full(len(curve), np.nan)
    known = rates.finite
    last = np.searchsorted(known.x, curve.x, side="right") - 1
    return np.where(last >= 0, known.values[np.maximum(last, 0)], np.nan) if len(known) else np.full(len(curve), np.nan)
