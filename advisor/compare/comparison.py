"""Which of several runs is best, and whether that is beyond what chance alone could do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from advisor.compare.differences import Difference, differences, exam_differs, only_seeds_differ
from advisor.compare.groups import Group, grouped
from advisor.compare.metrics import Metric, deciding, loss_functions
from advisor.compare.results import Result, result_of
from advisor.errors import AdvisorError
from advisor.outcome import SCHEMA, shown
from advisor.run import Run

# Standard deviations that a difference must exceed. Fewer than three seeds tell nothing of the spread over seeds, hence the margin.
FEW_SEEDS_UNITS = 3.0
UNITS = 2.0
Cause = Literal["seeds", "few seeds", "epochs", "samples"]
OTHER_EXAM = ("data.source", "data.target", "data.task")


@dataclass(frozen=True)
class Contest:
    """The best against one other: by how much it is better, and how much chance alone could do."""

    best: Group
    other: Group
    gain: float  # positive where the best is better
    noise: float  # the gain that is needed; 0 where nothing is known of it
    cause: Cause  # of the largest part of the noise

    @property
    def is_beyond_noise(self) -> bool:
        """Whether the best is better by more than chance; where nothing is known of chance, only if the other ended without a number."""
        return self.gain > self.noise > 0 or math.isinf(self.gain)


@dataclass(frozen=True, eq=False)
class Comparison:
    """All that is said about several runs."""

    runs: tuple[Run, ...]
    names: tuple[str, ...]  # (runs,) different from each other
    results: tuple[Result, ...]  # (runs,)
    metric: Metric
    groups: tuple[Group, ...]
    best: Group | None  # None where no run is ahead, or where they cannot be ranked
    contests: tuple[Contest, ...]  # the best against each other group: those within noise first, then by their gain
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    @property
    def is_beyond_noise(self) -> bool:
        """Whether the best is better than every other by more than chance."""
        return bool(self.contests) and all(contest.is_beyond_noise for contest in self.contests)

    @property
    def best_run(self) -> Run | None:
        """The best run of the best Config."""
        if self.best is None:
            return None
        pairs = list(zip(self.best.runs, self.best.results, strict=True))
        return max(pairs, key=lambda pair: self.metric.gain(pair[1].value, 0.0))[0]

    def document(self) -> dict[str, Any]:
        """The JSON document of section "Report" in the documentation."""
        return {
            "schema": SCHEMA,
            "runs": [self._entry(i) for i in range(len(self.runs))],
            "config_diff": [{"path": one.path, "values": list(one.values)} for one in self.differences],
            "metric": self.metric.name,
            "best": shown(self.best_run.path) if self.best_run else None,
            "beyond_noise": self.is_beyond_noise,
        }

    def _entry(self, i: int) -> dict[str, Any]:
        run, result = self.runs[i], self.results[i]
        return {
            "path": shown(run.path), "name": self.names[i], "format": run.format, "epochs": run.epochs, "steps": run.steps,
            "value": result.value, "epoch": result.epoch, "late_spread": result.late, "sampling_error": result.sampling,
        }  # fmt: skip


def compare(runs: Sequence[Run]) -> Comparison:
    """Two runs or more beside each other; raises AdvisorError where there are fewer or where they have no figure in common."""
    if len(runs) < 2:
        raise AdvisorError(
            f"found {len(runs) or 'no'} run{'s' * (not runs)}, expected two or more to compare; name their folders or log files"
        )
    metric = deciding(runs)
    names, results = own_names(runs), [result_of(run, metric) for run in runs]
    groups, found = grouped(runs, names, results), differences(runs)
    best = _ahead(groups, metric) if rankable(found) else None
    contests = sorted((_contest(best, other, metric) for other in groups if other is not best), key=_closeness) if best else []
    return Comparison(
        tuple(runs), tuple(names), tuple(results), metric, tuple(groups), best, tuple(contests), found, tuple(_notes(runs, found))
    )


def own_names(runs: Sequence[Run]) -> list[str]:
    """What to call each run: its name; where another has that too, its file's, else its path."""
    files, paths = ([of(run.path) for run in runs] for of in (lambda path: path.name, shown))
    full = [f"{path} {run.name}" for path, run in zip(paths, runs, strict=True)]
    kinds = ([run.name for run in runs], files, paths, full)
    return [next((names[i] for names in kinds if names.count(names[i]) == 1), full[i]) for i in range(len(runs))]


def rankable(found: Sequence[Difference]) -> bool:
    """Whether the runs are of one task, and of more than one Config: results on other data, or by another seed, are no better or worse."""
    return not only_seeds_differ(found) and not any(one.path in OTHER_EXAM and None not in one.values for one in found)


def _ahead(groups: Sequence[Group], metric: Metric) -> Group | None:
    """The group with the best value; None where two share it or where none has one."""
    best = max(groups, key=lambda group: (math.isfinite(group.value), metric.gain(group.value, 0.0)))
    ties = any(metric.gain(best.value, other.value) == 0 for other in groups if other is not best)
    return None if ties or not math.isfinite(best.value) else best


def _contest(best: Group, other: Group, metric: Metric) -> Contest:
    noise, cause = _noise(best, other)
    return Contest(best, other, metric.gain(best.value, other.value), noise, cause)


def _closeness(contest: Contest) -> tuple[bool, float]:
    """Rivals within noise first, then whose figure is next: the one that a reader would ask about."""
    return contest.is_beyond_noise, contest.gain


def _noise(one: Group, other: Group) -> tuple[float, Cause]:
    """How far two results may be apart by chance, and the largest cause of it.

    The variance of a difference is the sum of both variances. Seeds average out, by √n; a validation part that all share does not.
    """
    parts: dict[Cause, float] = {}
    if one.has_enough_seeds and other.has_enough_seeds:
        parts["seeds"] = UNITS * math.hypot(one.seeds / math.sqrt(len(one.runs)), other.seeds / math.sqrt(len(other.runs)))
    else:
        cause: Cause = "few seeds" if max(one.seeds, other.seeds) > max(one.late, other.late) else "epochs"
        parts[cause] = FEW_SEEDS_UNITS * math.hypot(max(one.late, one.seeds), max(other.late, other.seeds))
    if one.sampling is not None and other.sampling is not None:
        parts["samples"] = UNITS * math.hypot(one.sampling, other.sampling)
    largest = max(parts, key=lambda name: parts[name])
    return parts[largest], largest


def _notes(runs: Sequence[Run], found: Sequence[Difference]) -> list[str]:
    notes = []
    if changed := exam_differs(found):
        notes.append(f"not measured on the same validation part: {', '.join(changed)} differ{'s' * (len(changed) == 1)}")
    if len(losses := loss_functions(runs)) > 1:
        notes.append(f"their loss functions differ ({', '.join(losses)}), so that their losses do not compare")
    return notes
