"""Faults that a fix can cure: how many `advisor fix` truly mends, beside other ways at the same budget.

`python benchmarks/curing.py [--held-out] [--limit N] [--methods ours,recipe] [--details]` breaks healthy trainings
(benchmarks/injected), lets each method mend them within six trainings, and compares what it hands back with the same Config without
the fault, on a test part that nothing chose by. Results are kept, so that the same command goes on where it was
stopped. Without --held-out: the programs on which things may be tuned.
"""

import argparse
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from statistics import mean, median

os.environ.setdefault("OMP_NUM_THREADS", "1")

from curers.autotrainer import autotrainer
from curers.base import Broken, Method
from curers.blind import random_fixes, recipe, seeds, sweep
from curers.ours import UNTOUCHED, WORKPLACE, ours
from injected.cache import USUAL, Cache
from injected.case import Case, candidates
from injected.controls import Control, controls
from injected.judged import share
from injected.programs import PROGRAMS, SEEDS
from injected.truth import score, test_loss

import advisor
from advisor.readers import load

METHODS: dict[str, Method] = {
    "ours": ours, "recipe": recipe, "autotrainer": autotrainer, "random": random_fixes, "sweep": sweep, "seeds": seeds,
}  # fmt: skip
POINTS, LOSS = 2.0, 1.05  # how near the healthy twin counts as mended: points of balanced accuracy, or times its loss
COSTS, COSTS_LOSS = 3.0, 1.25  # what a fault has to cost to be one under this seed
HARM = 2.0  # points below the broken run
DATA = {program.name: program.data for program in PROGRAMS}


@dataclass(frozen=True)
class Row:
    """One method on one fault under one seed; scores are points of the test part."""

    method: str
    case: str
    family: str
    seed: int
    by_loss: bool
    healthy: float
    broken: float
    mended: float
    loss_ratio: float  # mended test loss over that of the healthy twin
    claim: str
    trainings: float
    cpu_seconds: float
    detail: str
    seeds: int = 1

    @property
    def data(self) -> str:
        """The data set."""
        return DATA[self.case.partition("/")[0]]

    @property
    def is_mended(self) -> bool:
        """Whether the result is as good as without the fault."""
        return self.loss_ratio <= LOSS if self.by_loss else self.mended >= self.healthy - POINTS

    @property
    def is_harmed(self) -> bool:
        """Whether it ended clearly worse than it began."""
        return self.mended < self.broken - HARM


def chosen(held_out: bool, limit: int) -> list[tuple[Case, int]]:
    """Curable cases with their seeds: each fault in turn, its programs in turn, seeds in rotation; all where `limit` is 0."""
    faults: dict[str, list[Case]] = {}
    for case in candidates():
        if case.is_held_out == held_out and case.is_curable:
            faults.setdefault(case.fault.name, []).append(case)
    spread = [_by_program(cases) for cases in faults.values()]
    ordered = [case for column in zip_longest(*spread) for case in column if case]
    pairs = [(case, SEEDS[(place + turn) % len(SEEDS)]) for turn in range(len(SEEDS)) for place, case in enumerate(ordered)]
    return pairs[: limit or None]


def _by_program(cases: Sequence[Case]) -> list[Case]:
    """The cases of one fault, another program each time as long as there is one."""
    programs: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda each: each.name[::-1]):
        programs.setdefault(case.program.name, []).append(case)
    return [case for column in zip_longest(*programs.values()) for case in column if case]


def judged(case: Case, seed: int, method: str, cache: Cache) -> Row | None:
    """What a method makes of a case; None where the fault costs nothing under this seed."""
    healthy, folder = cache.run(case.healthy(seed)), cache.run(case.tree(seed))
    if not _costs(case, healthy, folder):
        return None
    began = time.process_time()
    mended = METHODS[method](Broken(case.name, case.tree(seed), seed, folder, cache))
    ratio = test_loss(mended.folder) / test_loss(healthy)
    row = Row(
        method, case.name, case.fault.family, seed, _is_by_loss(case) and _has_same_loss(mended.folder, healthy),
        score(healthy), score(folder), score(mended.folder), ratio, mended.claim, mended.trainings, time.process_time() - began,
        mended.detail, mended.seeds,
    )  # fmt: skip
    _cleared(cache)
    return row


