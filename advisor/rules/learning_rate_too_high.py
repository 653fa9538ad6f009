"""L109."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, span
from advisor.rules._settings import for_small_batches, times_usual_rate, trial
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, layered, record, shaken, straight
from advisor.run import Floats, Run, Series
from advisor.signals.achieved import best_skill, fell, late_skill
from advisor.signals.marks import LASTED, dead_share, gradient_jump, late_swing, rise_at_first
from advisor.signals.noise import noise_scale
from advisor.signals.smoothing import running_median
from advisor.text import counted, number, position


@dataclass(frozen=True)
class Sign:
    """One thing that only too large a step does, and how far beyond its bound it went (1 = at the bound)."""

    strength: float
    series: Series
    first: int
    last: int
    message: str


class LearningRateTooHigh(Rule):
    """The evidence points at a step size too large.

    What it measures
    ----------------
    Three things that too large a step does. The loss rises far above where it began and stays there for a while, and the run ends
    poor: how many times its start (or its later usual value, if that is higher) the median of several losses in a row reached.
    Single steps that shoot up and are back at once have other causes, and so has a rise after nearly all was learned. Or: at a high
    rate the loss came no lower than its start, and at once when the rate was cut it fell: by what share. A run that made progress
    before the cut only shows what a schedule is for. Or: the settings name a rate many times above what the optimiser usually takes
    (momentum counts, and so do batches smaller than usual),
    and the run ended poor, or worse than it began; where the loss came down by more than half, the data may allow no more, and it takes
    a rate three times as high, or what such steps leave behind: dead units, a loss that shot up at first or swings from epoch to epoch.
    A run that shows such marks ends well only if validation is good as well. A probe (diagnose --probe) adds a fourth: a few steps at a
    tenth of the rate bring far more.

    Why it matters
    --------------
    Steps that overshoot carry the weights to where the loss is higher, and what was learned there, if anything, is noise: units
    die or saturate on the way, and a smaller rate afterwards cannot always bring them back.

    What helps
    ----------
    Divide the rate by ten and train again from the start; or find the largest rate at which the loss still falls
    smoothly by a range test, and take a third of it. Warm up the rate over the first steps; clip the gradient norm.

    References
    ----------
    LeCun, Bottou, Orr, Mueller 1998, Efficient BackProp, sections 4.7 and 5.1. Smith 2017, Cyclical Learning Rates, arXiv:1506.01186.
    Bengio 2012, Practical recommendations, arXiv:1206.5533, section 3.1.1.
    """

    code = "L109"
    needs = "a loss; lr, updates, a probe help"
    fixes = ("lower-learning-rate", "find-learning-rate", "change-batch-size", "add-warmup", "clip-gradients")
    explains = (
        *("diverging-loss", "dead-units", "saturated-units", "not-learning", "underfitting", "plateau", "exploding-gradient"),
        *("class-collapse", "huge-updates", "non-finite-loss", "oscillating-loss", "loss-spikes", "overfitting", "generalization-gap"),
    )
    excludes = ("slow-learning", "learning-rate-too-low", "tiny-updates")  # what was thrown off may well stand still afterwards

    BLOWUP = 4.0  # times its start; recorded runs: 5.5 and more where the rate was too high, 2.4 and less elsewhere
    NOISE = 5.0  # deviations of single losses on a log scale: batches differ by factors, and the first may be low by luck
    POOR = 0.25  # of the start, at the end; recorded runs that shot up and failed end at 0.5 and more, sound ones below 0.2
    LEARNED = 0.05  # of the start, to which the loss had come down before it rose: what turns it then is something else
    TURNED = 0.6  # of the start, the same of several losses in a row where it climbs to the end: recorded with a sign that turned 0.4
    LATE = 0.9  # of the run: what is highest there still climbs
    USUAL = 49.0  # times the usual rate, momentum counted: recorded runs at 50 and more failed, at 48.9 and less were sound
    ABSURD = 1000.0  # the same, whatever came of it, where the loss shot up; recorded: 10,000 cost 5 points that training hid
    LOST = 20.0  # the same where the loss ended above its first one: recorded at 33 and more, and no sound run ends so
    ABOVE = 0.1  # of the first loss, by which it ended above: runs at chance wander by 0.03, those thrown off ended 0.3 and more above
    SOUND = 0.93  # skill; recorded runs that bore such a rate reached 0.97
    MOST = 0.5  # of its start, by which the loss came down: recorded sound runs on data that allow no better skill: 0.7 and more ...
    FAR = 150.0  # ... at 67 times the usual rate; one that came down so far and was harmed by its rate had 333 times
    TRIED = 0.2  # of the first loss, by which a tenth brings more in a trial; recorded: 0.3 and more, sound rates more than their tenth
    DEAD = 0.5  # of the units of a layer, late (SageMaker Debugger's bound); sound nets that learned had 0.27 at most
    SWINGS = 0.12  # of its level, by which the late training loss jitters from epoch to epoch; recorded: 0.15 and more so, sound 0.09
    ORDINARY = 10.0  # times the usual rate, at which no step is too large unless something else makes it so ...
    JUMPED = 1e3  # ... such as gradients this many times their usual norm
    CUT = 0.5  # of the rate, at once: what schedules do in steps
    NO_PROGRESS = 0.05  # share of the start by which the loss came down before the cut; labelled runs: it rose
    RELIEF = 0.2  # share by which it fell after the cut; labelled runs: 0.35 and more
    FEWEST = 5  # losses on each side of a cut

    def measure(self, run: Run) -> float:
        return max((sign.strength for sign in self._signs(run)), default=0.0)

    def check(self, run: Run) -> Iterable[Finding]:
        sign = max(self._signs(run), key=lambda one: one.strength, default=None)
        if sign is None or not sign.strength > 1:
            return
        evidence = span(run, ("train_loss",), sign.first, sign.last, sign.series)
        yield self.finding(sign.message, sign.strength, 1.0, evidence, confidence=0.85)

    def _signs(self, run: Run) -> Iterator[Sign]:
        loss = run.step_series.get("train_loss") or run.need("train_loss")
        if len(loss.finite) < 2 * self.FEWEST:
            raise SignalUnavailable(
                f"{counted(len(loss.finite), 'point')} of the training loss; what a rate does to it shows from {2 * self.FEWEST} on"
            )
        rose = rise_at_first(loss.finite.values)
        if not (times_usual_rate(run) <= self.ORDINARY and gradient_jump(run) > self.JUMPED):
            yield self._blown_up(loss.finite, rose)
        yield from self._relieved(run)
        yield from self._set_too_high(run, loss.finite, rose)
        yield from self._tried(run, loss.finite)

    def _blown_up(self, loss: Series, rose: float) -> Sign:
        values, lasting = loss.values, running_median(loss.values, LASTED)
        usual, top = float(np.median(values[len(values) // 2 :])), int(np.argmax(lasting))
        factor = rose if values.min() >= 0 else 0.0
        poor = usual > self.POOR * float(values[0]) and float(values[: top + 1].min()) > self.LEARNED * float(values[0])
        turned = top >= self.LATE * len(values) and float(lasting[:top].min(initial=np.inf)) < self.TURNED * float(values[0])
        beyond_noise = factor > 0 and np.log(factor) > self.NOISE * noise_scale(np.log(values[values > 0]))
        message = (
            f"The training loss rose from {number(float(values[0]))} at first to {number(float(lasting[top]))} (median of "
            f"{LASTED} losses around {_at(loss, top)}) and got nowhere after it (median of the second half: {number(usual)}). "
            "First train again from the start with a tenth of the learning rate."
        )
        last = min(top + LASTED // 2, len(values) - 1)
        return Sign(factor / self.BLOWUP if poor and beyond_noise and not turned else 0.0, loss, 0, last, message)

    def _set_too_high(self, run: Run, loss: Series, rose: float) -> Iterator[Sign]:
        times, came = times_usual_rate(run), fell(run)
        times *= for_small_batches(run) if times > self.ORDINARY else 1.0
        shot_up = rose > self.BLOWUP
        marked = shot_up or late_swing(run) > self.SWINGS or dead_share(run) >= self.DEAD
        skill = late_skill(run, "val") if marked and run.get("val_accuracy") is not None else best_skill(run)
        lost = came < -self.ABOVE
        if not (lost or skill < self.SOUND or (shot_up and times > self.ABSURD)):
            return
        ended = "a loss above its first one" if lost or skill != skill else f"a skill of {skill:z.2f} (1 is perfect)"
        shown = f"the loss shot up to {number(rose)} times its start" if shot_up and not lost else f"the run ends with {ended}"
        message = (
            f"optim.lr is {number(float(dotted.get(run.config, 'optim.lr', 0.0)))}, {number(times)} times above what "
            f"{dotted.get(run.config, 'optim.name')} usually takes (momentum and batch size counted), and {shown}. First train again "
            "from the start with a tenth of the rate, or find it by a range test."
        )
        bound = self.LOST if lost else self.FAR if came > self.MOST and not marked else self.USUAL
        yield Sign(times / bound, loss, 0, len(loss) - 1, message)

    def _tried(self, run: Run, loss: Series) -> Iterator[Sign]:
        as_set, tenth = trial(run, "as_set"), trial(run, "tenth")
        if not tenth > self.TRIED or best_skill(run) >= self.SOUND:
            return
        message = (
            f"In a short trial from the start the loss {_moved(as_set)} at the rate that is set and {_moved(tenth)} at a tenth of it. "
            "First train with a tenth of the learning rate."
        )
        yield Sign(min((tenth - as_set) / self.TRIED, 1e6), loss, 0, len(loss) - 1, message)

    def _relieved(self, run: Run) -> Iterator[Sign]:
        rates, loss = run.get("lr"), run.need("train_loss").finite
        if rates is None or not len(loss) or rates.axis != loss.axis or loss.values[0] <= 0:
            return
        progress = loss.values <= (1 - self.NO_PROGRESS) * loss.values[0]
        until = loss.x[int(np.argmax(progress))] if progress.any() else loss.x[-1]
        cut = (rates.values[1:] > 0) & (rates.values[1:] <= self.CUT * rates.values[:-1])
        cuts = np.flatnonzero(cut & (rates.x[1:] <= until)) + 1
        at = int(np.searchsorted(loss.x, rates.x[cuts[-1]])) if len(cuts) else 0
        before, after = loss.values[:at], loss.values[at:]
        if min(len(before), len(after)) >= self.FEWEST:
            fell = 1 - float(np.median(after)) / float(np.median(before))
            yield Sign(fell / self.RELIEF, loss, 0, at, _relief(rates, int(cuts[-1]), before, after))

    def examples(self) -> tuple[Example, ...]:
        shot = joined([2.3, 30.0, 60.0, 20.0, 40.0, 9.0], [2.32] * 60)
        rates = joined([20.0] * 10, [5.0] * 10)
        third = joined(falling(2.3, 1.5, 30), np.geomspace(1.5, 200.0, 60))
        worse = joined(shaken(straight(12.0, 15.0, 10), 0.1), falling(8.6, 8.0, 10))
        return (
            Example("the loss of the first steps shoots up", record(train_loss=[9.0, 2.4, 2.3], steps_train_loss=shot)),
            Example(
                "seven times its start, and ends at half",
                record(train_loss=[9.0, 2.4, 1.2], steps_train_loss=joined(shot[:1], [16.0] * 5, [1.1] * 60)),
            ),
            Example("a third was learned before", record(train_loss=[2.3, 1.6, 60.0], steps_train_loss=third)),
            Example("relief when the rate is cut", record(train_loss=worse, lr=rates)),
            Example("a quarter less after the cut", record(train_loss=joined(straight(12.0, 12.4, 10), [9.3] * 10), lr=rates)),
            Example("sgd at 2, and 40 % correct", _set(2.0, 0.4)),
            Example("sgd at 0.9 in batches of two, and 40 % correct", _set(0.9, 0.4, batch=2)),
            Example("sgd at 6, the loss fell by two thirds, and 80 % correct", _set(6.0, 0.8, fell=2 / 3)),
            Example("sgd at 2, the loss fell by two thirds, and units died", _set(2.0, 0.8, fell=2 / 3, dead=0.7)),
            Example("sgd at 2, the loss fell by two thirds, and swings", _set(2.0, 0.8, fell=2 / 3, swing=0.08)),
            Example("a rate ten times too high, and gradients that jump", _jumping(shot, 0.5)),
            Example("sgd at 2 shoots up, and is good on training alone", _shooting(2.0, 0.8)),
            Example("sgd at 60 shoots up, and is good in the end", _shooting(60.0, 0.99)),
            Example("an ordinary rate, and gradients that jump a hundredfold", _jumping(shot, 0.2, jump=600.0)),
            Example("sgd at 2, and it ends above its start", record(train_loss=straight(0.7, 0.9, 20), config=_config(2.0))),
            Example("a probe: a tenth of the rate brings far more", _probed({"as_set": 2.2, "tenth": 1.5}, 0.4)),
            Example("a probe: a quarter more", _probed({"as_set": 2.2, "tenth": 1.65}, 0.4)),
            Example("sgd at 0.9, and it ends a seventh above its start", record(train_loss=straight(0.7, 0.82, 20), config=_config(0.9))),
            Example("no better than three percent before", record(train_loss=joined(straight(12.0, 11.7, 10), [8.0] * 10), lr=rates)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        rates = joined([20.0] * 10, [5.0] * 10)
        jumps = joined([2.3], np.tile([2.3, 2.3, 2.3, 60.0, 60.0], 12))
        wild = joined([1.0], np.maximum(np.exp(shaken(np.zeros(5000), by=1.0, seed=1)), 0.1))
        lucky = joined([0.3], falling(2.0, 0.25, 400, pace=100.0) * np.exp(shaken(np.zeros(400), by=0.5, seed=1)))
        shot = joined([2.3, 30.0, 60.0, 20.0, 40.0, 9.0], [2.32] * 60)
        later = joined(falling(2.3, 1.0, 30), np.geomspace(1.0, 200.0, 60))
        turned = joined(falling(2.3, 0.08, 60), straight(1.0, 3.0, 40), [30.0] * 20)
        return (
            Example(
                "it shoots up and learns all the same",
                record(train_loss=[9.0, 1.0, 0.1], steps_train_loss=joined([2.3], [60.0] * 5, falling(2.3, 0.1, 60))),
            ),
            Example("half was learned before it turned and climbed", record(train_loss=[2.3, 1.1, 60.0], steps_train_loss=later)),
            Example("a rise after nearly all was learned", record(train_loss=[2.3, 0.1, 30.0], steps_train_loss=turned)),
            Example("sgd at 1, and 40 % correct", _set(1.0, 0.4)),
            Example("sgd at 0.3 in batches of one, and 40 % correct", _set(0.3, 0.4, batch=1)),
            Example("a probe: a tenth of the rate brings an eighth more", _probed({"as_set": 1.8, "tenth": 1.5}, 0.4)),
            Example("a probe, and 97 % correct", _probed({"as_set": 2.2, "tenth": 1.5}, 0.97)),
            Example("sgd at 2, the loss fell by two thirds: the data allow 80 %", _set(2.0, 0.8, fell=2 / 3)),
            Example("the same, and a third of the units are dead", _set(2.0, 0.8, fell=2 / 3, dead=0.3)),
            Example("the same, and a loss that hardly swings", _set(2.0, 0.8, fell=2 / 3, swing=0.03)),
            Example("an ordinary rate: gradients jump by orders of magnitude", _jumping(shot, 0.2)),
            Example("sgd at 0.5, and it ends above its start", record(train_loss=straight(0.7, 0.9, 20), config=_config(0.5))),
            Example("sgd at 2, and 97 % correct", _set(2.0, 0.97)),
            Example("sgd at 2 shoots up, and is good on validation, too", _shooting(2.0, 0.97)),
            Example("sgd at 1 shoots up, and is good on training alone", _shooting(1.0, 0.8)),
            Example("sgd at 20 shoots up, and is good in the end", _shooting(20.0, 0.99)),
            Example("one outlier", record(train_loss=[2.3, 2.3, 2.3], steps_train_loss=joined([2.3, 60.0], [2.32] * 60))),
            Example("jumps of two steps, again and again", record(train_loss=[2.3, 2.3, 2.3], steps_train_loss=jumps)),
            Example("the first of batches that differ is low by luck", record(train_loss=[2.0, 1.0], steps_train_loss=lucky)),
            Example("single samples whose losses differ by factors", record(train_loss=[2.3, 2.0, 1.9], steps_train_loss=wild)),
            Example(
                "three and a half times its start", record(train_loss=[2.4, 2.3], steps_train_loss=joined([2.3], [8.0] * 6, [2.3] * 60))
            ),
            Example("a schedule: progress before the cut", record(train_loss=joined(falling(12.0, 9.0, 10), [5.0] * 10), lr=rates)),
            Example("a cut that brings a tenth", record(train_loss=joined([12.0] * 10, [10.8] * 10), lr=rates)),
            Example("relief without a cut", record(train_loss=joined([12.0] * 10, [8.0] * 10), lr=straight(20.0, 12.0, 20))),
            Example("four epochs before the cut", record(train_loss=joined([12.0] * 4, [8.0] * 16), lr=joined([20.0] * 4, [5.0] * 16))),
        )


def _config(rate: float) -> dict[str, Any]:
    return {"optim": {"name": "sgd", "lr": rate, "momentum": 0.0}}


def _probed(after: dict[str, float], accuracy: float) -> Run:
    right = falling(0.1, accuracy, 20)
    facts = {"class_shares": [0.1] * 10, "probes": {"trials": {"steps": 40, "first": 2.3, **after}}}
    return record(train_loss=3 - right, train_accuracy=right, facts=facts)


def _set(rate: float, accuracy: float, fell: float = 0.1, dead: float = 0.0, swing: float = 0.0, batch: int = 32) -> Run:
    loss, right = falling(2.3, 2.3 * (1 - fell), 20), falling(0.1, accuracy, 20)
    layers = layered(("hidden",), "ReLU", zero_share=[dead])
    swings = 1 + np.resize([-swing, swing], 20)
    told = {**_config(rate), "data": {"batch_size": batch}}
    return record(train_loss=loss * swings, train_accuracy=right, config=told, layers=layers, facts={"class_shares": [0.1] * 10})


def _shooting(rate: float, validated: float) -> Run:
    shot = joined([2.3], [60.0] * 5, falling(2.3, 0.1, 60))
    told: dict[str, Any] = {"train_accuracy": falling(0.1, 0.99, 20), "val_accuracy": falling(0.1, validated, 20), "config": _config(rate)}
    return record(train_loss=falling(2.3, 0.1, 20), steps_train_loss=shot, facts={"class_shares": [0.1] * 10}, **told)


def _jumping(loss: Floats, rate: float, jump: float = 1e5) -> Run:
    norms = np.where(np.arange(len(loss)) < 6, jump, 1.0)
    return record(train_loss=[9.0, 2.4, 2.3], steps_train_loss=loss, steps_grad_norm=norms, config=_config(rate))


def _moved(fell: float) -> str:
    """In words: fell by 30%, rose by 5%, broke."""
    if not np.isfinite(fell):
        return "broke"
    return f"{'fell' if fell >= 0 else 'rose'} by {abs(fell):.0%}"


def _relief(rates: Series, i: int, before: Floats, after: Floats) -> str:
    return (
        f"At a rate of {number(float(rates.values[i - 1]))} the training loss came no lower than its start ({number(float(before[0]))}); "
        f"cut to {number(float(rates.values[i]))} at {_at(rates, i)}, its median fell from {number(float(np.median(before)))} to "
        f"{number(float(np.median(after)))}. First start with the lower rate, and try a third of that."
    )


def _at(series: Series, i: int) -> str:
    """A place in words; within an epoch by its step, where the log tells it."""
    if series.axis == "epoch" and not float(series.x[i]).is_integer() and np.isfinite(series.steps[i]):
        return f"step {position(float(series.steps[i]))}"
    return series.at(i)
