"""Healthy runs of every kind that is easily taken for sick, drawn at random: no rule may warn of them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator

from advisor.diagnose import diagnose
from advisor.findings import Severity
from advisor.rules.examples import joined, record
from advisor.run import Run


def decay(random: Generator, epochs: int) -> np.ndarray:
    """From a start to a tenth of it or less, at a pace between a twentieth and a third of the run."""
    start, floor = random.uniform(1, 5), random.uniform(0.01, 0.1)
    return start * (floor + (1 - floor) * np.exp(-np.arange(epochs) / (epochs * random.uniform(0.05, 0.33))))


def jittered(random: Generator, values: np.ndarray, by: float) -> np.ndarray:
    """Multiplied by log-normal noise: the jitter of a loss is a share of its size."""
    return values * np.exp(random.normal(0, by, len(values)))


def plain(random: Generator) -> Run:
    epochs = int(random.integers(5, 200))
    train = decay(random, epochs)
    val = train * random.uniform(0.8, 1.3) + 0.02 * train[0]
    return record(train_loss=jittered(random, train, 0.03), val_loss=jittered(random, val, random.uniform(0.01, 0.15)))


def few_epochs(random: Generator) -> Run:
    epochs = int(random.integers(1, 6))
    train = decay(random, epochs)
    return record(train_loss=jittered(random, train, 0.02), val_loss=jittered(random, train * 1.1, 0.05))


def single_batches(random: Generator) -> Run:
    steps = int(random.integers(500, 5000))
    return record(train_loss=jittered(random, decay(random, steps), random.uniform(0.2, 0.8)))


def levelled_validation(random: Generator) -> Run:
    """A generalisation gap: training goes on falling, validation stays where it is, with its noise."""
    epochs = int(random.integers(10, 150))
    train = decay(random, epochs)
    val = np.maximum(train, train[0] * random.uniform(0.15, 0.4))
    return record(train_loss=train, val_loss=jittered(random, val, random.uniform(0.005, 0.05)))


def rate_drops(random: Generator) -> Run:
    stages = [jittered(random, np.full(30, level), 0.03) for level in random.uniform(0.9, 1.1) * np.array([0.8, 0.4, 0.3])]
    train = joined(decay(random, 20) + 0.8, *stages)
    return record(train_loss=train, val_loss=jittered(random, train * 1.1, 0.05), lr=joined([0.1] * 50, [0.01] * 30, [0.001] * 30))


def one_bump(random: Generator) -> Run:
    train = decay(random, 60)
    val = jittered(random, train * 1.2 + 0.05, 0.02)
    val[random.integers(5, 59)] *= random.uniform(1.5, 4)
    return record(train_loss=train, val_loss=val)


def spikes_that_recover(random: Generator) -> Run:
    train = jittered(random, decay(random, 100), 0.03)
    at = random.integers(10, 80)
    train[at : at + 3] *= random.uniform(3, 30)
    return record(train_loss=train)


def dropout(random: Generator) -> Run:
    train = decay(random, 50) + 0.5
    val = jittered(random, train * 0.6, 0.04)
    return record(train_loss=train, val_loss=val, train_accuracy=0.9 - train / 10, val_accuracy=0.97 - val / 10)


def negative(random: Generator) -> Run:
    """A log-density: it falls through zero and far below."""
    train = decay(random, 80) * 2 - random.uniform(2, 8)
    noise = random.normal(0, 0.05, (2, 80))
    return record(train_loss=train + noise[0], val_loss=train + 0.1 + noise[1])


def fine_tuning(random: Generator) -> Run:
    epochs = int(random.integers(3, 20))
    train = jittered(random, np.full(epochs, 0.08), 0.03)
    right = np.clip(0.98 + random.normal(0, 0.002, (2, epochs)), 0, 1)
    return record(train_loss=train, val_loss=jittered(random, np.full(epochs, 0.09), 0.03), train_accuracy=right[0], val_accuracy=right[1])


def converged(random: Generator) -> Run:
    """Almost zero loss for most of the run, wandering by factors: nothing that a change of could matter."""
    wander = np.exp(np.cumsum(random.normal(0, 0.05, 180)))
    train = joined(decay(random, 20), 0.002 * wander)
    right = joined(np.linspace(0.3, 0.99, 20), np.full(180, 0.998))
    return record(train_loss=train, train_accuracy=right, val_loss=joined(decay(random, 20), np.full(180, 0.3)), val_accuracy=right - 0.01)


def overconfident(random: Generator) -> Run:
    """Right as often as before, and surer of it."""
    train = decay(random, 60)
    val = joined(decay(random, 20), np.linspace(0.1, 0.15, 40))
    right = np.clip(joined(np.linspace(0.3, 0.97, 20), np.full(40, 0.97)) + random.normal(0, 0.003, 60), 0, 1)
    return record(train_loss=train, val_loss=jittered(random, val, 0.02), train_accuracy=np.linspace(0.3, 1.0, 60), val_accuracy=right)


def only_accuracies(random: Generator) -> Run:
    epochs = int(random.integers(10, 100))
    right = 95 - 60 * np.exp(-np.arange(epochs) / 8) + random.normal(0, 0.4, (2, epochs))
    return record(train_accuracy=right[0], val_accuracy=right[1] - 3)


def gradients(random: Generator) -> Run:
    steps = 1000
    norms = jittered(random, np.linspace(3.0, 0.3, steps), random.uniform(0.2, 0.8))
    norms[:5] *= 30
    norms[random.integers(10, steps, 5)] *= 50
    return record(train_loss=decay(random, 50), steps_train_loss=jittered(random, decay(random, steps), 0.3), steps_grad_norm=norms)


def warm_restarts(random: Generator) -> Run:
    """Four cosine cycles of the rate: at each restart the loss jumps up and comes back."""
    cycle, epochs = int(random.integers(10, 25)), np.arange(100)
    within = (epochs % cycle) / cycle
    train = jittered(random, decay(random, 100) + 0.15 * (1 - within) * np.exp(-epochs / 60), 0.02)
    return record(train_loss=train, val_loss=jittered(random, train * 1.1, 0.04), lr=0.05 * (1 + np.cos(np.pi * within)) + 1e-4)


def cyclic_rate(random: Generator) -> Run:
    """A triangular rate: loss and validation go up and down with it."""
    period, epochs = int(random.integers(6, 20)), np.arange(90)
    wave = np.abs(2 * ((epochs / period) % 1) - 1)
    train = jittered(random, decay(random, 90) * (1 + 0.25 * wave), 0.03)
    return record(train_loss=train, val_loss=jittered(random, train * 1.1 + 0.02, 0.05), lr=0.01 + 0.09 * wave)


def grokking(random: Generator) -> Run:
    """Training is learned by heart at once; validation stays poor, and worse, for long, and then is learned as well."""
    late = int(random.integers(50, 90))
    train = jittered(random, joined(np.linspace(2.3, 0.05, 15), np.full(105, 0.02)), 0.03)
    val = joined(np.linspace(2.3, 3.2, late), 0.1 + 3.1 * np.exp(-np.arange(120 - late) / 5))
    right = joined(np.full(late, 0.12), 0.98 - 0.86 * np.exp(-np.arange(120 - late) / 4))
    return record(train_loss=train, val_loss=jittered(random, val, 0.03), train_accuracy=np.clip(1.1 - train, 0, 1), val_accuracy=right)


def double_descent(random: Generator) -> Run:
    """Validation falls, rises, and falls below where it had been."""
    first = 0.6 + 1.4 * np.exp(-np.arange(30) / 6)
    bump = np.linspace(first[-1], 0.9, 25)
    val = joined(first, bump, 0.4 + 0.5 * np.exp(-np.arange(65) / 15))
    return record(train_loss=jittered(random, decay(random, 120), 0.03), val_loss=jittered(random, val, 0.02))


def rewards(random: Generator) -> Run:
    """What an agent earns: it climbs, with noise as large as half of it."""
    episodes = int(random.integers(100, 2000))
    mean = 20 + 180 / (1 + np.exp(-np.linspace(-5, 5, episodes)))
    earned = mean * (1 + random.normal(0, random.uniform(0.1, 0.5), episodes))
    return record(train_metric=earned, columns={"train_metric": "episode_reward"})


def contrastive(random: Generator) -> Run:
    """It starts at the logarithm of the batch and ends far above zero."""
    loss = jittered(random, 2.5 + 3.0 * np.exp(-np.arange(60) / 10), 0.01)
    return record(train_loss=loss, val_loss=jittered(random, loss + 0.05, 0.01))


def losses_that_grow_with_rewards(random: Generator) -> Run:
    """An agent's value loss grows with what there is to win."""
    updates = int(random.integers(60, 300))
    won = 1 / (1 + np.exp(-np.linspace(-4, 4, updates)))
    earned = 20 + 180 * won + random.normal(0, 12, updates)
    return record(train_loss=jittered(random, 3 + 40 * won, 0.3), train_metric=earned, columns={"train_metric": "rollout/ep_rew_mean"})