def _cleared(cache: Cache) -> None:
    for place in cache.folder.glob(f"{WORKPLACE}*"):
        shutil.rmtree(place, ignore_errors=True)


def _costs(case: Case, healthy: Path, broken: Path) -> bool:
    """Whether the fault costs anything under this seed."""
    in_points = score(healthy) - score(broken) >= COSTS
    return in_points or (case.fault.by == "loss" and test_loss(broken) >= COSTS_LOSS * test_loss(healthy))


def _is_by_loss(case: Case) -> bool:
    return case.fault.by == "loss" or case.program.is_regression


def _has_same_loss(mended: Path, healthy: Path) -> bool:
    return load(mended).facts.get("loss") == load(healthy).facts.get("loss")


class Kept:
    """Rows that were found before, one a line; what `advisor fix` made of a case with other code does not count."""

    def __init__(self, file: Path, tag: str) -> None:
        self.file, self.tag = file, tag
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        known = [json.loads(line) for line in lines if line.endswith("}")]
        self.rows = {tuple(each["key"]): each["row"] for each in known}

    def row(self, case: Case, seed: int, method: str, cache: Cache) -> Row | None:
        """The row of a case, found now unless it was before."""
        key = (self.tag if method == "ours" else "", method, case.name, seed)
        if key not in self.rows:
            row = judged(case, seed, method, cache)
            self.rows[key] = asdict(row) if row else None
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "row": self.rows[key]}) + "\n")
        found = self.rows[key]
        return Row(**found) if found else None


def table(rows: Sequence[Row]) -> Iterator[str]:
    """One line a method."""
    yield "method       faults  mended called cured  false   harm   gain       trainings  CPU s"
    for method in dict.fromkeys(row.method for row in rows):
        own = [row for row in rows if row.method == method]
        cured = [row for row in own if row.claim == "cured"]
        spent = f"{median(row.trainings for row in own):.1f} ({mean(row.trainings for row in own):.1f} mean)"
        yield (
            f"{method:12} {len(own):6} {_share(own, 'is_mended'):>7} {len(cured):12} {1 - _part(cured, 'is_mended'):6.1%} "
            f"{_share(own, 'is_harmed'):>6} {mean(row.mended - row.broken for row in own):6.1f} {spent:>15} "
            f"{sum(row.cpu_seconds for row in own):6.0f}"
        )


def how_sure(rows: Sequence[Row]) -> Iterator[str]:
    """How far other data sets might change the shares of the table, programs on the same data being alike."""
    for method in dict.fromkeys(row.method for row in rows):
        own = [row for row in rows if row.method == method]
        cured = [row for row in own if row.claim == "cured"]
        _, *mended = share(own, [row.is_mended for row in own])
        _, *false = share(cured, [not row.is_mended for row in cured])
        sets = len({row.data for row in own})
        yield f"{method}: 95 %, drawn over {sets} data sets: mended {_range(*mended)}, called cured and fell short {_range(*false)}"


def _range(low: float, high: float) -> str:
    return f"{low:.0%} to {high:.0%}"


def _part(rows: Sequence[Row], name: str) -> float:
    return mean(getattr(row, name) for row in rows) if rows else 1.0


def _share(rows: Sequence[Row], name: str) -> str:
    return f"{_part(rows, name):.1%}"


def families(rows: Sequence[Row]) -> Iterator[str]:
    """Truly mended by kind of fault, for each method."""
    methods = list(dict.fromkeys(row.method for row in rows))
    yield f"{'fault':26} {'n':>4} " + " ".join(f"{method:>11}" for method in methods)
    for fault in sorted({row.case.split("/")[1] for row in rows}):
        own = [[row for row in rows if row.case.split("/")[1] == fault and row.method == method] for method in methods]
        yield f"{fault:26} {len(own[0]):4} " + " ".join(f"{_share(part, 'is_mended'):>11}" for part in own)


