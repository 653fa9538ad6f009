"""F103."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Run
from advisor.signals.curves import Curve, paired, thinned_together
from advisor.signals.noise import noise_scale
from advisor.signals.progress import last_points, late_gain
from advisor.signals.rise import early
from advisor.signals.skill import Skill, skill
from advisor.text import counted

POINTS = 200  # a longer curve is judged by the medians of this many stretches
LATE = 2 / 3  # of the run; what came after it is "late"


@dataclass(frozen=True)
class Apart:
    """How far validation stands behind training at the end."""

    gap: float
    error: float  # one standard error of the gap, as far as the record tells
    strength: float  # 1 = at the bound
    train: str
    val: str  # both as logged
    by_answers: bool  # whether the gap is one of accuracy or R²; else it is a share of the way that the loss came down


class GeneralizationGap(Rule):
    """Validation levels off far behind training, without getting worse.

    What it measures
    ----------------
    How much better the answers on training samples are at the end than those on validation samples, in accuracy or R², beyond the
    sampling error of the validation part; a gap that may as well lie below the bound is information. Where only losses were logged:
    the distance between the two, as a share of the way that training came down (from its first tenth on, where validation stands far
    above training at the end: a wild first value is no way); since a loss counts how sure a model is as well as how
    right, that alone is told as information. Validation must have levelled off: a gap that is still closing may close.

    Why it matters
    --------------
    What the model knows about its training samples beyond this level does not carry over to new ones. Nothing was lost, as in
    overfitting, but nothing is won by training longer either: only a change of what limits it, data or freedom of the model.

    What helps
    ----------
    More or augmented data is the surest way to close it; dropout, weight decay, input noise or a smaller model trade some of the
    training fit for it. See first whether both parts come from the same source: other sites, days or preparation of the validation part
    give the same picture.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 5.2. Zhang, Zhai, Ma, Shen 2021, AutoTrainer (a gap of 0.1 in accuracy).
    Recht, Roelofs, Schmidt, Shankar 2019, arXiv:1902.10811, on gaps that come from how data were collected.
    """

    code = "F103"
    needs = "train + validation"
    fixes = ("add-l2", "add-dropout", "add-noise", "shrink-model", "use-pretrained", "get-more-data")
    excludes = ("stopped-too-early",)

    ANSWERS = 0.1  # of accuracy or R² (AutoTrainer's bound, which no sound run of theirs or of the labelled ones that level off exceeds)
    ERRORS = 3.0  # standard errors: one gap in 700 by chance
    SURELY = 0.5  # standard errors beyond the bound; recorded sound runs: 0.3 (of an unlucky part 0.75), a curable one 0.85
    WAY = 0.3  # of the way down, where only losses are known; labelled runs: 0.32 and more, sound ones that levelled off 0.27
    TIMES = 1.5  # training's loss, from where on a wild first value is no part of the way; labelled runs: 2.5 and more, sound ones 1.1
    LEVEL = 0.05  # of validation's own way, in the last third: labelled runs 0.02 and less
    CLOSING = 0.05  # of what it stands behind, in the last third: at that pace the gap would take six times the run to close
    FEWEST = 5  # validations
    FEWEST_LOSSES = 8  # ... where only losses are known: of fewer, one step that gained nothing is the last third

    def measure(self, run: Run) -> float:
        return self._apart(run, *self._curves(run)).strength

    def check(self, run: Run) -> Iterable[Finding]:
        train, val = self._curves(run)
        apart = self._apart(run, train, val)
        if not apart.by_answers and len(val) < self.FEWEST_LOSSES:
            return
        if apart.strength <= 1 or apart.gap <= self.ERRORS * apart.error or self._closes(train, val):
            return
        evidence = span(run, (val.role, train.role), int(val.points[int(len(val) * LATE)]), int(val.points[-1]))
        found = self.finding(_message(apart, val), apart.strength, 1.0, evidence, confidence=0.8)
        if not apart.by_answers:
            found = replace(found, severity=Severity.INFO, confidence=0.5)
        elif apart.gap - self.SURELY * apart.error <= self.ANSWERS:
            found = replace(found, severity=Severity.INFO)
        yield found

    def _closes(self, train: Curve, val: Curve) -> bool:
        """Whether validation still gains, as a share of its own way and of what it stands behind: a short way has small last thirds."""
        tail, at = last_points(len(val)), int(len(val) * LATE)
        low, end = float(np.median(train.values[-tail:])), float(np.median(val.values[-tail:]))
        gained = float(np.median(val.values[max(0, at - 1) : at + 2])) - end
        return late_gain(val.values, LATE).share > self.LEVEL and not gained < self.CLOSING * (end - low)

    def _curves(self, run: Run) -> tuple[Curve, Curve]:
        train, val = paired(run)
        if len(val) < self.FEWEST:
            raise SignalUnavailable(f"{counted(len(val), 'validation')}; levelling off shows from {self.FEWEST} on")
        return thinned_together(train, val, POINTS)

    def _apart(self, run: Run, train: Curve, val: Curve) -> Apart:
        """By answers, or by losses where these say more: a model may be as often right, and far less sure of it."""
        of_way = _of_way(train, val, self.WAY, self.TIMES)
        try:
            answers = _in_answers(run, (skill(run, "train"), skill(run, "val")), self.ANSWERS)
        except SignalUnavailable:
            return of_way
        by_answers_alone = train.role.endswith("_accuracy") or answers.strength > 1 or answers.strength > of_way.strength
        return answers if by_answers_alone else of_way

    def examples(self) -> tuple[Example, ...]:
        train, val = falling(0.1, 1.0, 40), falling(0.1, 0.8, 40)
        loss, flat = falling(2.3, 0.1, 40), shaken(falling(2.3, 0.9, 40, pace=3.0), 0.005)
        shares = {"class_shares": [0.1] * 10, "validation_samples": 400}
        return (
            Example("99 % on training, 80 % on validation", record(train_accuracy=train, val_accuracy=val)),
            Example(
                "eleven points apart, of two hundred samples: information",
                record(train_accuracy=train, val_accuracy=falling(0.1, 0.89, 40), facts={"validation_samples": 200}),
            ),
            Example("twelve points apart", record(train_accuracy=train, val_accuracy=falling(0.1, 0.88, 40), facts=shares)),
            Example(
                "R² of 0.9 and 0.6",
                record(
                    train_loss=falling(1.0, 0.1, 40), val_loss=falling(1.0, 0.4, 40), train_metric=falling(0.0, 0.9, 40),
                    val_metric=falling(0.0, 0.6, 40), columns={"train_metric": "train_r2", "val_metric": "val_r2"},
                ),
            ),
            Example("nine losses", record(train_loss=falling(2.3, 0.1, 9, 1.5), val_loss=joined(falling(2.3, 0.9, 4, 1.0), [0.95] * 5))),
            Example("losses alone: a third of the way", record(train_loss=loss, val_loss=flat)),
            Example("a sixth of it, but for a wild first value", _behind_a_wild_start(0.9)),
            Example("as often right, less sure", record(train_loss=loss, val_loss=flat, train_accuracy=train, val_accuracy=train - 0.04)),
            Example("still creeping on", record(train_accuracy=train, val_accuracy=joined(val[:26], straight(0.78, 0.8, 14)))),
            Example(
                "a short way, and a slow last third",
                record(train_loss=loss, val_loss=straight(0.9, 0.8, 40), train_accuracy=train, val_accuracy=straight(0.74, 0.78, 40)),
            ),
            Example("eight validations", record(train_accuracy=falling(0.1, 1.0, 8, 1.0), val_accuracy=falling(0.1, 0.8, 8, 1.0))),
        )  # fmt: skip

    def near_misses(self) -> tuple[Example, ...]:
        train, val = falling(0.1, 1.0, 40), falling(0.1, 0.8, 40)
        loss = falling(2.3, 0.1, 40)
        few = {"class_shares": [0.5, 0.5], "validation_samples": 30}
        return (
            Example("seven points apart", record(train_accuracy=train, val_accuracy=falling(0.1, 0.93, 40))),
            Example("98 and 99 %, on a short way", record(train_accuracy=falling(0.96, 0.99, 40), val_accuracy=falling(0.96, 0.98, 40))),
            Example("the gap is closing", record(train_accuracy=train, val_accuracy=joined(val[:20], straight(0.78, 0.89, 20)))),
            Example("15 points, of thirty samples", record(train_accuracy=train, val_accuracy=falling(0.1, 0.85, 40), facts=few)),
            Example("losses alone: a fifth of the way", record(train_loss=loss, val_loss=falling(2.3, 0.5, 40, pace=3.0))),
            Example("a third of it but for a wild first value, and not twice as high", _behind_a_wild_start(0.9, by=1.5)),
            Example("seven losses, the last no better", record(train_loss=loss[:7], val_loss=joined(straight(1.4, 1.2, 5), [1.2, 1.2]))),
            Example("training told by single batches", record(train_accuracy=shaken(train, 0.15, seed=2).clip(0, 1), val_accuracy=val)),
            Example("dropout: validation is the better one", record(train_accuracy=val, val_accuracy=train)),
            Example("four validations", record(train_accuracy=falling(0.1, 1.0, 4, 1.0), val_accuracy=falling(0.1, 0.8, 4, 1.0))),
        )


def _behind_a_wild_start(val: float, by: float = 0.0) -> Run:
    """Training ends at 0.3 + `by`, validation at `val` + `by`."""
    train, held_out = falling(2.0, 0.3, 60, pace=10.0) + by, shaken(falling(2.0, val, 60, pace=6.0), 0.003) + by
    return record(train_loss=joined([9.0], train), val_loss=joined([2.5 + by], held_out))


def _in_answers(run: Run, of: tuple[Skill, Skill], bound: float) -> Apart:
    """The sampling variance over n samples is a(1 - a)/n of an accuracy a, and about 4r(1 - r)²/n of an R² of r (Cohen et al. 2003)."""
    train, val = of
    tail = last_points(len(val.wrong))
    wrong = float(np.median(val.wrong[-tail:]))
    gap = wrong - float(np.median(train.wrong[-last_points(len(train.wrong)) :]))
    samples = run.facts.get("validation_samples")
    right = 1 - wrong
    spread = right * wrong if val.of.role.endswith("_accuracy") else 4 * right * wrong**2
    drawn = sqrt(max(spread, 0.0) / samples) if isinstance(samples, int) and samples > 0 else 0.0
    error = max(drawn, noise_scale(val.wrong), noise_scale(train.wrong))
    return Apart(gap, error, gap / bound, train.of.told_end(last_points(len(train.wrong))), val.of.told_end(tail), True)


def _of_way(train: Curve, val: Curve, bound: float, times: float) -> Apart:
    tail = last_points(len(val))
    low, high = float(np.median(train.values[-tail:])), float(np.median(val.values[-tail:]))
    calm, wild = max(early(train.values), early(val.values)), float(max(train.values[0], val.values[0]))
    way = (calm if low > 0 and high > times * low else max(calm, wild)) - low
    if not way > 0 or high >= val.values[0]:  # nothing was learned, or nothing that validation knows of
        return Apart(0.0, 0.0, 0.0, "", "", False)
    gap = (high - low) / way
    return Apart(gap, noise_scale(val.values) / way, gap / bound, train.told_end(tail), val.told_end(tail), False)


def _message(apart: Apart, val: Curve) -> str:
    far = f"{apart.gap:.2f}" if apart.by_answers else f"{apart.gap:.0%} of the way that training came down"
    return (
        f"Validation levelled off at {apart.val} while training reached {apart.train}: {far} apart, and validation has hardly moved "
        f"since {val.at(int(len(val) * LATE))}. First see that both parts come from the same source; then more data, or weight decay."
    )
