"""N101."""

from collections.abc import Iterable, Iterator

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Evidence, Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, straight
from advisor.run import Bools, Floats, Run, Series
from advisor.signals.skill import skill_if_logged
from advisor.text import counted, number

NAN, INF = float("nan"), float("inf")
DIGITS = 9  # as many as a log writes by a fixed format
EXACT = 1e-12  # share of a value: what is nearer to another is the same number


class NonFiniteLoss(Rule):
    """The loss is NaN or infinite, or it was and the log hides it behind zeros.

    What it measures
    ----------------
    The number of logged losses, training and validation, by epoch and by step, that are not finite numbers.
    Some trainers write such a loss as exactly 0: a row of exact zeros to the end counts as well, if the loss stood
    far above zero right before it, by more than rounding takes off, the gradient norms logged with them, if any, are not
    finite, and not all answers are right.

    Why it matters
    --------------
    NaN spreads: one NaN loss makes NaN gradients, one step later every weight is NaN, and nothing brings them back.
    Whatever was trained before is lost unless a checkpoint from before that point exists. Only where the step was
    left out, as scalers for half precision do, the weights survive.

    What helps
    ----------
    Find the first bad value. Right after a rising loss or gradient norm the step was too large: lower the learning
    rate (by ten, first), warm it up, or clip the gradient norm. At the very start look for NaN or huge values in the
    data, a logarithm or division of zero, or half precision that overflows. Then start again from a checkpoint before
    that point, unless the loss is finite again by itself.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, sections 4.1 and 8.2.4. Hugging Face Trainer's
    `logging_nan_inf_filter` is what writes zeros.
    """

    code = "N101"
    severity = Severity.ERROR
    needs = "a loss"
    fixes = ("lower-learning-rate", "clip-gradients", "scale-inputs", "add-warmup")
    explains = ("class-collapse",)
    excludes = (
        "not-learning", "plateau", "underfitting", "overfitting", "learning-rate-too-low", "slow-learning", "stopped-too-early",
        "trained-too-long", "generalization-gap", "loss-spikes", "oscillating-loss", "noisy-validation", "suspicious-validation",
    )  # fmt: skip

    ZEROS = 4  # exact zeros in a row, to the end; trainproof asks for 5 zeros, one of which may be honest
    RIGHT = 0.999  # accuracy beside zeros that are the loss itself; a network of NaN names one class, and is seldom right
    UNITS = 10.0  # of the last digit written, above which a loss cannot become 0 by rounding from one row to the next
    SUDDEN = 0.1  # share of the first loss: labelled runs that truly reach zero pass through less than a thousandth

    def measure(self, run: Run) -> float:
        return float(sum(bad.sum() for _, _, bad in self._bad(run)))

    def check(self, run: Run) -> Iterable[Finding]:
        count = self.measure(run)
        for role, series, bad in self._bad(run):
            if bad.any():
                yield self.finding(_message(role, series, bad), count, 0.0, _evidence(run, role, series, bad), confidence=0.99)
                return

    def _bad(self, run: Run) -> Iterator[tuple[str, Series, Bools]]:
        sources = [(role, series) for table in (run.series, run.step_series) for role, series in table.items() if "_loss" in role]
        losses = [(role, series) for role, series in sources if len(series)]
        if not losses:
            raise SignalUnavailable("no loss in this log")
        for role, series in sorted(losses, key=lambda loss: not loss[0].startswith("train")):
            yield role, series, ~np.isfinite(series.values) | self._hidden(run, role, series)

    def _hidden(self, run: Run, role: str, series: Series) -> Bools:
        values = series.values
        nonzero = np.flatnonzero(values)
        first_zero = int(nonzero[-1]) + 1 if len(nonzero) else len(values)
        tail = np.arange(len(values)) >= first_zero
        before = abs(values[first_zero - 1]) if len(nonzero) else 0.0
        sudden = tail.sum() >= self.ZEROS and before > self.SUDDEN * abs(values[0]) and before > self.UNITS * _unit(values)
        hides = sudden and _gradients_broken(run) and not self._all_right(run, role)
        return tail if hides else np.zeros(len(values), dtype=bool)

    def _all_right(self, run: Run, role: str) -> bool:
        """Whether all answers are right, so that the loss is honest: of a single class, say."""
        reached = skill_if_logged(run, role.split("_")[0])
        return reached is not None and reached.right >= self.RIGHT

    def examples(self) -> tuple[Example, ...]:
        before = falling(2.3, 1.0, epochs=6)
        broken = joined(falling(3.0, 1.0, epochs=6), [NAN] * 5)
        return (
            Example("the training loss becomes NaN", record(train_loss=joined(before, [8.0, NAN, NAN]))),
            Example("one infinite epoch, and on", record(train_loss=joined(before, [INF], straight(0.95, 0.7, 6)))),
            Example("one infinite validation loss", record(train_loss=falling(2.3, 0.5, 8), val_loss=joined(before, [INF, 1.1]))),
            Example("zeros that stand for NaN", record(train_loss=joined(before, [0.0] * 5), grad_norm=broken)),
            Example("0.24, 0.20, 0.00", record(train_loss=[0.28, 0.25, 0.24, 0.2, 0.0, 0.0, 0.0, 0.0])),
            Example("in whole numbers: 24, 12, 0", record(train_loss=[60.0, 24.0, 12.0, 0.0, 0.0, 0.0, 0.0])),
            Example("zeros, and a tenth right", record(train_loss=joined(before, [0.0] * 5), train_accuracy=[0.9] * 6 + [0.1] * 5)),
            Example("zeros from one epoch to the next", record(train_loss=joined(straight(2.0, 0.3, 6), [0.0] * 5))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        before = falling(2.3, 1.0, epochs=6)
        return (
            Example("the same rise, but finite", record(train_loss=joined(before, [8.0, 60.0, 900.0]))),
            Example("a last epoch at zero", record(train_loss=joined(before, [0.0, 0.0, 0.0]))),
            Example("zeros by rounding: 0.0003, 0.0001, 0.0000", record(train_loss=[0.0006, 0.0003, 0.0003, 0.0001, 0.0, 0.0, 0.0, 0.0])),
            Example("zeros, and all answers right", record(train_loss=joined(before, [0.0] * 5), train_accuracy=[0.9] * 6 + [1.0] * 5)),
            Example("0.12, 0.08, 0.00", record(train_loss=[0.2, 0.16, 0.12, 0.08, 0.0, 0.0, 0.0, 0.0])),
            Example("a loss that truly reaches zero", record(train_loss=joined(straight(2.0, 0.15, 6), [0.0] * 5))),
            Example(
                "zeros with finite gradients",
                record(train_loss=joined(before, [0.0] * 5), grad_norm=falling(3.0, 0.1, epochs=11)),
            ),
        )


def _unit(values: Floats) -> float:
    """The last digit that was written: the largest power of ten of which all values are multiples; 0 where there is none."""
    finite = values[np.isfinite(values) & (values != 0)]
    exact = (digits for digits in range(-DIGITS, DIGITS) if np.allclose(np.round(finite, digits), finite, rtol=EXACT, atol=0))
    return next((10.0**-digits for digits in exact), 0.0)


def _gradients_broken(run: Run) -> bool:
    norms = run.get("grad_norm")
    return norms is None or not np.isfinite(norms.values).all()


def _message(role: str, series: Series, bad: Bools) -> str:
    first, after = int(np.argmax(bad)), int(np.flatnonzero(bad)[-1]) + 1
    value = series.values[first]
    shown = number(float(value)) if value else "0 in place of a number"
    before = f"; the last finite value was {number(float(series.values[first - 1]))}" if first else ", the very first value"
    found = f"{role} is {shown} at {series.at(first)}{before}. {int(bad.sum())} of {counted(len(bad), 'value')} affected."
    if after < len(bad):
        again = f"{number(float(series.values[after]))} ({series.at(after)})"
        return (
            f"{found} The loss is finite again, at {again}, so the weights survived: look for what overflows in single batches, "
            "a logarithm or division of zero, or half precision."
        )
    if not first:
        return (
            f"{found} Nothing was learned before it: first look at one batch, whether inputs and labels are finite and in the range that "
            "the loss takes; then at a logarithm or division of zero, and half precision."
        )
    return f"{found} Start again from before that point with a tenth of the learning rate, and clip the gradient norm."


def _evidence(run: Run, role: str, series: Series, bad: Bools) -> Evidence:
    where = np.flatnonzero(bad)
    return span(run, (role,), int(where[0]), int(where[-1]), series)
