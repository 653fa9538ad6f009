"""Rates that come and go, and tasks that get harder: a loss that rises with them has not turned."""

from advisor.run import Run
from advisor.signals.curves import Curve
from advisor.signals.rates import rates_along
from advisor.signals.rise import Rise, waves
from advisor.signals.trend import mann_kendall

RAISED = 1.5  # times the rate at the best point: raised again
NEARLY = 0.8  # of the present rate: as high, before
AS_LONG = 0.5  # of the present rise, that an earlier one which came back must have lasted; or else ...
FALLING = -3.0  # ... the trend since the top is below this, in deviations (one in 700 by chance): this one is coming back, too ...
LASTED = 3  # ... if the earlier one was no mere spike, in points


def is_cyclic(run: Run, curve: Curve, measured: Rise) -> bool:
    """Whether a rise is one that comes back, as far as the rate tells or what the curve did before."""
    return _restarted(run, curve, measured) or _comes_back(curve, measured)


def _restarted(run: Run, curve: Curve, measured: Rise) -> bool:
    """Whether the rate was raised again since the best point, to where it had been before, and the loss is no higher than it was then."""
    rates = rates_along(run, curve)
    now, at_best, before = rates[-1], rates[measured.best], slice(0, measured.best)
    if not now >= RAISED * at_best:
        return False
    then = curve.values[before][rates[before] >= NEARLY * now]
    return len(then) > 0 and measured.end <= float(then.max())


def _comes_back(curve: Curve, measured: Rise) -> bool:
    """Whether the curve rose as high before and came back, from a rise half as long, or while this one is coming down as well."""
    seen = waves(curve.values, measured)
    longest = max(seen.earlier, default=0)
    if longest < LASTED:
        return False
    top = measured.best + int(curve.values[measured.best :].argmax())
    return longest >= AS_LONG * seen.present or mann_kendall(curve.values[top:]) < FALLING
