"""D101."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity
from advisor.rules._settings import whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, layered, record
from advisor.run import Floats, Run
from advisor.signals.achieved import best_skill, late_skill
from advisor.signals.marks import rise_at_first
from advisor.text import number

MOST = 0.5  # of the sum of squares of all inputs: more than the other columns together
FIRST = 3  # recordings: later ones show what training has made of the units


class UnscaledInputs(Rule):
    """The inputs lie far from a mean of zero and a spread of one, at which networks and their optimisers are made to work.

    What it measures
    ----------------
    The size of the largest column of the training inputs as the network sees them: its mean or its spread, whichever is larger; how many
    times above or below 1 it is. With normalisation between the layers only columns that differ from each other count, for it undoes
    what they have in common: one that is far larger than all others together leaves these unseen. Before the norm of a layer a bias is
    added, beside which small inputs vanish; so these count. A loss that is several times a guess's before the first step, or rose to
    several times its start, or units of the first layer that are pinned from the beginning show that large inputs do matter, and less
    is borne then. Where the result is very good all the same it is said as information.

    Why it matters
    --------------
    The gradient of a weight grows with its input. With inputs in hundreds, rates that are sound elsewhere overshoot and units saturate
    or die; with inputs in hundredths nothing moves; with columns of different size no single rate is right for all.

    What helps
    ----------
    Subtract the mean of each column and divide by its spread, both taken from the training part alone. Pixels: divide by 255 at least.
    Very skewed columns, such as incomes: take the logarithm first.

    References
    ----------
    LeCun, Bottou, Orr, Mueller 1998, Efficient BackProp, section 4.3. Schoop, Huang, Hartmann 2021, UMLAUT, on students' mistakes.
    """

    code = "D101"
    needs = "facts or layers"
    fixes = ("scale-inputs", "add-batch-norm")
    explains = (
        *("diverging-loss", "not-learning", "underfitting", "plateau", "slow-learning", "oscillating-loss", "loss-spikes"),
        *("learning-rate-too-high", "learning-rate-too-low", "dead-units", "saturated-units", "vanishing-gradient", "exploding-gradient"),
        *("zero-gradient", "tiny-updates", "huge-updates", "non-finite-loss", "class-collapse", "overfitting"),
    )
    excludes = ("bad-initialization",)  # large inputs alone make a first loss large

    FAR = 30.0  # times above or below 1; recorded: 100 and more did harm, 20 (diabetes as it comes) and 12 (digits) none
    FAR_AND_LOUD = 12.5  # the same where the first loss shows it; recorded: at 20 with such a loss 9 to 31 points were lost
    LOUD = 2.5  # times a guess's loss, before the first step; recorded: 4.7 and more, digits as they come (12) 1.1 ...
    PINNED = 0.5  # of the first layer's outputs, in the first recordings; recorded at twenty times: 0.77 and more, sound nets 0.02 and less
    ROSE = 4.0  # ... or times its start; recorded: beyond all bounds where a rate then was too high, 2.4 and less in sound runs
    GOOD = 0.95  # skill; recorded nets that coped reached 0.97 and more, those that suffered 0.92 and less

    def measure(self, run: Run) -> float:
        size = _size(run)
        return max(size, 1 / size) if size > 0 else 1.0

    def check(self, run: Run) -> Iterable[Finding]:
        off = self.measure(run)
        shown = _loudness(run) > self.LOUD or _rise(run) > self.ROSE or _pinned(run) > self.PINNED
        bound = self.FAR_AND_LOUD if _size(run) > 1 and shown else self.FAR
        if off <= bound:
            return
        found = self.finding(_message(run), off, bound, whole(run), confidence=0.9)
        skill = late_skill(run, "val")
        good = (best_skill(run) if skill != skill else skill) >= self.GOOD
        yield replace(found, severity=Severity.INFO) if good else found

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("columns in hundreds", _run([0.0, 750.0], [0.2, 310.0])),
            Example("inputs in hundredths", _run([0.0, 0.0], [0.01, 0.01])),
            Example("forty times too large", _run([-1.0, 3.0], [40.0, 40.0])),
            Example("one column in hundreds, and batch norm", _run([0.0, 750.0], [0.2, 310.0], spread=1.0, norm="batch")),
            Example("twenty times too large, and the first loss shows it", _run([0.0, 0.0], [20.0, 20.0], first_loss=2.8)),
            Example("twenty times too large, and the loss shot up", _run([0.0, 0.0], [20.0, 20.0], steps=_shot(7.0))),
            Example("twenty times too large, and units are pinned at once", _run([0.0, 0.0], [20.0, 20.0], pinned=0.8)),
            Example("inputs in thousandths, and the norm of a layer", _run([0.0, 0.0], [0.001, 0.001], norm="layer")),
            Example(
                "one column in hundreds rules, before the norm of a layer", _run([0.4, 750.0], [0.2, 310.0], spread=290.0, norm="layer")
            ),
            Example("in thousands, and it copes: information", _run([0.0, 0.0], [1000.0, 1000.0], accuracy=0.99)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("scaled", _run([0.0, 0.0], [1.0, 1.0])),
            Example("pixels from 0 to 16", _run([0.0, 12.0], [0.03, 6.5])),
            Example("twenty times too large, and a usual first loss", _run([0.0, 0.0], [20.0, 20.0], first_loss=1.4)),
            Example("twenty times too large, and the loss doubled at first", _run([0.0, 0.0], [20.0, 20.0], steps=_shot(2.2))),
            Example("twenty times too large, and few units are pinned", _run([0.0, 0.0], [20.0, 20.0], pinned=0.2)),
            Example("inputs in thousandths, and batch norm", _run([0.0, 0.0], [0.001, 0.001], norm="batch")),
            Example("columns that differ, none of which rules", _run([0.0, 40.0], [0.2, 40.0], spread=38.0, norm="layer")),
            Example("eight times too large, and a large first loss", _run([0.0, 0.0], [8.0, 8.0], first_loss=2.8)),
            Example("a spread of a twentieth", _run([0.0, 0.0], [0.047, 0.05])),
            Example("all columns in thousands, and batch norm", _run([0.0, 0.0], [1000.0, 1000.0], spread=1000.0, norm="batch")),
        )


def _shot(times: float) -> Floats:
    return joined([0.8], [0.8 * times] * 5, falling(0.8, 0.5, 40))


def _run(means: list[float], spreads: list[float], spread: float | None = None, norm: str = "none", **told: Any) -> Run:
    facts: dict[str, Any] = {"input_means": means, "input_spreads": spreads, "input_spread": spread or max(spreads), "features": 10}
    facts |= {"class_shares": [0.5, 0.5], "probes": {"first_loss": told.get("first_loss", 0.8), "guess_loss": 0.7}}
    curves: dict[str, Any] = {"train_loss": falling(0.8, 0.5, 20), "val_accuracy": falling(0.5, told.get("accuracy", 0.7), 20, pace=2.0)}
    curves |= {"steps_train_loss": told["steps"]} if "steps" in told else {}
    layers = layered(("first", "second"), "Tanh", saturated_share=[told["pinned"], 0.0]) if "pinned" in told else None
    return record(facts=facts, config={"model": {"norm": norm}}, layers=layers, **curves)


def _largest(run: Run) -> float:
    means, spreads = run.facts.get("input_means"), run.facts.get("input_spreads")
    if not means or not spreads:
        raise SignalUnavailable("mean and spread of the inputs were not recorded")
    return max(abs(float(value)) for value in (*means, *spreads))


def _size(run: Run) -> float:
    largest, overall, norm = _largest(run), float(run.facts.get("input_spread", 0.0)), dotted.get(run.config, "model.norm", "none")
    if norm == "none" or not overall > 0 or (norm == "layer" and largest < 1):
        return largest
    least = float(run.facts["input_spreads"][0])
    return largest / least if _rules(run, largest, overall) and least > 0 else largest / overall


def _rules(run: Run, largest: float, overall: float) -> bool:
    """Whether one column of several has most of the squares of all."""
    columns = run.facts.get("features")
    mean = float(run.facts.get("input_mean", 0.0))
    return isinstance(columns, int) and columns > 2 and largest**2 > MOST * columns * (overall**2 + mean**2)


def _pinned(run: Run) -> float:
    """The share of the first activation layer's outputs that sat at their limits in the first recordings; 0 where none was recorded."""
    try:
        shares = run.need_layers().where("saturated_share")[1]
    except SignalUnavailable:
        return 0.0
    return float(np.median(shares[:FIRST, 0])) if len(shares) else 0.0


def _loudness(run: Run) -> float:
    """How many times a guess's loss the first one was; 0 where it was not probed."""
    probes = run.facts.get("probes") or {}
    first, guess = probes.get("first_loss"), probes.get("guess_loss")
    return float(first) / float(guess) if isinstance(first, int | float) and isinstance(guess, int | float) and guess > 0 else 0.0


def _rise(run: Run) -> float:
    loss = run.step_series.get("train_loss") or run.get("train_loss")
    return rise_at_first(loss.finite.values) if loss is not None and len(loss.finite) else 0.0


def _message(run: Run) -> str:
    means, spreads = run.facts["input_means"], run.facts["input_spreads"]
    return (
        f"The columns of the inputs have {_range('mean', means)} and {_range('spread', spreads)}, where 0 and 1 are wanted. "
        "First scale each column by its own mean and spread."
    )


def _range(name: str, ends: Sequence[float]) -> str:
    """`means from 0 to 750`, or `a mean of 0`."""
    low, high = (number(float(end)) for end in ends)
    return f"a {name} of {low}" if low == high else f"{name}s from {low} to {high}"