def accumulated_gradients(random: Generator) -> Run:
    """Each update's loss is logged once a batch: a staircase."""
    updates, batches = int(random.integers(40, 150)), int(random.integers(4, 9))
    return record(train_loss=np.repeat(jittered(random, decay(random, updates), 0.08), batches))


def mixed_samples(random: Generator) -> Run:
    """Mixup or noisy labels: training levels off at a poor accuracy, and validation at a good one."""
    epochs = int(random.integers(60, 200))
    way = np.exp(-np.arange(epochs) / (epochs * random.uniform(0.05, 0.15)))
    right = 0.55 - 0.5 * way, 0.9 - 0.85 * way + random.normal(0, 0.004, epochs)
    losses = jittered(random, 2.2 + 2.3 * way, 0.005), jittered(random, 0.8 + 3.6 * way, 0.01)
    return record(train_loss=losses[0], val_loss=losses[1], train_accuracy=right[0], val_accuracy=right[1])


def last_batches(random: Generator) -> Run:
    """The loss that a progress bar shows is that of the last batch; the accuracies are of all."""
    epochs = int(random.integers(10, 40))
    way = np.exp(-np.arange(epochs) / (epochs * 0.3))
    loss = (0.4 + 1.2 * way) * random.gamma(6.0, 1 / 6.0, epochs)
    right = 0.9 - 0.5 * way + random.normal(0, 0.003, (2, epochs))
    return record(train_loss=loss, val_loss=jittered(random, 0.5 + 0.8 * way, 0.04), train_accuracy=right[0], val_accuracy=right[1] - 0.02)


