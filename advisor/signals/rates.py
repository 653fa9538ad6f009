"""The learning rate along a curve."""

import numpy as np

from advisor.run import Floats, Run
from advisor.signals.curves import Curve

FULL = 0.5  # of the highest learning rate; below it a schedule is on its way to the end


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


def at_full_rate(run: Run, curve: Curve) -> Curve:
    """The curve until its learning rate was lowered for good to less than half of its peak; the whole where it was not, or not logged.

    >>> from advisor.rules.examples import record
    >>> from advisor.signals.curves import training
    >>> run = record(train_loss=[2.0, 1.0, 0.5, 0.4], lr=[0.1, 0.1, 0.1, 0.01])
    >>> at_full_rate(run, training(run)).values.tolist()
    [2.0, 1.0, 0.5]
    """
    rates = run.get("lr")
    if rates is None or rates.axis != run.series[curve.role].axis:
        return curve
    high = np.flatnonzero(rates.values >= FULL * np.nanmax(rates.values, initial=-np.inf))
    until = int(np.searchsorted(curve.x, rates.x[high[-1]], side="right")) if len(high) else len(curve)
    return curve.until(until) if until else curve
