"""L102."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, any_curve, validation
from advisor.signals.jumps import Height, heights, stretches
from advisor.text import counted, number, part_of

LEFT = 0.25  # of a jump, when it has worn off


class LossSpikes(Rule):
    """The loss jumps far out of its noise now and then, and recovers.

    What it measures
    ----------------
    How far single points of the training loss stand above its usual course, the running median over a tenth of the run: in
    deviations of its own jitter, as a factor, and as a share of the whole way that it came down. All three must be large, since
    the loss of single batches reaches far out of its noise by nature. The beginning does not count, nor a jump that never came
    back: that is divergence. A jump or two from which training recovers cost little and are told as information, as are jumps that
    wear off over several points and come at equal distances or leave validation as it was: cycles of a rate and harder samples make
    them. Several others that take up a part of the run are a warning.

    Why it matters
    --------------
    Each spike undoes some of what was learned, and some time goes into learning it again. They come from steps that are too large
    for where the weights are, from single odd batches, or from numbers at the edge of what they can hold; a larger one of the
    same kind ends the training.

    What helps
    ----------
    Clip the gradient norm at a little above its usual value; lower the rate or warm it up; larger batches. If the spikes come at
    the same samples each time, look at those; if they come with Adam after long calm, lower its second beta to 0.95.

    References
    ----------
    Chowdhery et al. 2022, PaLM, arXiv:2204.02311, section 5.1. Molybog et al. 2023, A Theory on Adam Instability, arXiv:2304.09871.
    Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, on clipping.
    """

    code = "L102"
    needs = "a loss"
    fixes = ("clip-gradients", "lower-learning-rate", "add-warmup", "change-batch-size", "add-schedule")
    explains = ("noisy-validation",)

    NOISE = 8.0  # deviations; labelled runs with spikes: 10 and more, others that meet the two below: none
    FACTOR = 1.27  # times the usual course; labelled runs: 1.30 and more, a plateau that wobbled 1.24
    OF_WAY = 0.15  # of the way down; labelled runs: 0.17 and more, sound ones with heavy-tailed losses 0.13
    SETTLED = 0.1  # of the run, in which a curve still falls too steeply to have a usual course
    BACK = 0.5  # of a jump that must be gone again later on; what stays up more is no spike
    MANY = 3  # spikes, and ...
    COST = 0.01  # ... share of the run that they take up: labelled runs that they harmed 0.011 and more, a sound one 0.0008
    SLOWLY = 2  # points that a jump takes to wear off; labelled runs: 1 to 3, and where they harmed, validation jumps along
    SHARED = 0.5  # of the jumps, that validation makes as well: then it is the model that was thrown back
    EQUAL = 0.1  # of their usual distance, by which planned jumps differ; of three at random, one set in ten is as regular
    FEWEST = 12  # points

    def measure(self, run: Run) -> float:
        curve = self._curve(run)
        high = heights(curve.values)
        spikes = self._spikes(curve.values, high)
        return max((float(high.of_way[first : last + 1].max()) for first, last in spikes), default=0.0)

    def check(self, run: Run) -> Iterable[Finding]:
        curve = self._curve(run)
        high = heights(curve.values)
        spikes = self._spikes(curve.values, high)
        if not spikes:
            return
        evidence = span(run, (curve.role,), int(curve.points[spikes[0][0]]), int(curve.points[spikes[-1][1]]))
        found = self.finding(_message(curve, high, spikes), self.measure(run), self.OF_WAY, evidence, confidence=0.8)
        harmful = len(spikes) >= self.MANY and _points(spikes) >= self.COST * len(curve) and not self._are_planned(run, curve, spikes)
        yield found if harmful else replace(found, severity=Severity.INFO)

    def _curve(self, run: Run) -> Curve:
        curve = any_curve(run)
        if len(curve) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(curve), 'point')} of the {curve.title}; a spike shows among {self.FEWEST}")
        return curve

    def _spikes(self, values: Floats, high: Height) -> list[tuple[int, int]]:
        chosen = (high.in_noise > self.NOISE) & (high.factor > self.FACTOR) & (high.of_way > self.OF_WAY)
        chosen[: int(self.SETTLED * len(values))] = False
        return [(first, last) for first, last in stretches(chosen) if self._recovered(values, (first, last))]

    def _are_planned(self, run: Run, curve: Curve, spikes: list[tuple[int, int]]) -> bool:
        """Whether they wear off over several points, and come at equal distances or do no harm that validation shows."""
        if np.median([_lasted(curve.values, spike) for spike in spikes]) < self.SLOWLY:
            return False
        return self._are_equal(curve.values, spikes) or not self._validation_jumps(run, curve, spikes)

    def _are_equal(self, values: Floats, spikes: list[tuple[int, int]]) -> bool:
        between = np.diff([_top(values, spike) for spike in spikes])
        usual = float(np.median(between)) if len(between) > 1 else 0.0
        return usual > 0 and bool(np.all(np.abs(between - usual) <= max(1.0, self.EQUAL * usual)))

    def _validation_jumps(self, run: Run, curve: Curve, spikes: list[tuple[int, int]]) -> bool:
        """Whether validation jumps along with half of them; it does not where it was not logged."""
        try:
            val = validation(run)
        except SignalUnavailable:
            return False
        if val.role == curve.role or len(val) < self.FEWEST:
            return False
        jumps = self._spikes(val.values, heights(val.values))
        shared = [any(val.x[a] <= curve.x[last] and val.x[b] >= curve.x[first] for a, b in jumps) for first, last in spikes]
        return float(np.mean(shared)) >= self.SHARED

    def _recovered(self, values: Floats, spike: tuple[int, int]) -> bool:
        first, last = spike
        before, top = float(values[first - 1]), float(values[first : last + 1].max())
        later = values[last + 1 :]
        return len(later) > 0 and float(later.min()) <= top - self.BACK * (top - before)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("six jumps in sixty epochs", _jumping(12, 18, 29, 33, 45, 52)),
            Example("three in 200 epochs", record(train_loss=_with_jumps(_calm(0.004, 200), at=(60, 118, 160), by=0.8))),
            Example("stages of equal length: information", record(train_loss=_stages(15, 15, 15, 15))),
            Example("of unequal length: information", record(train_loss=_stages(15, 13, 19, 15))),
            Example("of unequal length, and validation jumps along", _thrown_back(_stages(15, 13, 19, 15))),
            Example("the same with two of three", _thrown_back(_stages(15, 13, 19, 15), _stages(28, 19, 15))),
            Example("of nearly equal length, and validation jumps along: information", _thrown_back(_stages(40, 40, 35, 40))),
            Example("one jump that recovers", _jumping(30)),
            Example("a sixth of the way, once", record(train_loss=_with_jumps(_calm(0.004), at=(40,), by=0.3))),
            Example("fourteen times the noise", record(train_loss=_with_jumps(_calm(0.04), at=(30,), by=0.45))),
            Example("an early one", record(train_loss=_with_jumps(_calm(0.004), at=(9,), by=0.8))),
            Example("two thirds of it gone again", record(train_loss=joined(_calm(0.004)[:40], [1.0, 0.7, 0.42], [0.44] * 6, [0.43] * 11))),
            Example("below zero", record(train_loss=_with_jumps(_calm(0.004), at=(40,), by=0.8) - 3.0)),
            Example("a short run", record(train_loss=_with_jumps(_calm(0.004)[:14], at=(6,), by=0.8))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("one jump that stays", record(train_loss=joined(_calm(0.004)[:40], [1.2] * 20))),
            Example("no more than its noise", record(train_loss=_with_jumps(_calm(0.04), at=(30,), by=0.12))),
            Example("a small part of the way", record(train_loss=_with_jumps(_calm(0.002), at=(40,), by=0.11))),
            Example("by a fifth", record(train_loss=_with_jumps(_calm(0.004) + 3.0, at=(40,), by=0.75))),
            Example("the steep first epochs", record(train_loss=joined([9.0, 2.0, 6.0, 1.5], _calm(0.004)[4:]))),
            Example("a last epoch: who knows", record(train_loss=joined(_calm(0.004), [1.2]))),
            Example("single batches with heavy tails", record(train_loss=_heavy_tails())),
            Example("warm restarts: up by a third and back, slowly", record(train_loss=_restarts())),
            Example("eleven epochs", record(train_loss=_with_jumps(_calm(0.004)[:11], at=(6,), by=0.8))),
        )


def _calm(noise: float, epochs: int = 60) -> Floats:
    return shaken(falling(2.3, 0.3, epochs, pace=4.0), by=noise)


def _jumping(*at: int) -> Run:
    return record(train_loss=_with_jumps(_calm(0.004), at, by=0.8))


def _stages(*epochs: int) -> Floats:
    parts = [falling(1.5 * 0.8**i, 0.4 * 0.7**i, n, pace=3.0) for i, n in enumerate(epochs)]
    return shaken(joined(*parts), by=0.004)


def _thrown_back(train: Floats, val: Floats | None = None) -> Run:
    return record(train_loss=train, val_loss=train + 0.1 if val is None else val + 0.1)


def _with_jumps(values: Floats, at: tuple[int, ...], by: float) -> Floats:
    jumped = values.copy()
    jumped[list(at)] += by
    return jumped


def _heavy_tails() -> Floats:
    random = np.random.default_rng(0)
    return falling(2.3, 0.1, 1000, pace=30.0) * np.exp(0.1 * random.standard_t(3, 1000))


def _restarts() -> Floats:
    cycle = 0.3 + 0.12 * np.exp(-np.arange(20) / 6)
    return shaken(joined(falling(2.3, 0.42, 20, pace=4.0), np.tile(cycle, 4)), by=0.004)


def _top(values: Floats, spike: tuple[int, int]) -> int:
    first, last = spike
    return first + int(np.argmax(values[first : last + 1]))


def _lasted(values: Floats, spike: tuple[int, int]) -> int:
    """How many points a jump takes from its top until three quarters of it are gone."""
    top, before = _top(values, spike), float(values[spike[0] - 1])
    gone = values[top:] <= before + LEFT * (values[top] - before)
    return int(np.argmax(gone)) if gone.any() else len(gone)


def _points(spikes: list[tuple[int, int]]) -> int:
    return sum(last - first + 1 for first, last in spikes)


def _message(curve: Curve, high: Height, spikes: list[tuple[int, int]]) -> str:
    tops = [_top(curve.values, spike) for spike in spikes]
    highest = max(tops, key=lambda i: float(high.of_way[i]))
    beyond = f"{number(float(high.in_noise[highest]))} times its noise" if np.isfinite(high.in_noise[highest]) else "without any noise"
    times = "once" if len(spikes) == 1 else f"{len(spikes)} times"
    course, far, way = ("below", "lowest", "rose") if curve.rises else ("above", "highest", "came down")
    return (
        f"The {curve.title} jumped {times} far {course} its usual course and came back: {far} to {curve.told(highest)}, {beyond} and "
        f"{part_of(float(high.of_way[highest]))} the way it {way}. First clip the gradient norm a little above its usual value."
    )
