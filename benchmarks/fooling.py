"""Alarms on healthy logs that are easily taken for sick: `python benchmarks/fooling.py [--seeds N] [--family NAME] [--verbose]`.

Each family draws made-up logs of one trap: numbers as a CSV holds them, judged as `advisor diagnose` judges a file. Nothing in them is
wrong, so every finding of warning or worse is an alarm. The rules were mended on draws of seeds below 1000, which are printed as `tuned`;
others (--first 1000) are fresh draws of the same kinds.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from traps import FAMILIES as CURVES
from traps import Columns, Draw
from traps_of_objectives import OBJECTIVES

from advisor.diagnose import diagnose
from advisor.errors import AdvisorError
from advisor.findings import Finding, Severity
from advisor.readers import load_all

FAMILIES = CURVES | OBJECTIVES
TUNED = 1000  # from this seed on, draws that the rules were not mended on
SEEDS = 20


def said(columns: Columns, folder: Path) -> list[Finding]:
    """What is said of a log with these columns; nothing where it is refused for want of a loss."""
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join("" if np.isnan(cell) else f"{cell:.6g}" for cell in row) for row in rows)]
    path = folder / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        return [finding for run in load_all(path) for finding in diagnose(run).findings]
    except AdvisorError:
        return []


def alarms(draw: Draw, seeds: Iterable[int], folder: Path) -> dict[int, list[Finding]]:
    """The findings of warning or worse by seed, for the seeds that have any."""
    found = {seed: said(draw(np.random.default_rng(seed)), folder) for seed in seeds}
    loud = {seed: [one for one in findings if one.severity >= Severity.WARNING] for seed, findings in found.items()}
    return {seed: findings for seed, findings in loud.items() if findings}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--seeds", type=int, default=SEEDS, help=f"logs of each family ({SEEDS})")
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--family", choices=FAMILIES, action="append", help="only this one; may be repeated")
    options.add_argument("--verbose", action="store_true", help="print each alarm")
    chosen = options.parse_args()
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    print(f"alarms in {chosen.seeds} healthy logs of each family{' (tuned)' if chosen.first < TUNED else ''}")
    print(f"{'family':40}{'alarmed':>8}   by")
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.family or FAMILIES:
            found = alarms(FAMILIES[name], seeds, Path(folder))
            rules = Counter(finding.rule for findings in found.values() for finding in findings)
            print(f"{name:40}{len(found):8}   {', '.join(f'{rule} {times}' for rule, times in rules.most_common())}")
            total += len(found)
            if chosen.verbose:
                print(*(f"    seed {seed}: {one.rule}: {one.message}" for seed, findings in found.items() for one in findings), sep="\n")
    of = chosen.seeds * len(chosen.family or FAMILIES)
    print(f"{'all':40}{total:8} of {of}, {total / of:.1%}")


if __name__ == "__main__":
    main()
