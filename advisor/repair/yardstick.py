"""Whether a result leaves something to gain: it is held to what a method without a network reaches on the same data."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from advisor.errors import AdvisorError
from advisor.repair.metrics import Metric, deciding
from advisor.repair.trainer import Scores
from advisor.repair.verdict import LARGE
from advisor.signals.chance import paired_error
from advisor.text import number

METHOD = "kernel ridge regression, which is solved and not trained,"
ERRORS = 2.0  # paired standard errors, beyond which the yardstick is ahead; less is one chance in twenty
LEAST = 0.01  # of accuracy or R²: less is not worth looking for
FAR_SHARE = 0.5  # of what R² or accuracy lacks of 1: half of the errors could be avoided
FAR = 0.05  # of accuracy; of 70 sound trainings, none on held-out data, the one behind by 3 errors was by 0.034; of six broken by 0.065
TOLD, TOLD_SHARE = 0.03, 0.3  # where record or Config say as well what it lacks: it was ended too soon, or has no non-linearity
LEAST_SHARE = 0.05  # of what R² lacks of 1: as little of the errors
FAR_ERRORS = 3.0  # what a run has to fall short by in which no rule finds anything


@dataclass(frozen=True)
class Lead:
    """By how much the yardstick is ahead of a result on the same validation samples."""

    metric: Metric
    reached: float  # by the yardstick
    result: float
    error: float  # standard error of the difference

    @property
    def is_clear(self) -> bool:
        """Whether more was to be had beyond doubt."""
        return self._exceeds(ERRORS, LEAST, LEAST_SHARE)

    @property
    def is_enough_if_told(self) -> bool:
        """Whether so much more was to be had that what record or Config say of the run is why it was not."""
        return self._exceeds(FAR_ERRORS, TOLD, TOLD_SHARE)

    @property
    def is_far(self) -> bool:
        """Whether so much more was to be had that something must be wrong, whatever the record shows."""
        return self._exceeds(FAR_ERRORS, min(LARGE, max(FAR, FAR_SHARE * (1.0 - self.result))), FAR_SHARE)

    @property
    def is_even(self) -> bool:
        """Whether both come to the same: two so different methods agree on what the data give."""
        return abs(self.reached - self.result) <= min(LEAST, LEAST_SHARE * self.metric.missing(self.result))

    def _exceeds(self, errors: float, least: float, share: float) -> bool:
        """Whether the lead is more than so many errors, and more than so much: of R² no more than a share of what it lacks of 1."""
        return self.reached - self.result > max(errors * self.error, min(least, share * self.metric.missing(self.result)))

    def __str__(self) -> str:
        figures = f"{self.metric.name} {number(self.reached)} where the result has {number(self.result)}"
        return f"more may be had: {METHOD} reaches {figures}"


class Yardstick:
    """Measured once, when it is first asked for."""

    def __init__(self, measure: Callable[[], Scores | None]) -> None:
        self._measure = measure

    def lead(self, result: Scores) -> Lead | None:
        """The yardstick beside a result; None where the data allow none."""
        if self._scores is None:
            return None
        metric = deciding("", result, same_loss=False)
        error = paired_error(metric.by_sample(self._scores) - metric.by_sample(result))
        return Lead(metric, metric.value(self._scores), metric.value(result), error)

    @cached_property
    def _scores(self) -> Scores | None:
        try:
            return self._measure()
        except AdvisorError:  # what keeps the data from being read is said by the trainings
            return None
