"""The sentences of a comparison, the same in every format for people."""

from advisor.compare import Comparison, Contest, Group
from advisor.text import number, printable

SOURCES = {
    "samples": "what another validation part of that size could change",
    "epochs": "what the last epochs differ by from one to the next, three times over, as one or two seeds tell little",
    "seeds": "what seeds differ by",
}
HIGHER, LOWER = "higher is better", "lower is better"


def direction(comparison: Comparison) -> str:
    """Which way is better."""
    return HIGHER if comparison.metric.higher_is_better else LOWER


def against(contest: Contest) -> str:
    """The best and one other in a sentence: `0.974 against 0.969: within the noise of 0.008`."""
    values = f"{_of(contest.best)} against {_of(contest.other)}"
    if contest.gain == float("inf"):
        return f"{values}: the other ended without a number"
    beyond = "beyond" if contest.is_beyond_noise else "within"
    return f"{values}: {beyond} the noise of {number(contest.noise)}" if contest.noise else f"{values}: no noise was seen in either"


def _of(group: Group) -> str:
    return f"{number(group.value)}{f' (mean of {len(group.runs)} seeds)' if len(group.runs) > 1 else ''}"


def conclusion(comparison: Comparison) -> str:
    """What is known now, in a sentence or two."""
    best = comparison.best
    if best is None:
        return _no_winner(comparison)
    closest = comparison.contests[0]
    rival = f" of {printable(closest.other.name)}" if len(comparison.contests) > 1 else ""
    name = printable(best.name)
    said = against(closest).replace(":", f"{rival}:", 1) if rival else against(closest)
    if comparison.is_beyond_noise:
        return f"{name} is best: {said}"
    return f"{name} is ahead, but that may be chance: {said}"


def _no_winner(comparison: Comparison) -> str:
    values = [group.value for group in comparison.groups]
    if len(values) == 1:
        return f"one Config under {len(comparison.runs)} seeds: {number(values[0])} ± {number(comparison.groups[0].seeds)} over the seeds"
    if not any(value == value and abs(value) != float("inf") for value in values):
        return "none: no run ended with a number"
    if len(set(values)) < len(values):
        return f"none: several share the best {comparison.metric.name}"
    return "none: the runs are not of the same data, so that no result is better than another"


def noise_words(comparison: Comparison) -> str:
    """What the noise is, for someone who meets the word for the first time."""
    if not comparison.contests or comparison.contests[0].noise == 0:
        return ""
    contest = comparison.contests[0]
    few = "" if contest.best.has_enough_seeds and contest.other.has_enough_seeds else FEW_SEEDS
    return f"a difference up to {number(contest.noise)} can be chance: {SOURCES[contest.source]}{few}"


FEW_SEEDS = ". To be surer, train each under three seeds (--set train.seed=1, then 2) and compare them all"