def wandering_overlap(random: Generator) -> Run:
    """Dice: the validation part is small, and its noise alike from one epoch to the next."""
    epochs = int(random.integers(40, 90))
    overlap = 0.92 - 0.7 * np.exp(-np.arange(epochs) / (epochs * 0.15))
    noise = np.convolve(random.normal(0, 0.01, epochs + 5), 0.4 ** np.arange(6), "valid")
    return record(train_loss=1 - overlap, train_metric=overlap, val_loss=1.06 - overlap - noise, columns={"train_metric": "dice"})


def stages_of_a_curriculum(random: Generator) -> Run:
    """At each stage the samples get harder: the loss jumps up, and comes down below where it had been."""
    stages, epochs = int(random.integers(2, 5)), int(random.integers(15, 30))
    parts = [0.5 * 0.7**k + (1.0 * 0.8**k) * np.exp(-np.arange(epochs) / (epochs * 0.15)) for k in range(stages)]
    return record(train_loss=jittered(random, joined(*parts), 0.02))


def one_validation_in_other_units(random: Generator) -> Run:
    """Only one validation, of numbers that were not scaled back."""
    run = plain(random)
    val = record(val_loss=[452.0]).series["val_loss"]
    return replace(run, series={"train_loss": run.series["train_loss"], "val_loss": val})


KINDS: tuple[Callable[[Generator], Run], ...] = (
    plain, few_epochs, single_batches, levelled_validation, rate_drops, one_bump, spikes_that_recover, dropout, negative,
    fine_tuning, converged, overconfident, only_accuracies, gradients, warm_restarts, cyclic_rate, grokking, double_descent, rewards,
    contrastive, one_validation_in_other_units, losses_that_grow_with_rewards, accumulated_gradients, mixed_samples, last_batches,
    wandering_overlap, stages_of_a_curriculum,
)  # fmt: skip


def warnings(run: Run) -> list[str]:
    return [f"{finding.rule}: {finding.message}" for finding in diagnose(run).findings if finding.severity >= Severity.WARNING]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_healthy_runs_are_left_alone(kind):
    assert [warnings(kind(np.random.default_rng(seed))) for seed in range(25)] == [[]] * 25


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_of_a_thousand_healthy_runs_hardly_any_is_called_sick(kind):
    assert sum(bool(warnings(kind(np.random.default_rng(seed)))) for seed in range(1000)) <= 5
