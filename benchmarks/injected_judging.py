"""Right and wrong of every rule on injected faults: `python benchmarks/injected_judging.py [--held-out] [--seeds N] [--jobs N]`.

A fault is found when the first finding of warning or worse names its cause at the severity of the contract (faults that merit advice
only: when nothing worse is said and the advice is there). A finding is wrong where neither it nor what it follows from was injected.
Healthy trainings are alarmed by any finding of warning or worse. A faulty training counts under a seed where it lost something, too.
Intervals: 95 %, drawn over data sets with all their programs, since programs on the same data are alike. Held-out programs (whole
data sets) are for quoting; figures on the others are printed as `tuned`.
Rivals are re-implemented on what our runs record (benchmarks/rivals); they have no severities, so that none is held against them, and
a word of theirs is right if any of the causes it may mean is.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from injected import SEEDS, Cache, Case, Control, cases, controls, score, truth_of
from injected.cache import USUAL
from injected.judged import Judged, Said, contract, counted, draws, interval, mean_of_known, share
from injected.truth import LEAST_POINTS
from rivals import RIVALS

from advisor.diagnose import diagnose
from advisor.readers import load
from advisor.run import Run

Judge = Callable[[Run], tuple[Said, ...]]
OURS = "advisor"
NAMES = {False: "development programs (tuned)", True: "held-out programs"}
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def ours(run: Run) -> tuple[Said, ...]:
    return tuple(Said((finding.rule,), finding.severity, finding.confidence) for finding in diagnose(run).findings)


def of_rival(name: str) -> Judge:
    def judge(run: Run) -> tuple[Said, ...]:
        with np.errstate(all="ignore"):
            return tuple(Said(word.means, contract(word.means[0])) for word in RIVALS[name](run))

    return judge


JUDGES: dict[str, Judge] = {OURS: ours, **{name: of_rival(name) for name in RIVALS}}


def judged(cache: Cache, parts: Sequence[Case | Control], judges: dict[str, Judge], seeds: Sequence[int]) -> dict[str, list[Judged]]:
    """What every judge says of every training under some seeds, by judge."""
    table: dict[str, list[Judged]] = {name: [] for name in judges}
    for part in parts:
        for seed, folder in trainings(cache, part, seeds):
            run = load(folder)
            case = part if isinstance(part, Case) else None
            for name, judge in judges.items():
                table[name].append(Judged(part.data, part.name, seed, part.is_held_out, case, judge(run)))
    return table


def trainings(cache: Cache, part: Case | Control, seeds: Sequence[int]) -> Iterator[tuple[int, Path]]:
    """The trainings of a case or control that count, with their seeds."""
    for seed in seeds:
        folder = part.record(cache, seed) if isinstance(part, Control) else cache.run(part.tree(seed))
        if isinstance(part, Control) or _shows(part, folder):
            yield seed, folder


def _shows(case: Case, folder: Path) -> bool:
    """Whether the fault cost something under this seed, too: some are lucky."""
    return case.fault.by == "loss" or truth_of(case).healthy - score(folder) >= LEAST_POINTS


def of_side(table: Iterable[Judged], held_out: bool) -> list[Judged]:
    return [each for each in table if each.is_held_out is held_out]


def by_rule(table: Sequence[Judged], title: str) -> None:
    """Prints one line a rule."""
    counts = counted(table)
    f1, drawn = counts.f1(), [counts.f1(weights) for weights in draws(len(counts.data))]
    print(f"\n{title}\n{'rule':28}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>11}{'recall':>8}{'F1':>6}   95 % of F1")
    for i, rule in enumerate(counts.rules):
        right, wrong, missed = counts.table.sum(axis=0)[i]
        precision = right / (right + wrong) if right + wrong else float("nan")
        recall = right / (right + missed) if right + missed else float("nan")
        low, high = interval(row[i] for row in drawn)
        print(f"{rule:28}{right:6.0f}{wrong:6.0f}{missed:7.0f}{precision:11.2f}{recall:8.2f}{f1[i]:6.2f}   {low:.2f} to {high:.2f}")
    low, high = interval(mean_of_known(row) for row in drawn)
    print(f"macro F1 over the {np.isfinite(f1).sum()} rules with positives: {counts.macro():.2f} (95 %: {low:.2f} to {high:.2f})")


def beside(table: dict[str, list[Judged]], held_out: bool) -> None:
    """Prints one line a judge."""
    title = NAMES[held_out]
    heads = ("macro F1", "95 %", "cause first", "95 %", "faulty alarmed", "healthy alarmed", "95 %")
    print(f"\n{title}\n{'judge':20}" + "".join(f"{head:>15}" for head in heads))
    for name, whole in table.items():
        side = of_side(whole, held_out)
        counts, faulty = counted(side), [each for each in side if each.case]
        sound = [each for each in side if not each.case]
        low, high = interval(counts.macro(weights) for weights in draws(len(counts.data)))
        first = share(faulty, [each.is_right for each in faulty])
        alarmed, false = share(faulty, [bool(each.alarms) for each in faulty]), share(sound, [bool(each.alarms) for each in sound])
        columns = (f"{counts.macro():.2f}", _range(low, high), *_shares(first), f"{alarmed[0]:.1%}", *_shares(false))
        print(f"{name:20}" + "".join(f"{text:>15}" for text in columns))


def _shares(found: tuple[float, float, float]) -> tuple[str, str]:
    return f"{found[0]:.1%}", f"{found[1]:.0%} to {found[2]:.0%}"


def _range(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f}"


def reliability(table: Sequence[Judged], title: str) -> None:
    """Prints how often alarms of a confidence are true: the cause, or what follows from it."""
    told = [(said.confidence, each.is_true(said)) for each in table for said in each.alarms]
    print(f"\n{title}\n{'confidence':14}{'alarms':>7}{'true':>8}{'mean given':>12}")
    for low, high in pairwise(BINS):
        inside = [entry for entry in told if low <= entry[0] < high]
        if inside:
            right, given = (float(np.mean([entry[i] for entry in inside])) for i in (1, 0))
            print(f"{low:.1f} to {min(high, 1.0):.1f}    {len(inside):7}{right:8.1%}{given:12.2f}")


def details(table: Sequence[Judged]) -> None:
    """Prints every development training that ours got wrong."""
    for each in of_side(table, held_out=False):
        if each.case and each.is_right and not each.wrong:
            continue
        if each.case is None and not each.alarms:
            continue
        wanted = f"{', '.join(each.case.right)}; {truth_of(each.case).severity}" if each.case else "healthy"
        said = ", ".join(f"{said.rule}:{said.severity}{'' if each.is_true(said) else ' (wrong)'}" for said in each.said) or "nothing"
        print(f"{each.name} seed {each.seed}  wanted {wanted}  got {said}")


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--cache", type=Path, default=USUAL, help=f"folder of finished trainings ({USUAL})")
    options.add_argument("--jobs", type=int, default=1, help="trainings at once, one thread each (1)")
    options.add_argument("--limit", type=int, help="judge so many faults and healthy trainings, a part of each kind")
    options.add_argument("--held-out", action="store_true", help="judge held-out programs alone")
    options.add_argument("--seeds", type=int, default=len(SEEDS), choices=range(1, len(SEEDS) + 1), help=f"of each training ({len(SEEDS)})")
    options.add_argument("--any-code", action="store_true", help="take trainings that older code has done")
    options.add_argument("--no-rivals", action="store_true", help="judge by our own rules alone")
    options.add_argument("--verbose", action="store_true", help="list what was wrong on development programs")
    chosen = options.parse_args()
    began, cache = time.process_time(), Cache(chosen.cache, chosen.jobs, is_strict=not chosen.any_code)
    side, seeds = True if chosen.held_out else None, SEEDS[: chosen.seeds]
    parts = (*cases(held_out=side, limit=chosen.limit), *controls(held_out=side, limit=chosen.limit))
    cache.prepare(part.tree(seed) for part in parts if isinstance(part, Case) for seed in seeds)
    table = judged(cache, parts, {OURS: ours} if chosen.no_rivals else JUDGES, seeds)
    seconds = time.process_time() - began
    if chosen.verbose:
        details(table[OURS])
    report(table, parts, (True,) if chosen.held_out else (False, True), len(seeds))
    own = seconds - cache.spent * (chosen.jobs == 1)
    print(f"\nprocessor time: {cache.spent:.0f} s of training now, {cache.saved:.0f} s found done, {own:.0f} s of judging")


def report(table: dict[str, list[Judged]], parts: Sequence[Case | Control], sides: Sequence[bool], seeds: int) -> None:
    """Prints the split, the tables and the reliability of each side."""
    for held_out in sides:
        faults = [part for part in parts if isinstance(part, Case) and part.is_held_out is held_out]
        sound = [part for part in parts if isinstance(part, Control) and part.is_held_out is held_out]
        programs = ", ".join(dict.fromkeys(case.program.name for case in faults))
        mild = sum(truth_of(case).severity in {"mild", "loss"} for case in faults)
        amounts = f"{len(faults)} faults ({mild} of 3 to 15 points, or of the loss alone), {len(sound)} healthy"
        print(f"{NAMES[held_out]}: {amounts}, {seeds} seeds of each; {programs}")
    for held_out in sides:
        by_rule(of_side(table[OURS], held_out), f"{OURS}, {NAMES[held_out]}")
    for held_out in sides:
        beside(table, held_out)
    for held_out in sides:
        reliability(of_side(table[OURS], held_out), f"Reliability, {NAMES[held_out]}")


if __name__ == "__main__":
    main()
