"""Which of several changes that were made together mattered: each is taken back alone, in a shorter training."""

from dataclasses import dataclass
from math import ceil

from advisor import dotted
from advisor.dotted import Tree
from advisor.repair.attempts import Attempt, Attribution, Part
from advisor.repair.metrics import Metric
from advisor.repair.race import Runner, runner
from advisor.repair.trials import Subject, Wanted, Workshop

SHARE = 0.25  # of the epochs
LEAST = 3  # epochs
NOISE_UNITS = 2.0  # noise that a difference must exceed, one seed being all there is
LEAST_DIFFERENCE = 0.02  # of accuracy or R²: less would not be worth a change
# What the recipe changes, in words, and the keys that belong together.
CHANGES = {
    "activation": ("model.activation",),
    "initialisation": ("model.init",),
    "norm": ("model.norm",),
    "scaled inputs": ("data.scale", "data.multiply"),
    "optimiser and rate": ("optim.name", "optim.lr", "optim.momentum"),
    "weight decay": ("optim.l2",),
}


@dataclass(frozen=True)
class _Without:
    change: str
    subject: Subject


def attributed(workshop: Workshop, base: Subject, subject: Subject, attempt: Attempt) -> Attribution | None:
    """What the result is worth without each of the changes; None where there is one change only, or no room in the budget."""
    assert attempt.comparison is not None  # noqa: S101 - only what was kept is attributed
    metric, until = attempt.comparison.metric, min(workshop.epochs, max(LEAST, ceil(SHARE * workshop.epochs)))
    groups = {change: paths for change, paths in CHANGES.items() if any(_differs(path, base.config, subject.config) for path in paths)}
    lesser = [_Without(change, _without(base.config, subject, change, paths)) for change, paths in groups.items()]
    wanted = [Wanted(each.subject, each.subject.seed, until) for each in lesser]
    if len(lesser) < 2 or not workshop.can_afford(wanted) or any(workshop.train(wanted)):
        return None
    whole = runner(subject.first.run, metric, until)
    parts = (
        _part(each.change, whole, runner(workshop.read(want), metric, until), metric) for each, want in zip(lesser, wanted, strict=True)
    )
    return Attribution(until, _figure(whole, metric), tuple(parts))


def _differs(path: str, before: Tree, after: Tree) -> bool:
    return bool(dotted.get(before, path) != dotted.get(after, path))


def _without(before: Tree, subject: Subject, change: str, paths: tuple[str, ...]) -> Subject:
    config = subject.config
    for path in paths:
        config = dotted.put(config, path, dotted.get(before, path, dotted.get(config, path)))
    return Subject(f"{subject.name}-without-{change.replace(' ', '-')}", config, parent=subject.first.run.about.get("id"))


def _part(change: str, whole: Runner, lesser: Runner, metric: Metric) -> Part:
    needed = max(NOISE_UNITS * max(whole.noise, lesser.noise), LEAST_DIFFERENCE)
    return Part(change, _figure(lesser, metric), whole.standing - lesser.standing > needed)


def _figure(each: Runner, metric: Metric) -> float:
    return each.standing if metric.higher_is_better else -each.standing
