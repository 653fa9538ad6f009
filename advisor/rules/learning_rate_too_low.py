"""L110."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, span
from advisor.rules._settings import times_usual_rate, trial
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, later, layered, record, shaken, straight
from advisor.run import Run
from advisor.signals.achieved import best_skill, fell
from advisor.signals.activations import late_medians
from advisor.signals.beginning import need_beginning
from advisor.signals.curves import Curve, training, validation
from advisor.signals.progress import ends, late_gain
from advisor.signals.rates import at_full_rate
from advisor.signals.rise import level
from advisor.signals.skill import skill
from advisor.signals.trend import mann_kendall
from advisor.signals.updates import typical
from advisor.text import number

POINTS = 200  # a longer curve is judged by the medians of this many stretches
END = 0.1  # of the points, whose median is the end


class LearningRateTooLow(Rule):
    """The evidence points at a step size too small.

    What it measures
    ----------------
    The share of its first value by which the loss came down, where it came down steadily, in a nearly straight line,
    without any sign of levelling off: the direction is right and the steps are tiny. Where updates were recorded they must agree:
    in a step the typical layer's weights moved by a small share of their size, and no layer's by more than is usual. A model that was
    good from the start is left alone, as is the last part of a longer training, which creeps at any rate. Or: the settings name a
    rate far below what the optimiser usually takes, a typical layer moved by a small share of its size in a step, and the run ended
    poor while its loss came down and went on to do so, below what a guess gives and on validation too: what means nothing is learned
    at no rate. A probe (diagnose --probe) tells it as well: a few steps at ten times the rate come far, and at the one that is set
    nowhere.

    Why it matters
    --------------
    At this pace the run ends long before the model has learned what it can; the remaining epochs are wasted on it.

    What helps
    ----------
    Raise the rate by factors of ten until the loss falls fast, and go back by three when it turns unsteady; a range test
    does the same in one go. Usual starting points are 0.001 for Adam and 0.01 to 0.1 for SGD on scaled inputs.

    References
    ----------
    Bengio 2012, Practical recommendations, arXiv:1206.5533, section 3.1.1. Smith 2017, arXiv:1506.01186. The share of
    1e-3 for updates: Karpathy, CS231n, Neural Networks 3.
    """

    code = "L110"
    needs = "a loss; lr, updates, a probe help"
    fixes = ("raise-learning-rate", "find-learning-rate", "switch-optimizer", "train-longer")
    explains = ("not-learning", "underfitting", "plateau", "slow-learning", "tiny-updates", "stopped-too-early", "class-collapse")

    FELL = 0.02  # share of the first loss; recorded and labelled runs with a rate too low: 0.007 and less, slow ones 0.04 and more
    STEADY = -2.4  # trend in deviations: what six values in falling order give
    NOISE = 1.0  # deviations of the jitter that it came down in all: among less, a line is straight by luck
    STRAIGHT = 0.3  # of the way, in the second half; a straight line comes half of it (a third with four points), a plateau nothing
    UPDATE = 3e-4  # share of a typical layer's weights in a step, a third of the usual 1e-3; recorded runs: 2.4e-4 and less
    MOST = 1e-3  # of any layer's: a head starts small and moves faster; recorded: 3.2e-4 where the others moved by 8e-5 and less
    TRIED = 0.06  # of the first loss, by which ten times the rate brings it down in a trial; recorded where it was too low: 0.06 to 0.6 ...
    SHARE = 0.13  # ... and what share of that the rate that is set brings: recorded where it was too low 0.12 and less, sound ones 0.15
    BELOW = 0.3  # times the usual rate, momentum counted; recorded with such steps: 0.15 and less, fine-tuned nets at 0.3 were good
    HALF_OF_USUAL = 5e-4  # of a typical layer's weights in a step, at such a rate; recorded: 3e-4 and less
    POOR = 0.5  # skill; recorded at such a rate and with such steps: 0.41 and less
    GUESSED = 0.99  # of a guess's loss, to which loss and validation have to come down; recorded of random labels: 1.02 and more
    GOES_ON = 0.2  # of the way, in the second half at the full rate; recorded: 0.28 and more, noisy classes at their best 0.04
    LITTLE = 0.4  # of the first loss, by which it came down; recorded: 0.34 and less
    GOOD = 0.75  # plain accuracy: a model this good may be near its floor
    FEWEST = 4  # points

    def measure(self, run: Run) -> float:
        return _fell(self._curves(run)[0])

    def check(self, run: Run) -> Iterable[Finding]:
        if self._tried(run):
            yield self._by_trial(run)
            return
        if self._is_set_low(run):
            yield self._by_config(run)
            return
        need_beginning(run)
        curves = self._curves(run)
        creeping = [curve for curve in curves if self._creeps(curve)]
        if not creeping or any(_fell(curve) > self.FELL for curve in curves) or self._moves(run) or self._is_good(run):
            return
        curve = creeping[0]
        evidence = span(run, (curve.role,), int(curve.points[0]), int(curve.points[-1]))
        yield self.finding(_message(curve), self.measure(run), self.FELL, evidence, confidence=0.8)

    def _tried(self, run: Run) -> bool:
        """Whether a short trial came far at ten times the rate and nowhere at the one that is set, and the run ended poor."""
        as_set, tenfold = trial(run, "as_set"), trial(run, "tenfold")
        return tenfold > self.TRIED and as_set < self.SHARE * tenfold and best_skill(run) < self.GOOD

    def _by_trial(self, run: Run) -> Finding:
        curve = self._curves(run)[0]
        as_set, tenfold = trial(run, "as_set"), trial(run, "tenfold")
        message = (
            f"In a short trial from the start the loss fell by {max(as_set, 0.0):.1%} at the rate that is set and by {tenfold:.0%} at "
            "ten times that. First raise the learning rate tenfold."
        )
        evidence = span(run, (curve.role,), int(curve.points[0]), int(curve.points[-1]))
        return self.finding(message, self.measure(run), self.FELL, evidence, confidence=0.9)

    def _is_set_low(self, run: Run) -> bool:
        """Whether the rate that is named, the steps and the loss agree, and the run ended poor; weights taken over need small steps."""
        if not 0 < times_usual_rate(run) <= self.BELOW or dotted.get(run.config, "model.pretrained", ""):
            return False
        ended = run.about.get("status") != "running"
        moved = typical(run.need_layers().where("update_ratio")[1]) if run.layers is not None else float("nan")
        poor = best_skill(run) < self.POOR and fell(run) < self.LITTLE
        return ended and poor and moved < self.HALF_OF_USUAL and all(self._learns(run, curve) for curve in self._curves(run))

    def _learns(self, run: Run, curve: Curve) -> bool:
        """Whether a loss came steadily down, to less than a guess gives, and would have gone on.

        Towards what a guess gives it comes down with labels that mean nothing, too; and noisy classes allow no more at any rate.
        """
        guess = (run.facts.get("probes") or {}).get("guess_loss")
        below = isinstance(guess, int | float) and ends(curve.values, END)[1] < self.GUESSED * guess
        late = late_gain(at_full_rate(run, curve).values, 0.5)
        return below and mann_kendall(curve.values) <= self.STEADY and late.share >= self.GOES_ON

    def _by_config(self, run: Run) -> Finding:
        curve, moved = self._curves(run)[0], typical(run.need_layers().where("update_ratio")[1])
        message = (
            f"optim.lr is {number(float(dotted.get(run.config, 'optim.lr')))}, {number(times_usual_rate(run))} times what "
            f"{dotted.get(run.config, 'optim.name')} usually takes (momentum counted): a typical layer moves by {moved:.2%} of its size in "
            f"a step, and the {curve.title} came steadily down, but by {fell(run):.0%} only. First raise the learning rate tenfold."
        )
        evidence = span(run, (curve.role,), int(curve.points[0]), int(curve.points[-1]))
        return self.finding(message, self.measure(run), self.FELL, evidence, confidence=0.85)

    def _curves(self, run: Run) -> list[Curve]:
        found = []
        for part in (training, validation):
            try:
                found.append(part(run).thinned(POINTS))
            except SignalUnavailable:
                continue
        long = [curve for curve in found if len(curve) >= self.FEWEST]
        if not long:
            raise SignalUnavailable(f"no loss with {self.FEWEST} points; a pace shows from there on")
        return long

    def _creeps(self, curve: Curve) -> bool:
        steady = mann_kendall(curve.values) <= self.STEADY or bool((np.diff(curve.values) < 0).all())
        whole, late = late_gain(curve.values, 0.0), late_gain(curve.values, 0.5)
        return steady and 0 < _fell(curve) <= self.FELL and late.share >= self.STRAIGHT and whole.in_noise > self.NOISE

    def _moves(self, run: Run) -> bool:
        try:
            late = late_medians(run.need_layers().where("update_ratio")[1])
        except SignalUnavailable:
            return False
        return float(np.nanmedian(late)) > self.UPDATE or float(np.nanmax(late, initial=0.0)) > self.MOST

    def _is_good(self, run: Run) -> bool:
        try:
            reached = skill(run, "train")
        except SignalUnavailable:
            return False
        return reached.right >= self.GOOD

    def examples(self) -> tuple[Example, ...]:
        slow = straight(2.303, 2.287, 30)
        return (
            Example("half a percent in thirty epochs, in a straight line", record(train_loss=shaken(slow, 0.0005))),
            Example("one and a half percent", record(train_loss=straight(2.303, 2.268, 30), train_accuracy=straight(0.1, 0.14, 30))),
            Example(
                "only validation is calm enough to show it",
                record(train_loss=shaken([0.83] * 10, 0.005, seed=1), val_loss=shaken(straight(0.968, 0.966, 10), 0.0003)),
            ),
            Example("with updates of a few millionths", _moving(slow, 7e-6)),
            Example("with updates of 2e-4", _moving(slow, 2e-4)),
            Example("the head moves faster than the others", _moving(slow, (2e-5, 8e-5, 6e-4))),
            Example("slowing down a little", record(train_loss=falling(2.303, 2.28, 30, pace=40.0))),
            Example("the rate that is named is a tenth of the usual, and so are the steps", _named(1e-4, 4e-4)),
            Example("a hundredth, and a third of the loss is gone", _named(1e-5, 1e-4, end=1.3)),
            Example("a probe: ten times the rate comes far", _probed({"as_set": 2.25, "tenfold": 1.4}, 0.4)),
            Example("a probe: a tenth of the loss", _probed({"as_set": 2.29, "tenfold": 2.07}, 0.4)),
            Example("its record begins with the sixth epoch of 35", later(record(train_loss=slow), 5)),
            Example("four epochs", record(train_loss=[0.34324, 0.34322, 0.3432, 0.34318], train_accuracy=[0.667] * 4)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        slow = straight(2.303, 2.287, 30)
        return (
            Example("three percent", record(train_loss=straight(2.303, 2.23, 30))),
            Example("no trend beyond the noise", record(train_loss=shaken([2.3] * 30, 0.01, seed=2))),
            Example("a weak trend", record(train_loss=shaken(straight(2.303, 2.297, 30), 0.006, seed=4))),
            Example("a trend, but less than one point's noise", record(train_loss=shaken(straight(2.303, 2.29, 60), 0.015, seed=34))),
            Example("it levels off", record(train_loss=falling(2.303, 2.287, 30))),
            Example("the weights do move", _moving(slow, 2e-3)),
            Example("the typical layer moves by 5e-4", _moving(slow, 5e-4)),
            Example("one layer moves as is usual", _moving(slow, (2e-5, 8e-5, 1.5e-3))),
            Example("good from the start: fine-tuning", record(train_loss=straight(0.1, 0.0985, 30), train_accuracy=[0.97] * 30)),
            Example("training learns, validation creeps", record(train_loss=falling(2.3, 0.5, 30), val_loss=straight(2.303, 2.287, 30))),
            Example("its record begins after 95 others", later(record(train_loss=slow), 95)),
            Example("three epochs", record(train_loss=[0.34324, 0.34322, 0.3432])),
            Example("a third of the usual rate", _named(3.3e-4, 2e-4)),
            Example("a tenth of the usual rate, but usual steps", _named(1e-4, 1e-3)),
            Example("the same with small steps, and 60 % correct", _named(1e-4, 2e-4, accuracy=0.6)),
            Example("a tenth of the rate, and half of the loss is gone", _named(1e-4, 2e-4, end=0.8)),
            Example("a tenth of the rate, for weights that were taken over", _named(1e-4, 2e-4, pretrained="runs/first")),
            Example("a tenth of the rate, and no trend", _named(1e-4, 2e-4, end=2.299)),
            Example("the loss comes down towards a guess's", _named(1e-4, 2e-4, start=2.5, end=2.3, accuracy=0.1)),
            Example("a tenth of the rate, and it has levelled off", _named(1e-4, 2e-4, pace=5.0)),
            Example("validation stays at a guess's", _named(1e-4, 2e-4, val_loss=straight(2.3, 2.31, 30))),
            Example("a probe: ten times the rate comes a twentieth", _probed({"as_set": 2.295, "tenfold": 2.19}, 0.4)),
            Example("a probe: the rate comes a fifth of that", _probed({"as_set": 2.08, "tenfold": 1.2}, 0.4)),
            Example("a jump at the end, else nothing", record(train_loss=joined([2.3] * 29, [2.28]))),
        )


def _moving(loss: object, ratio: float | tuple[float, ...]) -> Run:
    ratios = np.broadcast_to(ratio, (30, 3))
    return record(train_loss=loss, layers=layered(("layers.0", "layers.1", "head"), update_ratio=ratios))


def _named(rate: float, ratio: float, start: float = 2.3, end: float = 2.1, accuracy: float = 0.25, **told: Any) -> Run:
    """Of ten classes, under adam."""
    config = {"optim": {"name": "adam", "lr": rate}, "model": {"pretrained": told.pop("pretrained", "")}}
    facts = {"class_shares": [0.1] * 10, "probes": {"guess_loss": 2.303}}
    layers = layered(("layers.0", "layers.1", "head"), update_ratio=np.full((30, 3), ratio))
    loss = shaken(falling(start, end, 30, told.pop("pace", 20.0)), 0.003)
    right = falling(0.1, accuracy, 30, pace=10.0)
    return record(train_loss=loss, train_accuracy=right, config=config, layers=layers, facts=facts, **told)


def _probed(after: dict[str, float], accuracy: float) -> Run:
    right = falling(0.1, accuracy, 20)
    facts = {"class_shares": [0.1] * 10, "probes": {"trials": {"steps": 40, "first": 2.3, **after}}}
    return record(train_loss=3 - right, train_accuracy=right, facts=facts)


def _fell(curve: Curve) -> float:
    start, end = ends(curve.values, share=END)
    return (start - end) / (level(min(start, end), start, 1.0) or 1.0)


def _message(curve: Curve) -> str:
    end = curve.told_end(round(END * len(curve)) or 1)
    return (
        f"The {curve.title} creeps along in a nearly straight line, from {curve.told(0)} to {end}: "
        f"{_fell(curve):.2%} in all. First raise the learning rate tenfold, and again until the loss falls fast."
    )
