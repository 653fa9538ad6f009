"""How good a model is, on a scale from what guessing gives (0) to perfect (1)."""

import re
from dataclasses import dataclass

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, curve, perfect
from advisor.signals.progress import last_points
from advisor.signals.smoothing import running_median

# Mean errors of numbers: who logs one predicts numbers, and an accuracy beside it counts those that are met to the last digit.
OF_NUMBERS = re.compile(r"(?<![a-z])(?:mae|rmse|mape|rmsle|mean_?absolute_?(?:percentage_?)?error)(?![a-z])", re.IGNORECASE)
OF_ANSWERS = re.compile(r"(?<![a-z])acc(?:uracy)?(?![a-z])", re.IGNORECASE)
AREA = re.compile(r"(?<![a-z])(?:auc|auroc|roc_auc)(?![a-z])", re.IGNORECASE)
MOST = 12.0  # logarithm of more classes than anybody counts
AS_RIGHT = 0.25  # of 1 / k, by which an accuracy may differ from it
CALM = 3  # points of which a single lucky one is none
SPLIT = re.compile(r"(?<![a-z])(?:train|training|val|valid|validation|eval|test)(?![a-z])")


@dataclass(frozen=True, eq=False)
class Skill:
    """The skill of a run, point by point."""

    of: Curve
    values: Floats  # (points,) 1 = perfect, 0 = no better than guessing
    wrong: Floats  # (points,) share of answers that are wrong, or 1 - R²
    known: bool  # whether what guessing gives is known; if not, it is taken to be 0, so that the true skill is lower

    @property
    def end(self) -> float:
        """What it comes to in the end."""
        return at_end(self.values)

    @property
    def right(self) -> float:
        """The share of answers that are right in the end, or R²."""
        return 1 - at_end(self.wrong)


def skill(run: Run, part: str) -> Skill:
    """The skill on one part of the data, `train` or `val`, from its accuracy or its R².

    For an accuracy a and the share s of the commonest class, (a - s) / (1 - s), as Cohen's κ is built; s is 0 where the
    Run does not know the classes' shares, and 1 / k of k classes where the loss weighs them, since whoever guesses then has no
    commonest class to name. R² is a skill already: guessing the mean gives 0.
    Raises SignalUnavailable where neither was logged, or an accuracy beside a mean error of numbers.
    """
    of_numbers = _predicts_numbers(run, f"{part}_accuracy")
    if run.get(f"{part}_accuracy") is not None and not of_numbers:
        error = curve(run, f"{part}_accuracy")
        wrong = error.values / perfect(run.need(f"{part}_accuracy").values)
        guessed = _guessed(run)
        return Skill(error, 1 - wrong / (1 - guessed), wrong, guessed > 0)
    metric = run.get(f"{part}_metric")
    if metric is not None and "r2" in metric.name.lower():
        turned = curve(run, f"{part}_metric")
        return Skill(turned, -turned.values, 1 + turned.values, True)
    if of_numbers and run.get(f"{part}_accuracy") is not None:
        raise SignalUnavailable(f"a mean error of numbers beside the {part} accuracy, which then tells nothing")
    raise SignalUnavailable(f"no {part} accuracy or R² to tell how good is good")


def skill_if_logged(run: Run, part: str) -> Skill | None:
    """The same, or None where nothing tells it."""
    try:
        return skill(run, part)
    except SignalUnavailable:
        return None


def guessed_among(run: Run, part: str, apart: float) -> int:
    """The k of which loss and accuracy both end where naming classes at random leaves them, ln k and 1 / k; 0 where there is none.

    The loss must not have been lower before. The number of classes need not be known: k is the whole number nearest to exp of the
    loss. `apart` is how far the accuracy may lie from 1 / k on the scale of skill, at most a quarter of 1 / k, and half of it how far
    the loss may, as a share of ln k. That both fit the same k is hardly ever chance: of 400 labelled logs 11 do, none of which
    learned. 0 where either was not logged.
    Source: the cross entropy of a uniform answer is -ln(1 / k).
    """
    if run.get(f"{part}_loss") is None or run.get(f"{part}_accuracy") is None:
        return 0
    try:
        losses, answers = curve(run, f"{part}_loss").values, skill(run, part)
    except SignalUnavailable:
        return 0
    end = at_end(losses)
    classes = round(float(np.exp(np.clip(end, 0, MOST))))
    if classes < 2:
        return 0
    near = min(apart * (1 - 1 / classes), AS_RIGHT / classes)
    levels = np.array([end, running_median(losses, CALM).min()]) / np.log(classes)
    fits = abs(1 - at_end(answers.wrong) - 1 / classes) <= near and levels[0] <= 1 + apart / 2 and levels.min() >= 1 - apart / 2
    return classes if fits else 0


