"""The sentences of a comparison, the same in every format for people."""

import numpy as np

from advisor.compare import Comparison, Contest, Group
from advisor.compare.comparison import rankable
from advisor.compare.differences import only_seeds_differ
from advisor.text import first_of, number, printable

MORE_SEEDS = "To be surer, train each under three seeds (--set train.seed=1, then 2) and compare them all"
CAUSES = {
    "samples": "another validation part of that size could change as much",
    "epochs": "three times what the end of the curves jumps by; what another seed could change is not known",
    "few seeds": "three times what two seeds differ by",
    "seeds": "other seeds could change as much",
}
MORE = {"samples": "More validation samples would tell", "epochs": MORE_SEEDS, "few seeds": MORE_SEEDS, "seeds": "More seeds would tell"}
LEAST = 1e-12  # below it is rounding
HIGHER, LOWER = "higher is better", "lower is better"


def direction(comparison: Comparison) -> str:
    """Which way is better."""
    return HIGHER if comparison.metric.higher_is_better else LOWER


def against(contest: Contest, rival: str = "") -> str:
    """The best and one other in a sentence: `0.974 against 0.969, within the noise of 0.008`."""
    values = f"{_of(contest.best)} against {_of(contest.other)}{rival}"
    if contest.gain == float("inf"):
        return f"{values}, which is no number"
    if not contest.noise:
        return f"{values}; how much of it is chance is not known: neither log shows any noise"
    return f"{values}, {'beyond' if contest.is_beyond_noise else 'within'} the noise of {rough(contest.noise)}"


def rough(noise: float) -> str:
    """A noise with two digits: it is not known to more.

    >>> rough(0.09453), rough(12.3)
    ('0.095', '12')
    """
    return f"{noise:.2g}" if noise > LEAST else "0"


def _of(group: Group) -> str:
    return f"{number(group.value)}{f' (mean of {len(group.runs)} seeds)' if len(group.runs) > 1 else ''}"


def conclusion(comparison: Comparison) -> str:
    """What is known now, in a sentence or two."""
    if comparison.best is None:
        return _no_winner(comparison)
    closest = comparison.contests[0]
    rival = f" of {printable(closest.other.name)}" if len(comparison.contests) > 1 else ""
    standing = "is best" if comparison.is_beyond_noise else "is ahead, which may be chance"
    return f"{printable(comparison.best.name)} {standing}: {against(closest, rival)}"


def _no_winner(comparison: Comparison) -> str:
    values = np.array([group.value for group in comparison.groups])
    if only_seeds_differ(comparison.differences):
        spread = f"{number(float(values.mean()))} ± {rough(float(values.std(ddof=1)))}"
        return f"none: one Config under {len(values)} seeds, {spread}; what differs is chance"
    if not np.isfinite(values).any():
        return "none: no run ended with a number"
    if not rankable(comparison.differences):
        return "none: the runs are not of the same data, so that no result is better than another"
    return f"none: several share the best {printable(comparison.metric.name)}"


def no_difference(comparison: Comparison) -> str:
    """Why no key stands in the table of what differs; of a run without a Config nobody knows what was changed."""
    without = [name for run, name in zip(comparison.runs, comparison.names, strict=True) if not run.config]
    if len(without) == len(comparison.runs):
        return "these logs hold none, so what was changed between the runs is not known"
    if without:
        return f"{first_of(without, 3)} {'holds' if len(without) == 1 else 'hold'} none, so what was changed between the runs is not known"
    return "they do not differ"


def noise_words(comparison: Comparison) -> str:
    """What the noise is, for someone who meets the word for the first time."""
    if not comparison.contests or comparison.contests[0].noise == 0:
        return ""
    contest = comparison.contests[0]
    more = "" if comparison.is_beyond_noise else f". {MORE[contest.cause]}"
    return f"a difference up to {rough(contest.noise)} can be chance: {CAUSES[contest.cause]}{more}"
