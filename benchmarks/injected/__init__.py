"""Faults injected into small trainings, and healthy ones that look sick: one generator for judging and for curing.

    from injected import BASE, SEEDS, Cache, cases, controls, truth_of

    cache = Cache(Path("/where/trainings/are/kept"), jobs=1)
    for case in cases(curable=True, held_out=False, limit=40):
        folder = cache.run(case.tree(seed=0))            # the run folder of the faulty Config: read it with advisor.readers.load
        twin = cache.run(case.healthy(seed=0))           # the same Config without the fault
        case.name, case.expected, case.right, case.companions, truth_of(case).cost

A Config's relative paths start from `BASE` (`advisor.config.parse(tree, BASE)`). The test part (30 %) is for the figures alone: nothing
that diagnoses or cures may look at it; `score(folder)` gives its points. `cases()` are the faults that count, as truth.csv has it (see
`injected.truth`); programs whose data are in `HELD_OUT` are for figures that are quoted, the others may be tuned on.
A run folder in the cache is shared: copy it before writing beside it (`shutil.copytree`); paths in its config.toml are full ones.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from injected.cache import Cache
from injected.case import Case, candidates
from injected.controls import Control
from injected.controls import controls as all_controls
from injected.programs import BASE, HELD_OUT, PROGRAMS, SEEDS, Program
from injected.truth import Truth, known, score, test_loss


def truth_of(case: Case) -> Truth:
    """What taking the fault out changes on the test part, as measured."""
    return known()[case.name]


def cases(*, curable: bool = False, held_out: bool | None = None, limit: int | None = None) -> tuple[Case, ...]:
    """The faults that count: all, or those that an allowed edit can take out, of one side of the split; `limit` takes a stratified part."""
    counting = [case for case in candidates() if case.name in known() and truth_of(case).counts]
    kept = [case for case in _without_many_gross(counting) if not curable or _is_to_be_cured(case)]
    return _limited([case for case in kept if held_out in (None, case.is_held_out)], limit)


def _without_many_gross(counting: Iterable[Case]) -> Iterator[Case]:
    """In each program one gross strength of a fault and two gross faults of a family at most: a third of all are to be hard to see."""
    seen: Counter[tuple[str, str]] = Counter()
    for case in counting:
        fault, family = (case.program.name, case.fault.name), (case.program.name, case.fault.family)
        if truth_of(case).severity != "gross":
            yield case
        elif not seen[fault] and seen[family] < 2:
            yield case
            seen.update((fault, family))


def _is_to_be_cured(case: Case) -> bool:
    """Whether an allowed edit takes the fault out and repair can see that: by points, or for learning by heart by the loss."""
    return case.is_curable and (truth_of(case).severity != "loss" or case.expected == "overfitting")


def controls(*, held_out: bool | None = None, limit: int | None = None) -> tuple[Control, ...]:
    """The healthy trainings, of one side of the split; `limit` takes every so manieth."""
    kept = [control for control in all_controls() if held_out in (None, control.is_held_out)]
    return tuple(kept) if limit is None or limit >= len(kept) else tuple(kept[i * len(kept) // limit] for i in range(limit))


def _limited(kept: list[Case], limit: int | None) -> tuple[Case, ...]:
    """`limit` cases, a fault and a side of the split at a time, so that a small part holds some of each."""
    if limit is None or limit >= len(kept):
        return tuple(kept)
    sides = [_by_turns([case for case in kept if case.is_held_out is held_out]) for held_out in (False, True)]
    rounds = [case for pair in zip_longest(*sides) for case in pair if case]
    chosen = {case.name for case in rounds[:limit]}
    return tuple(case for case in kept if case.name in chosen)


def _by_turns(kept: list[Case]) -> list[Case]:
    """One case of every fault, then the next of each."""
    strata: dict[str, list[Case]] = {}
    for case in kept:
        strata.setdefault(case.fault.name, []).append(case)
    return [case for turn in zip_longest(*strata.values()) for case in turn if case]


__all__ = [
    "BASE", "HELD_OUT", "PROGRAMS", "SEEDS", "Cache", "Case", "Control", "Program", "Truth",
    "candidates", "cases", "controls", "score", "test_loss", "truth_of",
]  # fmt: skip
