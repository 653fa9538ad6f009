"""Which of several changes that were made together mattered: each is taken back alone, in a shorter training.

Where none mattered so, several do the same thing: then each is made alone, to say which of them are enough.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from advisor import dotted
from advisor.dotted import Tree
from advisor.repair.attempts import Attempt, Attribution, Part
from advisor.repair.metrics import Metric
from advisor.repair.race import Runner, runner
from advisor.repair.trials import Subject, Wanted, Workshop

SHARE = 0.25  # of the epochs
MOST = 0.5  # where all the changes together need longer to show
LEAST = 3  # epochs
FOR_MORE = 2.0  # trainings that are left for what may add to the result: to mend comes before to explain
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
class _Comparing:
    """What the shorter trainings are made of and held against: all the changes at once, after as many epochs."""

    workshop: Workshop
    base: Subject
    subject: Subject
    metric: Metric
    until: int

    @property
    def whole(self) -> Runner:
        """How all the changes together did."""
        return runner(self.subject.first.run, self.metric, self.until)

    @property
    def changes(self) -> list[str]:
        """The changes that were made."""
        differs = {
            path
            for paths in CHANGES.values()
            for path in paths
            if dotted.get(self.base.config, path) != dotted.get(self.subject.config, path)
        }
        return [change for change, paths in CHANGES.items() if differs & set(paths)]

    def made(self, name: str, config: Tree) -> Wanted:
        """The shorter training of a Config."""
        subject = Subject(f"{self.subject.name}-{name}", config, parent=self.subject.first.run.about.get("id"))
        return Wanted(subject, subject.seed, self.until)

    def trained(self, wanted: Sequence[Wanted]) -> list[Runner]:
        """How they did; nothing where the budget has no room for all and for what may add more, or one was refused."""
        if not self.workshop.can_afford(wanted, more=FOR_MORE) or any(self.workshop.train(wanted)):
            return []
        return [runner(self.workshop.read(each), self.metric, self.until) for each in wanted]


def attributed(workshop: Workshop, base: Subject, subject: Subject, attempt: Attempt) -> Attribution | None:
    """What the result is worth without each of the changes; None where there is one change only, or no room in the budget.

    None, too, where half of the epochs do not show yet that the changes help at all.
    """
    assert attempt.comparison is not None  # noqa: S101 - only what was kept is attributed
    metric = attempt.comparison.metric
    until = _epochs_to_tell(base, subject, metric, workshop.epochs)
    if until is None:
        return None
    comparing = _Comparing(workshop, base, subject, metric, until)
    parts = _taken_back(comparing)
    if parts and not any(part.matters for part in parts):
        parts = _made_alone(comparing, parts)
    return Attribution(until, _figure(comparing.whole, metric), tuple(parts)) if parts else None


def _epochs_to_tell(base: Subject, subject: Subject, metric: Metric, epochs: int) -> int | None:
    """After how many epochs all the changes together are clearly better than none."""
    for until in range(min(epochs, max(LEAST, ceil(SHARE * epochs))), max(LEAST, ceil(MOST * epochs)) + 1):
        whole, none = (runner(each.first.run, metric, until) for each in (subject, base))
        if _is_behind(none, whole):
            return until
    return None


def _taken_back(comparing: _Comparing) -> list[Part]:
    changes, base, config = comparing.changes, comparing.base.config, comparing.subject.config
    wanted = [comparing.made(f"without-{_hyphened(change)}", _moved(config, base, CHANGES[change])) for change in changes]
    found = comparing.trained(wanted) if len(changes) > 1 else []
    return [
        Part(change, _figure(each, comparing.metric), _is_behind(each, comparing.whole))
        for change, each in zip(changes, found, strict=False)
    ]


def _made_alone(comparing: _Comparing, parts: Sequence[Part]) -> list[Part]:
    base, config = comparing.base.config, comparing.subject.config
    wanted = [comparing.made(f"only-{_hyphened(part.change)}", _moved(base, config, CHANGES[part.change])) for part in parts]
    found = comparing.trained(wanted)
    if not found:
        return list(parts)
    return [
        replace(part, alone=_figure(each, comparing.metric), suffices=not _is_behind(each, comparing.whole))
        for part, each in zip(parts, found, strict=True)
    ]


def _hyphened(change: str) -> str:
    return change.replace(" ", "-")


def _moved(config: Tree, other: Tree, paths: Iterable[str]) -> Tree:
    """`config` with the values of `other` at some paths; what that one does not name is not named."""
    for path in paths:
        value = dotted.get(other, path)
        config = dotted.without(config, path) if value is None else dotted.put(config, path, value)
    return config


def _is_behind(lesser: Runner, whole: Runner) -> bool:
    return whole.standing - lesser.standing > max(NOISE_UNITS * max(whole.noise, lesser.noise), LEAST_DIFFERENCE)


def _figure(each: Runner, metric: Metric) -> float:
    return each.standing if metric.higher_is_better else -each.standing
