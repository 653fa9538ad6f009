"""What is said of logs while they grow: `python benchmarks/growing.py FOLDER... [--parts N] [--verbose]`.

Each log is judged after every tenth of it, as a run under way. Counted are warnings on the way of healthy logs, and rules that flicker:
they warn, take it back and warn again. A FOLDER holds logs with a MANIFEST.csv of their labels, or run folders, of which those named
`healthy...` are.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from advisor.diagnose import diagnose
from advisor.errors import AdvisorError
from advisor.findings import Severity
from advisor.readers import load_all
from advisor.run import Run, Series

PARTS = 10


def until(run: Run, share: float) -> Run:
    """The run as it was after a share of it: of its epochs where each value has one, else of the lines of its log."""
    every = [*run.series.values(), *run.step_series.values()]
    by_epoch = all(np.isfinite(one.epochs).all() for one in every)
    last = max((float((one.epochs if by_epoch else one.places).max()) for one in every if len(one)), default=0.0)

    def cut(one: Series) -> Series:
        return one.take((one.epochs if by_epoch else one.places) <= share * last)

    layers = run.layers.until(share * last) if run.layers is not None and by_epoch else None
    series = {role: cut(one) for role, one in run.series.items()}
    steps = {role: cut(one) for role, one in run.step_series.items()}
    return replace(run, series=series, step_series=steps, layers=layers, about={**run.about, "status": "running"})


def warned(run: Run) -> frozenset[str]:
    return frozenset(finding.rule for finding in diagnose(run).findings if finding.severity >= Severity.WARNING)


def flickers(said: list[frozenset[str]]) -> Counter[str]:
    """How often each rule came back after it had been taken back.

    >>> flickers([frozenset({"a"}), frozenset(), frozenset({"a"})])
    Counter({'a': 1})
    """
    came: Counter[str] = Counter()
    for before, now in zip([frozenset[str](), *said], said, strict=False):
        came.update(now - before)
    return Counter({rule: times - 1 for rule, times in came.items() if times > 1})


def logs(folder: Path) -> Iterator[tuple[str, bool, Run]]:
    """Each run of a folder with its name, and whether it is healthy."""
    manifest = folder / "MANIFEST.csv"
    if manifest.is_file():
        with manifest.open(encoding="utf-8", newline="") as rows:
            named = [(row["file"], "healthy" in row["labels"].split(";")) for row in csv.DictReader(rows)]
    else:
        named = [(path.parent.name, path.parent.name.startswith("healthy")) for path in sorted(folder.glob("*/run.csv"))]
    for name, is_healthy in named:
        try:
            yield from ((name, is_healthy, run) for run in load_all(folder / name))
        except AdvisorError:
            continue


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--parts", type=int, default=PARTS, help=f"prefixes of each log ({PARTS})")
    options.add_argument("--verbose", action="store_true", help="list the logs")
    chosen = options.parse_args()
    shares = [part / chosen.parts for part in range(1, chosen.parts + 1)]
    runs, sound, alarmed = 0, 0, 0
    unsteady, false = Counter[str](), Counter[str]()
    for name, is_healthy, run in (entry for folder in chosen.folders for entry in logs(folder)):
        said = [warned(until(run, share)) for share in shares]
        came_back, wrong = flickers(said), Counter(rule for rules in said for rule in rules) if is_healthy else Counter[str]()
        runs, sound, alarmed = runs + 1, sound + is_healthy, alarmed + bool(wrong)
        unsteady.update(came_back)
        false.update(wrong)
        if chosen.verbose and (came_back or wrong):
            told = " | ".join(",".join(sorted(rules)) or "-" for rules in said)
            print(f"{name}{' (healthy)' if is_healthy else ''}: {told}")
    print(f"{runs} runs, {chosen.parts} prefixes of each; {sound} healthy runs, {alarmed} of them alarmed at some prefix")
    print(
        f"alarms on healthy prefixes: {false.total()} of {sound * chosen.parts}",
        *(f"{rule} {n}" for rule, n in false.most_common()),
        sep="  ",
    )
    print(
        f"rules that came back after they were taken back: {unsteady.total()}",
        *(f"{rule} {n}" for rule, n in unsteady.most_common()),
        sep="  ",
    )


if __name__ == "__main__":
    main()