def one_seed(rows: Sequence[Row]) -> Iterator[str]:
    """What is spent where one seed decides: further ones are asked where the gain is small beside the noise."""
    for method in dict.fromkeys(row.method for row in rows):
        own = [row.trainings for row in rows if row.method == method and row.seeds <= 1]
        if own:
            yield f"{method}: {median(own):.1f} trainings (median) in the {len(own)} where one seed decided"


def fall_short(held_out: bool, limit: int, cache: Cache) -> str:
    """How often the healthy twin itself, under another seed, would not count as mended: what no method can be better than by much."""
    short = []
    for case, seed in chosen(held_out, limit):
        healthy, broken = cache.run(case.healthy(seed)), cache.run(case.tree(seed))
        if not _costs(case, healthy, broken):
            continue
        for other in (cache.run(case.healthy(each)) for each in SEEDS if each != seed):
            is_short = test_loss(other) > LOSS * test_loss(healthy) if _is_by_loss(case) else score(other) < score(healthy) - POINTS
            short.append(is_short)
    return f"healthy twins under another seed that fall as short: {mean(short):.1%} of {len(short)}"


def _code() -> str:
    """A digest of all of advisor's sources."""
    files = sorted(Path(advisor.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]


def left_alone(held_out: bool, cache: Cache, limit: int) -> Iterator[str]:
    """How many healthy trainings `advisor fix` does not touch, and what it does to the others."""
    sound: list[Control] = [each for each in controls() if each.is_held_out == held_out and not each.loop][: limit or None]
    results = [(each, each.record(cache), ours(Broken(each.name, each.tree(cache), 0, each.record(cache), cache))) for each in sound]
    touched = [result for result in results if result[2].detail != UNTOUCHED]
    yield f"healthy trainings left alone: {len(sound) - len(touched)} of {len(sound)}"
    for each, folder, mended in touched:
        yield f"  {each.name}: {score(folder):.1f} -> {score(mended.folder):.1f} points, {mended.claim}; {mended.detail}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", action="store_true", help="the programs on which nothing was tuned")
    parser.add_argument("--limit", type=int, default=40, help="cases, spread over all kinds of fault; 0: all, under three seeds")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--controls", type=int, default=0, metavar="N", help="also as many healthy trainings")
    parser.add_argument("--tag", default="", help="a name under which results are kept, in place of the code's own digest")
    parser.add_argument("--details", action="store_true", help="a line for each case")
    parser.add_argument("--cache", type=Path, default=USUAL.with_name("curing"))
    given = parser.parse_args()
    cache = Cache(given.cache, is_strict=False)
    cache.folder.mkdir(parents=True, exist_ok=True)
    began, kept, rows = time.process_time(), Kept(cache.folder / "results.jsonl", given.tag or _code()), []
    for case, seed in chosen(given.held_out, given.limit):
        for method in given.methods.split(","):
            if row := kept.row(case, seed, method, cache):
                rows.append(row)
                if given.details:
                    sign = "+" if row.is_mended else "-"
                    print(f"{sign} {row.case} {row.seed} {method}: {row.broken:.1f} -> {row.mended:.1f} of {row.healthy:.1f}, "
                          f"{row.loss_ratio:.2f}x, {row.claim}, {row.trainings:.1f}; {row.detail}", flush=True)  # fmt: skip
    others = fall_short(given.held_out, given.limit, cache)
    print("\n".join([*table(rows), "", *how_sure(rows), *one_seed(rows), others, "", *families(rows)]))
    if given.controls:
        print("\n".join(left_alone(given.held_out, cache, given.controls)))
        _cleared(cache)
    print(f"processor seconds now: {time.process_time() - began:.0f}")


if __name__ == "__main__":
    main()
