"""How good a model is, on a scale from what guessing gives (0) to perfect (1)."""

from dataclasses import dataclass

from advisor.errors import SignalUnavailable
from advisor.run import Floats, Run
from advisor.signals.curves import Curve, curve, perfect


@dataclass(frozen=True, eq=False)
class Skill:
    """The skill of a run, point by point."""

    of: Curve
    values: Floats  # (points,) 1 = perfect, 0 = no better than guessing
    wrong: Floats  # (points,) share of answers that are wrong, or 1 - R²
    known: bool  # whether what guessing gives is known; if not, it is taken to be 0, so that the true skill is lower


def skill(run: Run, part: str) -> Skill:
    """The skill on one part of the data, `train` or `val`, from its accuracy or its R².

    For an accuracy a and the share s of the commonest class, (a - s) / (1 - s), as Cohen's κ is built; s is 0 where the
    Run does not know the classes' shares. R² is a skill already: guessing the mean gives 0.
    Raises SignalUnavailable where neither was logged.
    """
    if run.get(f"{part}_accuracy") is not None:
        error = curve(run, f"{part}_accuracy")
        wrong = error.values / perfect(run.need(f"{part}_accuracy").values)
        commonest = max(run.facts.get("class_shares", ()), default=0.0)
        return Skill(error, 1 - wrong / (1 - commonest), wrong, commonest > 0)
    metric = run.get(f"{part}_metric")
    if metric is not None and "r2" in metric.name.lower():
        turned = curve(run, f"{part}_metric")
        return Skill(turned, -turned.values, 1 + turned.values, True)
    raise SignalUnavailable(f"no {part} accuracy or R² to tell how good is good")
