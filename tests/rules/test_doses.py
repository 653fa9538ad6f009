"""The worse a run is, the surer it is found: faults drawn at random, at doses from harmless to gross."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from numpy.random import Generator

from advisor.diagnose import diagnose
from advisor.rules.examples import joined, record
from advisor.run import Floats, Run

SEEDS = 8
LUCK = 1  # runs by which a larger dose may be found more rarely


def decay(epochs: int, start: float, end: float, pace: float) -> Floats:
    return end + (start - end) * np.exp(-np.arange(epochs) / (epochs * pace))


def jittered(random: Generator, values: Floats, by: float) -> Floats:
    """Multiplied by log-normal noise, of which a third is the noise of the point before."""
    noise = random.normal(0, by, len(values) + 1)
    return values * np.exp(0.95 * noise[1:] + 0.31 * noise[:-1])


def validation_turns(random: Generator, rise: float) -> Run:
    epochs = int(random.integers(20, 60))
    turn = int(epochs * random.uniform(0.25, 0.5))
    val = joined(decay(turn, 2.3, 0.6, 0.3), np.linspace(0.6, 0.6 * (1 + rise), epochs - turn))
    return record(train_loss=jittered(random, decay(epochs, 2.3, 0.3, 0.25), 0.02), val_loss=jittered(random, val, 0.03))


def both_turn(random: Generator, rise: float) -> Run:
    epochs = int(random.integers(30, 100))
    turn = int(epochs * random.uniform(0.5, 0.7))
    down = decay(turn, 2.3, 0.6, 0.25)
    train = joined(down, np.linspace(down[-1], down[-1] * (1 + rise), epochs - turn))
    return record(train_loss=jittered(random, train, 0.02), val_loss=jittered(random, train * 1.1, 0.02))


def collapses(random: Generator, height: float) -> Run:
    """Early on all jumps up, and two thirds of that are never undone."""
    epochs = int(random.integers(40, 90))
    down = decay(epochs // 5, 1.0, 0.3, 0.4)
    after = down[-1] * (1 + height * (0.35 + 0.65 * np.exp(-np.arange(epochs - epochs // 5) / (epochs * 0.2))))
    train = joined(down, after)
    return record(train_loss=jittered(random, train, 0.02), val_loss=jittered(random, train * 1.1, 0.03))


def falls_apart(random: Generator, gap: float) -> Run:
    epochs = int(random.integers(30, 80))
    train, val = decay(epochs, 2.3, 0.03, 0.12), decay(epochs, 2.3, 0.05 + 2.5 * gap, 0.08)
    right = 0.99 - gap - (0.89 - gap) * np.exp(-np.arange(epochs) / (epochs * 0.08)) + random.normal(0, 0.004, epochs)
    return record(
        train_loss=jittered(random, train, 0.02), val_loss=jittered(random, val, 0.015), train_accuracy=1 - train / 3, val_accuracy=right
    )


def stands_still(random: Generator, missed: float) -> Run:
    """It learns this much less than all there is, at once, and nothing more."""
    epochs = int(random.integers(30, 80))
    right = 0.1 + (0.9 - missed) * (1 - np.exp(-np.arange(epochs) / (epochs * 0.06)))
    noise = random.normal(0, 0.004, (2, epochs))
    return record(
        train_loss=jittered(random, 2.3 - 2.0 * (right - 0.1), 0.003), train_accuracy=right + noise[0], val_accuracy=right + noise[1]
    )


def swings(random: Generator, by: float) -> Run:
    epochs = int(random.integers(25, 80))
    return record(train_loss=np.linspace(1.1, 1.0, epochs) * np.exp(random.normal(0, by, epochs)))


def jumps(random: Generator, height: float) -> Run:
    train = jittered(random, decay(200, 2.3, 0.3, 0.1), 0.015)
    train[random.choice(np.arange(50, 195), 6, replace=False)] *= 1 + height
    return record(train_loss=train)


@dataclass(frozen=True)
class Fault:
    """What is drawn, how bad, and which findings name it."""

    drawn: Callable[[Generator, float], Run]
    doses: tuple[float, ...]  # the first is harmless, the last gross
    named: frozenset[str]


FAULTS = (
    Fault(validation_turns, (0.02, 0.1, 0.3, 1.0), frozenset({"overfitting"})),
    Fault(both_turn, (0.05, 0.2, 0.5, 5.0), frozenset({"diverging-loss"})),
    Fault(collapses, (0.2, 0.5, 1.0, 4.0), frozenset({"diverging-loss"})),
    Fault(falls_apart, (0.03, 0.1, 0.2, 0.3), frozenset({"generalization-gap"})),
    Fault(stands_still, (0.1, 0.3, 0.5, 0.7), frozenset({"underfitting", "plateau"})),
    Fault(swings, (0.03, 0.1, 0.2, 0.4), frozenset({"oscillating-loss"})),
    Fault(jumps, (0.1, 0.6, 1.5, 4.0), frozenset({"loss-spikes"})),
)


def found(fault: Fault, dose: float) -> int:
    """In how many of the runs one of the names is said."""
    said = [{finding.rule for finding in diagnose(fault.drawn(np.random.default_rng(seed), dose)).findings} for seed in range(SEEDS)]
    return sum(bool(rules & fault.named) for rules in said)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.drawn.__name__)
def test_the_worse_a_run_is_the_surer_it_is_found(fault):
    counts = [found(fault, dose) for dose in fault.doses]
    assert counts[0] <= LUCK
    assert counts[-1] == SEEDS
    assert all(more >= fewer - LUCK for fewer, more in pairwise(counts))
