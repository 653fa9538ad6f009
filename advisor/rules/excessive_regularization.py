"""C107."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity
from advisor.fixes._changes import in_effect
from advisor.rules._settings import is_recorded, mislabelled, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Run
from advisor.signals.achieved import late_skill
from advisor.signals.activations import late_medians
from advisor.text import number

DROPOUT = "model.dropout"
OWN_MODEL = "net.py:build"  # in an example
ALL = 0.999  # of the units: more leaves nothing that learns


class ExcessiveRegularization(Rule):
    """Dropout or penalties on the weights are so strong that training itself is held down.

    What it measures
    ----------------
    The strongest of dropout (as odds, p / (1 - p)), l2 (adamw's decay apart) and l1, each as a multiple of what sound nets bear; and,
    where a run is recorded, the skill on validation, or on training where nothing was held out: dropout holds down the figures of
    training alone. A net that does well bears it, and a penalty under which training does well holds nothing down, however far
    validation stands behind; where many training labels are known to be wrong and validation is better than these, it is told as
    information, for then the penalty does what it is for. Where the weights of a layer shrank while it learned, half as
    strong a penalty counts, unless samples are few: these need one.

    Why it matters
    --------------
    Each penalty pulls the weights away from what the data say. Too strong, it outweighs the data: the weights shrink towards zero, and
    with nine of ten units switched off what is left changes in each step.

    What helps
    ----------
    A tenth of the penalty, half of the dropout; then raise them only while validation gains. First make training fit, then regularise.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 7.1. Srivastava et al. 2014, Dropout, section 7.3: from 0.4 to 0.8 of the
    units kept. Karpathy 2019, A recipe for training neural networks.
    """

    code = "C107"
    needs = "config"
    fixes = ("lower-regularization",)
    explains = (
        *("underfitting", "not-learning", "plateau", "slow-learning", "class-collapse", "suspicious-validation", "undersized-model"),
        *("vanishing-gradient", "zero-gradient", "huge-updates", "tiny-updates", "dead-units", "learning-rate-too-low"),
        *("diverging-loss", "exploding-gradient", "bad-initialization"),
    )
    excludes = ("overfitting", "learning-rate-too-high")  # what is held down so learns nothing by heart; steps are judged without it

    DROPOUT_ODDS = 1.75  # units off for each one kept, dropout of 0.64; recorded: 0.5 does no harm, 0.65 costs 3 to 9 points
    L2 = 0.05  # recorded: 0.01 does no harm, 0.1 costs a tenth of the accuracy, 1 all of it
    DECAY = 5.0  # adamw's, which its rate multiplies; recorded: 1 does no harm, 10 costs a tenth
    L1 = 0.0025  # recorded: 0.001 does no harm, 0.004 costs 3 to 9 points, 0.01 all
    SHRUNK = 0.8  # of the first weights, in some layer; recorded: 0.68 and less where a penalty outweighed the data, sound nets 0.92
    BORNE = 0.5  # of what sound nets bear, where weights shrank so; recorded: l2 of 0.03 then cost 9 points
    ENOUGH = 200  # samples; the penalty that serves best falls as their number grows, and 120 of them bore one of 0.05
    POOR = 0.95  # skill; recorded nets that bore it reached 0.97, those held down 0.94 and less

    def measure(self, run: Run) -> float:
        return max(self._strengths(run).values())

    def check(self, run: Run) -> Iterable[Finding]:
        strengths = self._strengths(run)
        path = max(strengths, key=lambda name: strengths[name])
        bound = self.BORNE if path != DROPOUT and self._outweighs(run) else 1.0
        if strengths[path] <= bound or (is_recorded(run) and not _reached(run, path) < self.POOR):
            return
        spared = _beats_its_labels(run)
        found = self.finding(_message(run, path, spared), strengths[path], bound, whole(run), confidence=0.85)
        yield replace(found, severity=Severity.INFO) if spared else found

    def _outweighs(self, run: Run) -> bool:
        """Whether some layer's weights shrank from where they started, with samples enough to hold them."""
        samples = run.facts.get("samples")
        if run.layers is None or "weight_norm" not in run.layers.statistics or not isinstance(samples, int) or samples < self.ENOUGH:
            return False
        weights = run.layers.where("weight_norm")[1]
        first = np.where(weights[0] > 0, weights[0], np.nan)
        return bool(np.nanmin(late_medians(weights) / first, initial=np.inf) <= self.SHRUNK)

    def _strengths(self, run: Run) -> dict[str, float]:
        """By path, how many times each is what sound nets bear."""
        if dotted.get(run.config, "optim") is None:
            raise SignalUnavailable("no Config that names penalties")
        dropout, l1, l2 = (_strength(run, path) for path in (DROPOUT, "optim.l1", "optim.l2"))
        bound = self.DECAY if dotted.get(run.config, "optim.name") == "adamw" else self.L2
        return {DROPOUT: dropout / (1 - dropout) / self.DROPOUT_ODDS, "optim.l1": l1 / self.L1, "optim.l2": l2 / bound}

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("l2 of 1", _run({"l2": 1.0}, 0.1)),
            Example("dropout of 0.8, accuracy 0.7", _run({}, 0.7, dropout=0.8)),
            Example("dropout of 0.8 in a module of one's own", _within(0.8)),
            Example("l2 of 0.1, 75 % on validation, hardly more on training", _run({"l2": 0.1}, 0.75, trained=0.8)),
            Example("l1 of 0.01", _run({"l1": 0.01}, 0.1)),
            Example("a decay of 8 under adamw", _run({"name": "adamw", "l2": 8.0}, 0.6)),
            Example("l2 of 0.03, and weights shrink by half", _shrinking(0.5)),
            Example("the same with 300 samples", _shrinking(0.5, samples=300)),
            Example("dropout of 0.8, a third of the labels wrong, and 90 % on validation: information", _mislabelled(0.9)),
            Example("the same, and 50 % on validation", _mislabelled(0.5)),
            Example("l2 of 0.08, before training", record(config=_config({"l2": 0.08}, 0.0))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("l2 of 0.03, and poor", _run({"l2": 0.03}, 0.5)),
            Example("dropout of 0.6, and poor", _run({}, 0.5, dropout=0.6)),
            Example("dropout of 0.6 in a module of one's own, and poor", _within(0.6)),
            Example("l1 of 0.002, and poor", _run({"l1": 0.002}, 0.5)),
            Example("a decay of 3 under adamw, and poor", _run({"name": "adamw", "l2": 3.0}, 0.5)),
            Example("l2 of 0.1, and good", _run({"l2": 0.1}, 0.97)),
            Example("l2 of 0.1, and good on training alone", _run({"l2": 0.1}, 0.75, trained=0.97)),
            Example("l2 of 0.03, and weights that grow", _shrinking(1.3)),
            Example("l2 of 0.03, weights shrink, 120 samples", _shrinking(0.5, samples=120)),
            Example("l2 of 0.01, and weights shrink by half", _shrinking(0.5, l2=0.01)),
        )


def _strength(run: Run, path: str) -> float:
    strength = float(in_effect(run, path) or 0.0)
    return min(strength, ALL) if path == DROPOUT else strength


def _held_out_skill(run: Run) -> float:
    held_out = late_skill(run, "val")
    return held_out if held_out == held_out else late_skill(run, "train")


def _reached(run: Run, path: str) -> float:
    """The skill that shows whether something is held down: a penalty holds training down first, dropout its figures alone."""
    held_out, trained = _held_out_skill(run), late_skill(run, "train")
    return trained if path != DROPOUT and trained > held_out else held_out


def _run(optim: dict[str, Any], accuracy: float, dropout: float = 0.0, trained: float | None = None) -> Run:
    right = falling(0.1, accuracy, 20, 3.0)
    curves: dict[str, Any] = {"train_accuracy": right if trained is None else falling(0.1, trained, 20, 3.0), "val_accuracy": right}
    config, facts = _config(optim, dropout), {"class_shares": [0.1] * 10}
    return record(config=config, facts=facts, train_loss=falling(2.3, 2.3 * (1 - accuracy) + 0.2, 20), **curves)


def _within(dropout: float) -> Run:
    run = _run({}, 0.5)
    return replace(
        run, config={"optim": {"name": "adam"}, "model": {"kind": OWN_MODEL}}, facts={**run.facts, "module": {"dropout": dropout}}
    )


def _mislabelled(validated: float) -> Run:
    run = _run({}, validated, dropout=0.8)
    return replace(run, config={**(run.config or {}), "data": {"label_noise": 0.33}})


def _shrinking(to: float, samples: int = 1000, l2: float = 0.03) -> Run:
    right = falling(0.5, 0.86, 20, 3.0)
    layers = layered(("first", "head"), weight_norm=np.column_stack([np.linspace(1.0, to, 20), np.linspace(1.0, 1.5, 20)]))
    facts = {"class_shares": [0.5, 0.5], "samples": samples}
    return record(
        config=_config({"l2": l2}, 0.0), facts=facts, layers=layers, train_loss=1 - right, train_accuracy=right, val_accuracy=right
    )


def _config(optim: dict[str, Any], dropout: float) -> dict[str, Any]:
    return {"optim": {"name": "adam", **optim}, "model": {"dropout": dropout}}


def _beats_its_labels(run: Run) -> bool:
    """Whether many training labels are wrong, and validation all the same better than they are: then the penalty does what it is for."""
    wrong = float(dotted.get(run.config, "data.label_noise", 0)) if mislabelled(run) and run.facts.get("task") != "regression" else 0.0
    return wrong > 0 and late_skill(run, "val") > 1 - wrong


def _message(run: Run, path: str, spared: bool) -> str:
    value, skill = number(_strength(run, path)), _held_out_skill(run)
    said = "dropout in the module" if path == DROPOUT and dotted.get(run.config, path) is None else path
    reached = f", and the run reaches a skill of {skill:z.2f} (1 is perfect)" if skill == skill else ""
    lower = "halve it" if path == DROPOUT else "take a tenth of it"
    if spared:
        return (
            f"{said} is {value}, more than networks usually bear{reached}; but {mislabelled(run)}, and it may be what keeps "
            f"them from being learned by heart. First {lower}, and see whether validation gains."
        )
    return f"{said} is {value}, more than networks usually bear{reached}. First {lower}."
