"""Faults that a fix can cure: what `advisor fix` makes of them, judged on a test part that nothing chose by.

`python benchmarks/curing.py [--seeds N]` breaks small trainings, fixes each within the default budget, and prints the test
figure before and after, beside the blind default recipe (one training, no diagnosis).
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from statistics import mean
from typing import Any

from advisor.cli._trainer import TorchTrainer
from advisor.config import parse
from advisor.diagnose import diagnose
from advisor.dotted import get, put
from advisor.edits import apply
from advisor.findings import Evidence, Finding, Severity
from advisor.fixes.base import named
from advisor.readers import load
from advisor.repair import Options, Tools, repair
from advisor.training import train

DIGITS = {"data.source": "digits", "data.test": 0.3, "train.epochs": 20}
BLOBS = {"data.source": "blobs", "data.test": 0.3, "train.epochs": 20}
FAULTS: dict[str, dict[str, Any]] = {
    "10 sigmoid layers, sgd": DIGITS | {"model.hidden": [32] * 10, "model.activation": "sigmoid", "optim.name": "sgd", "optim.lr": 0.1},
    "10 sigmoid layers, adam": DIGITS | {"model.hidden": [32] * 10, "model.activation": "sigmoid"},
    "sgd at a rate of 2": DIGITS | {"optim.name": "sgd", "optim.lr": 2.0},
    "adam at a rate of 0.3": DIGITS | {"optim.lr": 0.3},
    "sgd at a rate of 1e4": BLOBS | {"optim.name": "sgd", "optim.lr": 1e4},
    "60 noisy samples": DIGITS | {"data.limit": 60, "data.label_noise": 0.3, "train.epochs": 80},
    "no hidden unit to spare": DIGITS | {"model.hidden": [2]},
}
SCORES = ("test_balanced_accuracy", "test_r2")


@dataclass(frozen=True)
class Row:
    """One fault under one seed."""

    fault: str
    found: str
    verdicts: str
    trainings: float
    before: float
    after: float
    recipe: float


def cure(fault: str, seed: int, folder: Path) -> Row:
    """Trains the fault, fixes it, and tries the recipe on it."""
    tree = parse({}).tree()
    for path, value in (FAULTS[fault] | {"train.seed": seed}).items():
        tree = put(tree, path, value)
    config = parse(tree)
    run = load(train(config, folder / "run").folder)
    report = diagnose(run)
    outcome = repair(run, report, Tools(TorchTrainer(run.path), load), Options(allows=lambda proposal: True))
    verdicts = ", ".join(f"{attempt.fix} {attempt.verdict}" for attempt in outcome.attempts if attempt.run)
    found = ", ".join(finding.rule for finding in report.findings) or report.status
    result = outcome.result or run.path
    return Row(fault, found, verdicts, outcome.trainings, score(run.path), score(result), score(recipe(run, folder)))


def recipe(run: Any, folder: Path) -> Path:
    """The same Config with the default recipe."""
    finding = Finding("", "", Severity.INFO, 1.0, "", "", 0.0, 0.0, Evidence((), "epoch", 0, 0))
    edits = named("default-recipe").edits(run, finding) or ()
    return train(parse(apply(edits, run.config)), folder / "recipe").folder


def score(folder: Path) -> float:
    """Balanced accuracy or R² of a run's result on the test part."""
    result = get(load(folder).about, "result") or {}
    return float(next((result[name] for name in SCORES if name in result), float("nan")))


def rows(seeds: int) -> Iterator[Row]:
    for fault in FAULTS:
        for seed in range(seeds):
            with tempfile.TemporaryDirectory() as folder, redirect_stderr(StringIO()):
                row = cure(fault, seed, Path(folder))
            print(f"{fault:26} {seed:4} {figures([row])} {row.trainings:6.2f}  {row.found}: {row.verdicts}", flush=True)
            yield row


def figures(table: list[Row]) -> str:
    """Mean test scores before, after, and with the recipe."""
    return " ".join(f"{mean(getattr(row, name) for row in table):7.3f}" for name in ("before", "after", "recipe"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    print(f"{'fault':26} seed  before   after  recipe  spent  found: tried")
    print(f"{'mean':26}      {figures(list(rows(parser.parse_args().seeds)))}")


if __name__ == "__main__":
    main()
