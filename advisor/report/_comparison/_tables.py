"""The tables of a comparison as plain cells: results by group, and what differs in the Configs."""

from collections.abc import Sequence
from typing import Any

from advisor.compare import Comparison, Difference, Group
from advisor.report._comparison._words import rough
from advisor.text import number, printable

ABSENT = "–"


def result_titles(comparison: Comparison) -> list[str]:
    """The heads of the columns of `result_cells`."""
    return ["", "run", printable(comparison.metric.name), "epoch", "behind", "noise", ""]


def result_cells(comparison: Comparison) -> list[list[str]]:
    """A row a group: number, name, value, epoch of the result, how far behind the best, what chance can do, and the Verdict."""
    return [
        [str(nth), printable(group.name), *_figures(group), *_standing(comparison, group)] for nth, group in enumerate(comparison.groups, 1)
    ]


def _figures(group: Group) -> list[str]:
    epochs = dict.fromkeys(result.epoch for result in group.results)
    spread = f" ± {rough(group.seeds)}" if len(group.runs) > 1 else ""
    return [f"{number(group.value)}{spread}", ", ".join(ABSENT if epoch is None else str(epoch) for epoch in epochs)]


def _standing(comparison: Comparison, group: Group) -> list[str]:
    contest = next((contest for contest in comparison.contests if contest.other is group), None)
    if contest is None:
        return ["", "", "best" if group is comparison.best else ""]
    verdict = "beyond noise" if contest.is_beyond_noise else "within noise"
    return [number(contest.gain), *([rough(contest.noise), verdict] if contest.noise else ["not known", ""])]


def difference_cells(comparison: Comparison) -> list[list[str]]:
    """A row a key: its path, and its value in each group."""
    return [[printable(one.path), *(_of_group(one, group) for group in comparison.groups)] for one in comparison.differences]


def _of_group(difference: Difference, group: Group) -> str:
    """The group's value; the seeds of a group one after the other."""
    return ", ".join(dict.fromkeys(_shown(difference.values[i]) for i in group.members))


def _shown(value: Any) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_shown, value))}]"
    return printable(str(value)) or '""'
