"""Rates that come and go: a loss that rises with them has not turned."""

from advisor.run import Run
from advisor.signals.curves import Curve
from advisor.signals.rates import rates_along
from advisor.signals.rise import Rise

RAISED = 1.5  # times the rate at the best point: raised again
NEARLY = 0.8  # of the present rate: as high, before


def restarted(run: Run, curve: Curve, measured: Rise) -> bool:
    """Whether the rate was raised again since the best point, to where it had been before, and the loss is no higher than it was then."""
    rates = rates_along(run, curve)
    now, at_best, before = rates[-1], rates[measured.best], slice(0, measured.best)
    if not now >= RAISED * at_best:
        return False
    then = curve.values[before][rates[before] >= NEARLY * now]
    return len(then) > 0 and measured.end <= float(then.max())
