"""G102."""

from collections.abc import Iterable

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Ints, Run, Series
from advisor.signals.gradients import growth
from advisor.signals.smoothing import blocks
from advisor.text import counted, number

POINTS = 200  # a longer record is judged by the medians of this many stretches
INF = float("inf")
SETTLED = 0.1  # share of the record in which norms may be anything: the first steps of a sound run


class ExplodingGradient(Rule):
    """Gradient norms grow without bound, or jump by orders of magnitude.

    What it measures
    ----------------
    How many times its usual size the gradient norm reached: each norm over the median of all before it, beyond the first
    steps. Two norms must have reached it, so that a single outlier that training shrugged off does not count; in a long record each
    is the median of a stretch. Norms that are not finite count as well, if finite ones had grown before them.

    Why it matters
    --------------
    The step is the learning rate times the gradient. A gradient a hundred times larger throws the weights a hundred times
    further, which undoes in one step what many had built up; the next gradient is then larger still.

    What helps
    ----------
    Clip the global gradient norm a little above its usual value, which caps the step and leaves ordinary ones alone.
    Lower the learning rate or warm it up. In recurrent and very deep nets normalise, or initialise with smaller weights.
    Look for badly scaled inputs or targets, and for a loss that is summed rather than averaged.

    References
    ----------
    Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks, arXiv:1211.5063.
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 10.11.1.
    """

    code = "G102"
    needs = "grad norm or layers"
    fixes = ("clip-gradients", "lower-learning-rate", "add-warmup", "scale-inputs", "add-layer-norm")
    explains = ("not-learning", "underfitting", "plateau", "loss-spikes", "oscillating-loss", "class-collapse")

    GROWTH = 100.0  # times the usual norm; labelled runs that exploded: 800 and more, others 20 at most for two norms
    FEWEST = 10  # norms

    def measure(self, run: Run) -> float:
        return _second_largest(self._growth(run)[1])

    def check(self, run: Run) -> Iterable[Finding]:
        series, grown, ends = self._growth(run)
        factor = _second_largest(grown)
        if factor <= self.GROWTH or not np.isfinite(grown[grown > self.GROWTH]).any():
            return
        first = int(ends[int(np.argmax(grown > self.GROWTH))])
        evidence = span(run, ("grad_norm",), first, len(series) - 1, series)
        yield self.finding(_message(series, grown, first), factor, self.GROWTH, evidence, confidence=0.9)

    def _growth(self, run: Run) -> tuple[Series, Floats, Ints]:
        series = run.step_series.get("grad_norm") or run.need("grad_norm")
        if len(series.finite) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(series.finite), 'gradient norm')}; what is usual shows from {self.FEWEST} on")
        norms, ends = blocks(series.values, POINTS)
        return series, growth(norms, max(1, round(SETTLED * len(norms)))), ends

    def examples(self) -> tuple[Example, ...]:
        usual = shaken(straight(1.0, 0.8, 30), 0.05)
        loss = falling(2.3, 1.0, 34)
        return (
            Example("a jump by three orders of magnitude", record(train_loss=loss, grad_norm=joined(usual, [2e3, 5e3, 1e3, 3e3]))),
            Example("growth by factors until it overflows", record(train_loss=loss, grad_norm=joined(usual, [3.0, 40.0, 900.0, INF]))),
            Example("150 times the usual norm", record(train_loss=loss, grad_norm=joined(usual, [1.0, 150.0, 150.0, 150.0]))),
            Example("within twelve epochs", record(train_loss=loss[:12], grad_norm=joined(usual[:9], [20.0, 400.0, 9000.0]))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        usual = shaken(straight(1.0, 0.8, 30), 0.05)
        loss = falling(2.3, 1.0, 34)
        return (
            Example("one outlier that training shrugged off", record(train_loss=loss, grad_norm=joined(usual, [1.0, 5e3, 1.0, 1.0]))),
            Example("sixty times the usual norm", record(train_loss=loss, grad_norm=joined(usual, [1.0, 60.0, 60.0, 60.0]))),
            Example("large only in the first steps", record(train_loss=loss, grad_norm=joined([5e3, 2e3, 9e2], usual))),
            Example("overflow of half precision, now and then", record(train_loss=loss, grad_norm=joined(usual, [INF, 1.0, INF, 1.0]))),
            Example("falling by orders of magnitude", record(train_loss=loss, grad_norm=falling(10.0, 1e-4, 34))),
            Example("nine epochs", record(train_loss=loss[:9], grad_norm=joined(usual[:6], [20.0, 400.0, 9000.0]))),
        )


def _second_largest(grown: Floats) -> float:
    return float(np.sort(grown)[-2])


def _message(series: Series, grown: Floats, first: int) -> str:
    finite = series.finite.values
    usual, largest = float(np.median(series.values[: first + 1][np.isfinite(series.values[: first + 1])])), float(finite.max())
    end = "; the last ones are not finite" if not np.isfinite(series.values[-1]) else ""
    return (
        f"From {series.at(first)} on the gradient norm reaches up to {number(largest)}, where {number(usual)} was usual before "
        f"(median){end}. First clip it at about {number(2 * usual)}, and lower the learning rate."
    )
