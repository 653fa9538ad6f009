"""How long all rules take on long records, reading aside: `python benchmarks/rules_speed.py [--steps N] [--layers N] [--epochs N]`.

Two records are made up in memory: one of many steps with statistics by layer, one of many epochs. Beside each time stands how often a
plain sort of the same numbers would have fitted in, which other machines can be compared by.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from advisor.diagnose import all_rules, diagnose
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run, Series

RECORDINGS = 1000  # by layer
REPEATS = 5


def many_steps(steps: int, layers: int) -> Run:
    """A loss, gradient norm and rate at every step, and a thousand recordings of each layer."""
    random = np.random.default_rng(0)
    loss = falling(2.3, 0.1, steps, pace=steps / 10) * np.exp(random.normal(0, 0.3, steps))
    norms = np.exp(random.normal(0, 0.5, (RECORDINGS, layers)))
    table = layered(
        [f"layers.{i}" for i in range(layers)],
        grad_norm=norms,
        weight_norm=np.ones(layers),
        update_ratio=norms / 1000,
        zero_share=norms / 100,
    )
    by_step = {"train_loss": _stepped("loss", loss), "grad_norm": _stepped("grad_norm", np.exp(random.normal(0, 0.5, steps)))}
    run = record(train_loss=falling(2.3, 0.1, 100), val_loss=falling(2.3, 0.3, 100), layers=table)
    return replace(run, series={**run.series, "train_loss": by_step["train_loss"]}, step_series=by_step)


def many_epochs(epochs: int) -> Run:
    """Losses and accuracies of training and validation, one value an epoch."""
    random = np.random.default_rng(0)
    noise = np.exp(random.normal(0, 0.05, (2, epochs)))
    train, val = falling(2.3, 0.1, epochs, pace=epochs / 10) * noise[0], falling(2.3, 0.4, epochs, pace=epochs / 10) * noise[1]
    return record(train_loss=train, val_loss=val, train_accuracy=1 - train / 3, val_accuracy=1 - val / 3, lr=np.full(epochs, 0.1))


def _stepped(name: str, values: Floats) -> Series:
    steps = np.arange(1.0, len(values) + 1)
    return Series(name, values, np.full(len(values), np.nan), steps, np.arange(len(values)) + 2)


def fastest(action: Callable[[], object]) -> float:
    """The least of several times, in seconds."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return min(times)


def numbers(run: Run) -> Floats:
    """All values of a record, one after the other."""
    series = [one.values for one in (*run.series.values(), *run.step_series.values())]
    layers = [] if run.layers is None else [table.ravel() for table in run.layers.statistics.values()]
    return np.concatenate([*series, *layers])


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--steps", type=int, default=1_000_000)
    options.add_argument("--layers", type=int, default=50)
    options.add_argument("--epochs", type=int, default=5000)
    options.add_argument("--each", action="store_true", help="the time of each rule as well")
    chosen = options.parse_args()
    records = {
        f"{chosen.steps:,} steps, {chosen.layers} layers": many_steps(chosen.steps, chosen.layers),
        f"{chosen.epochs:,} epochs": many_epochs(chosen.epochs),
    }
    for name, run in records.items():
        seconds, sorting = fastest(lambda run=run: diagnose(run)), fastest(lambda run=run: np.sort(numbers(run)))
        print(f"{name:32}{seconds:7.3f} s, {seconds / sorting:6.1f} times a sort of its {len(numbers(run)):,} numbers")
        for rule in all_rules() if chosen.each else ():
            print(f"    {rule.name:28}{fastest(lambda run=run, rule=rule: diagnose(run, [rule])):7.3f} s")


if __name__ == "__main__":
    main()
