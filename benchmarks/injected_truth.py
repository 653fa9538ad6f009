"""Which injected faults do harm: `python benchmarks/injected_truth.py [--cache FOLDER] [--jobs N]` writes injected/truth.csv anew.

Every candidate is trained beside its healthy twin: with one seed, and where that shows a loss with three. A kill loses one training.
"""

import argparse
from collections import Counter
from pathlib import Path

from injected.cache import USUAL, Cache
from injected.case import candidates
from injected.truth import measured, write


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--cache", type=Path, default=USUAL, help=f"folder of finished trainings ({USUAL})")
    options.add_argument("--jobs", type=int, default=1, help="trainings at once, one thread each (1)")
    chosen = options.parse_args()
    cache, cases = Cache(chosen.cache, chosen.jobs), candidates()
    cache.prepare(tree for case in cases for tree in (case.healthy(), case.tree()))  # side by side; what follows is one by one
    truths = []
    for case, truth in zip(cases, measured(cache), strict=True):
        truths.append(truth)
        change = f"{truth.healthy:6.1f} -> {truth.faulty:6.1f}  loss x{truth.loss_ratio:<8g}"
        print(f"{truth.case:52} {change} {'counts' if truth.counts else '-':7} {case.expected}", flush=True)
    write(truths)
    counting = [truth for truth in truths if truth.counts]
    print(f"{len(counting)} of {len(truths)} count: {dict(Counter(truth.severity for truth in counting))}")
    print(f"processor time: {cache.spent / 60:.1f} minutes now, {cache.saved / 60:.1f} found done")


if __name__ == "__main__":
    main()
