"""What a judge said of a recorded training, and whether it was right: the cause first, at the severity of the contract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.findings import Severity
from injected.case import Case
from injected.truth import MILD, known

ERRORS = frozenset({"non-finite-loss", "diverging-loss", "not-learning", "class-collapse"})
INFOS = frozenset({
    "stopped-too-early", "trained-too-long", "noisy-validation", "no-validation", "broken-log",
    "deep-saturating-activation", "oversized-model", "undersized-model", "unusual-learning-rate",  # predictions, once a run is recorded
})  # fmt: skip
EITHER = frozenset({"zero-gradient"})  # error of the whole net, else warning
DRAWS = 1000


@dataclass(frozen=True)
class Said:
    """One finding, or one word of a rival, with what it may mean."""

    means: tuple[str, ...]
    severity: Severity
    confidence: float = 1.0

    @property
    def rule(self) -> str:
        """The rule that it is counted under when it is wrong."""
        return self.means[0]

    @property
    def is_alarm(self) -> bool:
        """Whether it is of warning or worse."""
        return self.severity >= Severity.WARNING


def contract(rule: str) -> Severity:
    """The severity that a rule is to have."""
    return Severity.ERROR if rule in ERRORS else Severity.INFO if rule in INFOS else Severity.WARNING


def is_at_contract(rule: str, severity: Severity) -> bool:
    """Whether a finding weighs what it is to weigh."""
    return severity == contract(rule) or (rule in EITHER and severity == Severity.ERROR)


@dataclass(frozen=True)
class Judged:
    """One training and all that one judge said of it, in its order."""

    data: str  # the data set: the unit that is drawn for intervals
    name: str
    seed: int
    is_held_out: bool
    case: Case | None  # None for a healthy one
    said: tuple[Said, ...]

    @property
    def alarms(self) -> tuple[Said, ...]:
        """What was said with weight."""
        return tuple(said for said in self.said if said.is_alarm)

    @property
    def first(self) -> Said | None:
        """What was said first: of the alarms, or where there is none, advice that names the cause of a fault that merits no more."""
        if self.alarms or self.case is None:
            return self.alarms[0] if self.alarms else None
        return next((said for said in self.said if self._names_cause(said)), None)

    @property
    def is_right(self) -> bool:
        """Whether the first thing said names the cause, at its severity."""
        return self.first is not None and self._names_cause(self.first)

    @property
    def right(self) -> tuple[str, ...]:
        """The rules that name the cause."""
        if self.case is None:
            return ()
        return (*self.case.right, *(self.case.fault.mild if known()[self.case.name].cost <= MILD[1] else ()))

    def _names_cause(self, said: Said) -> bool:
        return any(rule in self.right and is_at_contract(rule, said.severity) for rule in said.means)

    def is_true(self, said: Said) -> bool:
        """Whether something said is so: the cause, or what follows from it; nothing is true of a healthy training."""
        return self.case is not None and any(rule in self.right or rule in self.case.companions for rule in said.means)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The rules under which alarms were wrong, each once."""
        return tuple(dict.fromkeys(said.rule for said in self.alarms if not self.is_true(said)))


@dataclass(frozen=True)
class Counts:
    """Right, wrong and missed by rule, for each data set."""

    data: tuple[str, ...]
    rules: tuple[str, ...]
    table: np.ndarray  # (data sets, rules, 3): right, wrong, missed

    def f1(self, weights: np.ndarray | None = None) -> np.ndarray:  # (rules,)
        """F1 of every rule over data sets drawn so many times; nan for a rule without positives."""
        whole = np.ones(len(self.data)) if weights is None else weights
        right, wrong, missed = np.tensordot(whole, self.table, axes=1).T
        with np.errstate(all="ignore"):
            return np.where(right + missed > 0, 2 * right / (2 * right + wrong + missed), np.nan)

    def macro(self, weights: np.ndarray | None = None) -> float:
        """Mean F1 over the rules that have positives."""
        return mean_of_known(self.f1(weights))


def mean_of_known(values: np.ndarray) -> float:
    """The mean without nan; nan where nothing else is there."""
    known_ones = values[np.isfinite(values)]
    return float(known_ones.mean()) if known_ones.size else float("nan")


def counted(judged: Sequence[Judged]) -> Counts:
    """The counts of one judge: a rule is right or missed on cases that are counted under it, and wrong wherever it is untrue."""
    data = tuple(sorted({each.data for each in judged}))
    rules = tuple(sorted({each.case.expected for each in judged if each.case} | {rule for each in judged for rule in each.wrong}))
    table = np.zeros((len(data), len(rules), 3))
    for each in judged:
        row = table[data.index(each.data)]
        if each.case:
            row[rules.index(each.case.expected), 0 if each.is_right else 2] += 1
        for rule in each.wrong:
            row[rules.index(rule), 1] += 1
    return Counts(data, rules, table)


def draws(sets: int) -> np.ndarray:  # (DRAWS, sets)
    """How often each data set is drawn, `DRAWS` times over."""
    return np.random.default_rng(0).multinomial(sets, np.full(sets, 1 / sets), size=DRAWS)


def interval(drawn: Iterable[float]) -> tuple[float, float]:
    """The middle 95 %."""
    known = [value for value in drawn if np.isfinite(value)]
    low, high = np.quantile(known, [0.025, 0.975]) if known else (np.nan, np.nan)
    return float(low), float(high)


def share(judged: Sequence[Judged], marks: Sequence[bool]) -> tuple[float, float, float]:
    """How many of some trainings are marked, with the interval over data sets."""
    data = sorted({each.data for each in judged})
    if not data:
        return (float("nan"),) * 3
    sums = np.zeros((len(data), 2))
    for each, mark in zip(judged, marks, strict=True):
        sums[data.index(each.data)] += (mark, 1)
    drawn = draws(len(data)) @ sums
    with np.errstate(all="ignore"):
        return (float(sums[:, 0].sum() / max(1, sums[:, 1].sum())), *interval(drawn[:, 0] / drawn[:, 1]))
