"""F102."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules._settings import constrained, may_overlap, mislabelled, mostly_frozen, told_of_labels
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, joined, record, shaken, straight
from advisor.run import Floats, Run
from advisor.signals.curves import curve
from advisor.signals.progress import ends, late_gain
from advisor.signals.skill import Skill, skill
from advisor.text import counted

LATE = 2 / 3  # of the run; what came after it is "late"


class Underfitting(Rule):
    """Training itself ends poor, and validation is no better.

    What it measures
    ----------------
    The skill on the training samples at the end: accuracy on a scale from the share of the commonest class (0) to perfect
    (1), or R² for numbers, which is such a scale already. Where the log does not tell what guessing gives, the plain
    accuracy counts and has to be low together with a loss that came down by less than half. Training must have levelled
    off; a run that is still improving is merely unfinished. Where the settings name what holds the model down (a handful of units,
    linear units, layers frozen at random, wrong labels), more is asked of it; where they show nothing of the kind, a level a
    quarter of the way up or more is told as information: the classes may overlap, or the labels be noisy.

    Why it matters
    --------------
    A model that cannot fit even the samples it sees will not do better on new ones, and more data or longer training will
    not change that: something holds it down.

    What helps
    ----------
    First see whether the model can fit a handful of samples at all: if not, look for a mistake (labels, outputs, frozen
    or dead layers, a learning rate far off). If it can: more or wider hidden layers, better inputs, less regularisation.
    If the classes overlap by nature, this may be as good as it gets.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, sections 5.2 and 11.4. Cohen 1960, A coefficient of agreement for
    nominal scales.
    """

    code = "F102"
    needs = "train; accuracy or a baseline helps"
    fixes = (
        *("unfreeze-layers", "use-relu", "widen-model", "deepen-model", "lower-regularization", "raise-learning-rate"),
        *("train-longer", "check-labels"),
    )
    by_config = ("unfreeze-layers", "use-relu")
    explains = ("plateau", "class-collapse")

    POOR = 0.5  # half way from guessing to perfect; labelled runs with overlapping classes or noisy labels reach 0.52 and more
    POOR_CONSTRAINED = 0.92  # where the settings name what holds it down; recorded: 0.91 and less, where it was enough 0.94
    POOR_UNKNOWN = 0.6  # the same where guessing is unknown; labelled runs: 0.58 and less, healthy ones 0.7 and more
    FLOOR = 0.25  # skill, above which classes that overlap are as likely a reason; recorded: noise that nothing can learn left 0.37
    FELL = 0.5  # share of the first loss; labelled runs: 0.28 and less, language models at low accuracy 0.6 and more
    LATE_SHARE = 0.1  # of the whole improvement, in the last third: what a tenth of the way in a third of the time is
    LATE_NOISE = 1.0  # deviations of the jitter: a smaller late gain is what the next epoch may undo
    SURE = 4.0  # the same of the training loss, where no point before has to agree: noise does it once in 10 000
    SHORT = 10  # points, below which the last third is too short for one of them to tell that it levelled off
    FEWEST = 5  # points of training

    def measure(self, run: Run) -> float:
        return _last(self._skill(run))

    def check(self, run: Run) -> Iterable[Finding]:
        trained, named, frozen = self._skill(run), constrained(run) or mislabelled(run), mostly_frozen(run)
        reached, held = _last(trained), named or frozen
        poor = self._bound(trained, named)
        unfinished = not held and (self._unfinished(trained.values) or self._falls(run))
        if reached >= poor or self._fell_far(run, trained) or unfinished or self._validates(run, poor, held):
            return
        evidence = span(run, (trained.of.role,), int(trained.of.points[int(len(trained.values) * LATE)]), int(trained.of.points[-1]))
        found = self.finding(_message(trained, reached, held) + told_of_labels(run), reached, poor, evidence, confidence=0.85)
        noisy = may_overlap(run) and trained.known and reached >= self.FLOOR
        yield replace(found, severity=Severity.INFO) if noisy else found

    def _bound(self, trained: Skill, held: str) -> float:
        if not trained.known:
            return self.POOR_UNKNOWN
        return self.POOR_CONSTRAINED if held else self.POOR

    def _skill(self, run: Run) -> Skill:
        trained = skill(run, "train")
        fewest = self.SHORT if run.about.get("status") == "running" else self.FEWEST  # one that goes on need not be told in haste
        if len(trained.values) < fewest:
            raise SignalUnavailable(f"{counted(len(trained.values), 'point')} of training; levelling off shows from {fewest} on")
        return trained

    def _fell_far(self, run: Run, trained: Skill) -> bool:
        loss = run.get("train_loss")
        if trained.known or loss is None or len(loss.finite) == 0:
            return False
        start, end = ends(loss.finite.values, share=0.1)
        return (start - end) / abs(start) >= self.FELL if start else False

    def _falls(self, run: Run) -> bool:
        """Whether the training loss still comes down, which it does before the answers change: few samples make accuracy a staircase."""
        loss = run.get("train_loss")
        if loss is None or len(loss.finite) < self.FEWEST:
            return False
        values = curve(run, "train_loss").values
        return self._unfinished(-values) or (self._improves(-values) and late_gain(values, LATE).in_noise > self.SURE)

    def _unfinished(self, values: Floats) -> bool:
        """Whether it still improves, and did so a point before: one lucky epoch is no progress; of few, an unlucky one is no end."""
        if len(values) < self.SHORT:
            return self._improves(values) or (len(values) > 2 and self._improves(values[:-1]))
        return self._improves(values) and self._improves(values[:-1])

    def _improves(self, values: Floats) -> bool:
        late = late_gain(-values, LATE)
        return late.share > self.LATE_SHARE and late.in_noise > self.LATE_NOISE

    def _validates(self, run: Run, poor: float, held: str) -> bool:
        """Whether validation is good, or on its way there: dropout and noise may hide from training what was learned."""
        try:
            seen = skill(run, "val")
        except SignalUnavailable:
            return False
        return _last(seen) >= poor or (not held and self._unfinished(seen.values))

    def examples(self) -> tuple[Example, ...]:
        stuck = falling(0.1, 0.45, epochs=40)
        loss = falling(2.3, 1.55, epochs=40)
        shares = {"class_shares": [0.1] * 10}
        return (
            Example("accuracy levels off at 45 %", record(train_loss=loss, train_accuracy=shaken(stuck, 0.005), val_accuracy=stuck - 0.02)),
            Example("58 % of ten classes", record(train_loss=loss, train_accuracy=falling(0.1, 0.58, 40))),
            Example("53 % of ten known classes", record(train_accuracy=falling(0.1, 0.53, 40), facts=shares)),
            Example("60 % where 40 % is guessing", record(train_accuracy=falling(0.4, 0.6, 40), facts={"class_shares": [0.4, 0.3, 0.3]})),
            Example(
                "R² of 0.2",
                record(train_loss=falling(1.0, 0.8, 30), train_metric=falling(0.0, 0.2, 30), columns={"train_metric": "train_r2"}),
            ),
            Example(
                "levelled off, though noise hides it",
                record(train_loss=loss, train_accuracy=shaken(falling(0.3, 0.45, 40, pace=4.0), 0.03, seed=12)),
            ),
            Example("two units, 75 % of ten classes", record(train_accuracy=falling(0.1, 0.75, 40), facts=shares, config=_config([2, 2]))),
            Example("two units, and still improving", record(train_accuracy=straight(0.1, 0.6, 40), facts=shares, config=_config([2]))),
            Example("half of the labels wrong, 40 % on training and 70 % on validation", _mislabelled(0.5, 0.7)),
            Example("a fifth wrong, and 90 % on validation", _mislabelled(0.2, 0.9)),
            Example("numbers under noise of their own size", _noisy_numbers(1.0)),
            Example("64 units, 44 % of ten classes: information", record(train_accuracy=stuck, facts=shares, config=_config([64]))),
            Example("64 units, 28 % of ten classes", record(train_accuracy=falling(0.1, 0.28, 40), facts=shares, config=_config([64]))),
            Example("a module of the user's own, three quarters of it frozen, and still improving", _frozen(0.75)),
            Example("within six epochs", _short(6)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        stuck = falling(0.1, 0.45, epochs=40)
        loss = falling(2.3, 1.55, epochs=40)
        shares = {"class_shares": [0.1] * 10}
        return (
            Example("still improving", record(train_loss=loss, train_accuracy=straight(0.1, 0.45, 40))),
            Example(
                "the last third brings a seventh", record(train_loss=loss, train_accuracy=joined(stuck[:26], straight(0.45, 0.51, 14)))
            ),
            Example("it is good on validation: dropout", record(train_loss=loss, train_accuracy=stuck, val_accuracy=falling(0.2, 0.9, 40))),
            Example("the loss falls once more at the end", _falls_once_more()),
            Example("eight epochs, the last no better", record(train_accuracy=[0.2, 0.27, 0.33, 0.38, 0.42, 0.45, 0.48, 0.47])),
            Example("the loss still falls", record(train_loss=straight(4.1, 2.9, 40), train_accuracy=stuck)),
            Example(
                "a mean error of numbers beside it",
                record(train_loss=loss, train_accuracy=stuck, train_metric=falling(0.3, 0.2, 40), columns={"train_metric": "mae"}),
            ),
            Example("validation still improves", record(train_loss=loss, train_accuracy=stuck, val_accuracy=straight(0.1, 0.5, 40))),
            Example("the loss came down by two thirds", record(train_loss=falling(10.8, 3.3, 40), train_accuracy=stuck)),
            Example("two units, 95 % of ten classes", record(train_accuracy=falling(0.1, 0.95, 40), facts=shares, config=_config([2, 2]))),
            Example("a tenth of the labels wrong", _mislabelled(0.1, 0.9)),
            Example("a fifth wrong, and 95 % on validation", _mislabelled(0.2, 0.95)),
            Example("numbers under noise of a quarter of their spread", _noisy_numbers(0.25)),
            Example("levels off at 75 %", record(train_loss=loss, train_accuracy=falling(0.1, 0.75, 40))),
            Example(
                "72 % where 33 % is guessing", record(train_accuracy=falling(0.33, 0.72, 40), facts={"class_shares": [0.34, 0.33, 0.33]})
            ),
            Example("a third of it frozen, and still improving", _frozen(0.33)),
            Example("three quarters frozen, but half way to perfect", _frozen(0.75, reached=0.6)),
            Example("three quarters frozen, of weights that were taken over", _frozen(0.75, pretrained="runs/first")),
            Example("four epochs", _short(4)),
            Example("within six epochs, and still running", _short(6, about={"status": "running"})),
        )


def _short(epochs: int, **known: Any) -> Run:
    return record(train_loss=falling(2.3, 1.9, epochs, pace=0.5), train_accuracy=falling(0.1, 0.3, epochs, pace=0.5), **known)


def _frozen(share: float, reached: float = 0.4, pretrained: str = "") -> Run:
    facts = {"class_shares": [0.1] * 10, "parameters": 1000, "trainable_parameters": round(1000 * (1 - share))}
    config = {"model": {"kind": "net.py:net", "pretrained": pretrained}}
    return record(train_accuracy=straight(0.1, reached, 40), facts=facts, config=config)


def _falls_once_more() -> Run:
    return record(
        train_loss=[1.9, 1.72, 1.63, 1.57, 1.5, 1.47, 1.39, 1.42, 1.36, 1.29],
        train_accuracy=[0.25, 0.28, 0.31, 0.36, 0.36, 0.37, 0.41, 0.41, 0.42, 0.47],
    )


def _mislabelled(share: float, validated: float) -> Run:
    right = falling(0.1, validated, 40)
    shown = 0.1 + (right - 0.1) * (1 - share)
    told: dict[str, Any] = {"facts": {"class_shares": [0.1] * 10}, "config": {"data": {"label_noise": share}}}
    return record(train_loss=3 - shown, train_accuracy=shown, val_accuracy=right, **told)


def _noisy_numbers(spreads: float) -> Run:
    best = 0.95 / (1 + spreads**2)
    told: dict[str, Any] = {"facts": {"task": "regression"}, "config": {"data": {"label_noise": spreads}}}
    columns = {"train_metric": "train_r2", "val_metric": "val_r2"}
    curves: dict[str, Any] = {"train_metric": falling(0.0, best, 40), "val_metric": falling(0.0, 0.88, 40)}
    return record(columns=columns, train_loss=falling(1.0, 1 - best, 40), **curves, **told)


def _config(hidden: list[int]) -> dict[str, Any]:
    return {"model": {"kind": "mlp", "hidden": hidden, "activation": "relu"}}


def _last(trained: Skill) -> float:
    return float(np.median(trained.values[-_few(trained) :]))


def _few(trained: Skill) -> int:
    """How many points are the end: a tenth of them."""
    return max(1, len(trained.values) // 10)


def _message(trained: Skill, reached: float, held: str) -> str:
    scale = (
        f", {max(reached, 0.0):.0%} of the way from guessing to perfect"
        if trained.known and not trained.of.role.endswith("_metric")
        else ""
    )
    shown, since = trained.of.told_end(_few(trained)), trained.of.at(int(len(trained.values) * LATE))
    if held:
        wants = {"label_noise": "train on clean labels", "frozen": "let its layers learn"}
        first = next((cure for sign, cure in wants.items() if sign in held), "give the model more room")
        return f"The {trained.of.title} ends at {shown}{scale}, and {held}. First {first}."
    return (
        f"The {trained.of.title} levelled off at {shown}{scale}: it hardly moved after {since}. "
        "First see whether the model can fit ten samples; if it can, make it larger or regularise it less."
    )