def guess_loss(run: Run) -> float:
    """The cross entropy of naming each class as often as it comes, -Σ s ln s; inf where the loss is another or nothing tells."""
    shares = np.array([share for share in run.facts.get("class_shares") or () if share > 0])
    return float(-np.sum(shares * np.log(shares))) if run.facts.get("loss") == "cross_entropy" and len(shares) > 1 else float("inf")


def at_end(values: Floats) -> float:
    """The median of the last tenth of a curve's points, one at least."""
    return float(np.median(values[-max(1, len(values) // 10) :]))


def answers_right(run: Run, val: Curve, best: int) -> tuple[float, float]:
    """The share of validation answers that are right, or R², when the loss `val` was at its point `best`, and in the end.

    Raises SignalUnavailable where none was logged beside a loss.
    """
    told = skill(run, "val")
    if val.role != "val_loss":
        raise SignalUnavailable("no validation loss beside the validation accuracy")
    then = np.searchsorted(told.of.x, val.x[best], side="right") - 1
    return 1 - float(told.wrong[max(then, 0)]), 1 - _last(told)


def answers_lost(run: Run, val: Curve, best: int) -> float:
    """The validation accuracy, or R², that went since the loss `val` was at its point `best`; inf where none was logged beside a loss."""
    try:
        then, now = answers_right(run, val, best)
    except SignalUnavailable:
        return float("inf")
    return then - now


def answers_apart(run: Run) -> float:
    """How far training stands above validation at the end in accuracy or R²; inf where not both are known."""
    train, val = skill_if_logged(run, "train"), skill_if_logged(run, "val")
    return float("inf") if train is None or val is None else _last(val) - _last(train)


def _last(reached: Skill) -> float:
    return float(np.median(reached.wrong[-last_points(len(reached.wrong)) :]))


def ranked(run: Run, part: str) -> Floats:
    """2 A - 1 of the area A under the ROC curve, point by point: 0 = guessing, whatever the shares of the classes, and 1 = perfect.

    Also known as Gini's coefficient. Source: Hanley, McNeil 1982, Radiology 143. Raises SignalUnavailable where none was logged.
    """
    metric = run.get(f"{part}_metric")
    if metric is None or not AREA.search(metric.name) or not len(metric.finite):
        raise SignalUnavailable(f"no {part} area under the ROC curve")
    return 2 * metric.finite.values / perfect(metric.values) - 1


def _guessed(run: Run) -> float:
    """The accuracy of guessing; 0 where the classes' shares are not known."""
    shares = run.facts.get("class_shares") or ()
    weighed = dotted.get(run.config, "train.class_weights") == "balanced"
    return 1 / len(shares) if shares and weighed else max(shares, default=0.0)


def _predicts_numbers(run: Run, accuracy: str) -> bool:
    """Whether an error in the unit of a target was logged for the same output as the accuracy, and the classes are not known."""
    if run.facts.get("class_shares") or accuracy not in run.roles:
        return False
    metrics = (series.name for role, series in run.series.items() if role.endswith("_metric"))
    output = _output(str(run.roles[accuracy]), OF_ANSWERS)
    return any(_output(name, OF_NUMBERS) == output for name in (*metrics, *run.unused) if OF_NUMBERS.search(name))


def _output(name: str, of: re.Pattern[str]) -> str:
    """What a name says beside the split and the measure: `cls` of `val_cls_accuracy`, where a model has several outputs."""
    return re.sub(r"[^a-z0-9]", "", SPLIT.sub("", of.sub("", name.lower())))
