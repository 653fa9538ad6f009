"""Range tests that were made for a run, beside what it goes on from: after a kill none is made twice."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from advisor.dotted import Tree
from advisor.repair import Sweep
from advisor.training.document import versions

KEPT = Path("resume") / "range-tests.jsonl"


def kept(run: Path, config: Tree) -> Sweep | None:
    """The range test of a Config as a run folder has it; None where it has none that was made with the present versions."""
    try:
        lines = (run / KEPT).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((sweep for line in lines if (sweep := _read(line, config))), None)


def keep(run: Path, config: Tree, sweep: Sweep) -> None:
    """Puts a range test on record; where that is not possible, it is made again next time."""
    line = {"config": config, "versions": versions(), "rates": sweep.rates.tolist(), "losses": sweep.losses.tolist()}
    try:
        with (run / KEPT).open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(line | {'suggestion': sweep.suggestion})}\n")  # a line that a kill tore ends here
    except OSError:
        return


def _read(line: str, config: Tree) -> Sweep | None:
    """The range test of a line; None where it is another Config's, or torn."""
    try:
        entry: dict[str, Any] = json.loads(line)
        if entry["config"] != config or entry["versions"] != versions():
            return None
        suggestion = entry["suggestion"]
        return Sweep(np.array(entry["rates"], float), np.array(entry["losses"], float), None if suggestion is None else float(suggestion))
    except (ValueError, TypeError, KeyError):
        return None
