"""Made-up healthy logs of every kind that is easily taken for sick, one function a kind: numbers as a CSV file holds them.

Pace, noise, length and height are drawn at random, within what trainings of that kind show.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

Columns = dict[str, np.ndarray]
Draw = Callable[[Generator], Columns]


def way(random: Generator, epochs: int, least: float = 0.05, most: float = 0.25) -> np.ndarray:
    """What is left of the way down: from 1 towards 0, at a pace between two shares of the run."""
    left: np.ndarray = np.exp(-np.arange(epochs) / (epochs * random.uniform(least, most)))
    return left


def jittered(random: Generator, values: np.ndarray, by: float) -> np.ndarray:
    """Multiplied by log-normal noise: the jitter of a loss is a share of its size."""
    noisy: np.ndarray = values * np.exp(random.normal(0, by, len(values)))
    return noisy


def alike(random: Generator, points: int, by: float, kept: float) -> np.ndarray:
    """Noise of deviation `by` of which neighbours share a part `kept` (AR(1))."""
    shocks, noise = random.normal(0, by * np.sqrt(1 - kept**2), points), np.zeros(points)
    noise[0] = random.normal(0, by)
    for i in range(1, points):
        noise[i] = kept * noise[i - 1] + shocks[i]
    return noise


def losses(train: np.ndarray, val: np.ndarray, **more: np.ndarray) -> Columns:
    return {"epoch": np.arange(1.0, len(train) + 1), "train_loss": train, "val_loss": val, **more}


def sound(random: Generator, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    """A training and a validation loss that come down and level off side by side."""
    left = way(random, epochs)
    train = random.uniform(0.5, 5) * (0.1 + 0.9 * left)
    return jittered(random, train, 0.02), jittered(random, train * random.uniform(1.0, 1.2), random.uniform(0.01, 0.06))


def plain(random: Generator) -> Columns:
    return losses(*sound(random, int(random.integers(6, 150))))


def curriculum(random: Generator) -> Columns:
    """At each stage the samples get harder: the loss jumps up, and comes down again."""
    parts, hardness = [], 1.0
    for _ in range(int(random.integers(2, 6))):
        epochs = int(random.integers(8, 30))
        parts.append(hardness * (random.uniform(0.25, 0.4) + 0.7 * way(random, epochs, 0.1, 0.3)))
        hardness *= random.uniform(0.75, 1.0)
    train = jittered(random, np.concatenate(parts), 0.02)
    val = jittered(random, 0.4 + 1.2 * way(random, len(train), 0.15, 0.3), 0.02)
    return losses(train, val) if random.random() < 0.5 else {"epoch": np.arange(1.0, len(train) + 1), "train_loss": train}


def restarts(random: Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosine cycles of the rate, of equal or doubling length, cut off anywhere: training, validation, rate."""
    epochs, length, within = int(random.integers(40, 150)), int(random.integers(8, 25)), []
    doubling = random.random() < 0.5
    while len(within) < epochs:
        within += list(np.arange(length) / length)
        length *= 2 if doubling else 1
    rate = 0.5 * (1 + np.cos(np.pi * np.array(within[:epochs])))
    base = 0.15 + 1.5 * way(random, epochs, 0.1, 0.25)
    train = jittered(random, base * (1 + random.uniform(0.2, 1.5) * rate), 0.02)
    return train, jittered(random, base * 1.2 * (1 + random.uniform(0.1, 0.8) * rate), 0.03), 0.1 * rate + 1e-4


def warm_restarts_with_their_rate(random: Generator) -> Columns:
    train, val, rate = restarts(random)
    return losses(train, val, lr=rate)


def warm_restarts_without_a_rate(random: Generator) -> Columns:
    train, val, _ = restarts(random)
    return losses(train, val)


def cyclic_rate(random: Generator) -> Columns:
    epochs, period = int(random.integers(40, 120)), int(random.integers(6, 20))
    wave = np.abs(2 * ((np.arange(epochs) / period) % 1) - 1)
    train = (0.1 + way(random, epochs)) * (1 + random.uniform(0.1, 0.6) * wave)
    columns = losses(jittered(random, train, 0.02), jittered(random, train * 1.1 + 0.02, 0.04))
    return columns | ({"lr": 0.001 + 0.05 * wave} if random.random() < 0.5 else {})


def mixup(random: Generator) -> Columns:
    """Mixed samples: training levels off poor, by nature, and validation well."""
    epochs = int(random.integers(20, 200))
    left, floor, right = way(random, epochs, 0.05, 0.2), random.uniform(1.2, 2.4), random.uniform(0.7, 0.97)
    trained = random.uniform(0.35, 0.6)
    return losses(
        jittered(random, floor + 2.3 * left, 0.006), jittered(random, 0.4 * floor + 3 * left, 0.02),
        train_acc=trained * (1 - 0.9 * left) + random.normal(0, 0.006, epochs),
        val_acc=np.clip(right * (1 - 0.9 * left) + random.normal(0, 0.006, epochs), 0, 1),
    )  # fmt: skip


def label_smoothing(random: Generator) -> Columns:
    epochs = int(random.integers(20, 120))
    left = way(random, epochs)
    right = np.clip([0.99 - 0.8 * left, 0.93 - 0.75 * left + random.normal(0, 0.004, epochs)], 0, 1)
    return losses(
        jittered(random, 0.9 + 1.5 * left, 0.005), jittered(random, 0.45 + 1.6 * left, 0.02), train_acc=right[0], val_acc=right[1]
    )


def dropout(random: Generator) -> Columns:
    epochs = int(random.integers(15, 100))
    left, strength = way(random, epochs), random.uniform(0.6, 0.9)
    train = 0.5 + 1.8 * left
    right = np.clip(np.array([0.8 - 0.6 * left, 0.9 - 0.65 * left]) + random.normal(0, 0.005, (2, epochs)), 0, 1)
    return losses(jittered(random, train, 0.02), jittered(random, train * strength, 0.03), train_acc=right[0], val_acc=right[1])


def wandering_dice(random: Generator) -> Columns:
    """A small validation part: its noise is alike from one epoch to the next."""
    epochs = int(random.integers(30, 150))
    overlap = 0.9 - 0.75 * way(random, epochs, 0.08, 0.2)
    noise = alike(random, epochs, random.uniform(0.005, 0.025), random.uniform(0.3, 0.85))
    return losses(jittered(random, 1 - overlap, 0.01), 1.05 - overlap - noise, val_dice=overlap - 0.05 + noise)


def adversaries(random: Generator) -> Columns:
    epochs = int(random.integers(20, 200))
    fight = alike(random, epochs, 0.5, 0.5)
    return {"epoch": np.arange(1.0, epochs + 1), "g_loss": 1.5 + fight + np.linspace(0, 2, epochs), "d_loss": np.exp(-fight) * 0.5}


def returns_of_an_agent(random: Generator) -> Columns:
    episodes = int(random.integers(100, 1500))
    won = 200 / (1 + np.exp(-np.linspace(-4, 4, episodes)))
    return {"episode": np.arange(1.0, episodes + 1), "reward": won * (1 + random.normal(0, 0.4, episodes)) + random.normal(0, 10, episodes)}


def an_agent_whose_loss_grows(random: Generator) -> Columns:
    updates = int(random.integers(50, 300))
    won = 1 / (1 + np.exp(-np.linspace(-4, 4, updates)))
    return {
        "step": 2048 * np.arange(1.0, updates + 1),
        "loss": jittered(random, 1 + 30 * won, 0.4),
        "mean_reward": 200 * won + random.normal(0, 9, updates),
    }


def grokking(random: Generator) -> Columns:
    late, epochs = int(random.integers(60, 140)), 200
    left = np.exp(-np.arange(epochs - late) / 8)
    train = jittered(random, np.concatenate([np.linspace(2.3, 0.05, 20), np.full(epochs - 20, 0.01)]), 0.05)
    val = np.concatenate([np.linspace(2.3, random.uniform(2.5, 5), late), 0.05 + 3 * left])
    right = np.concatenate([np.full(late, 0.1), 0.99 - 0.89 * left])
    return losses(train, jittered(random, val, 0.03), train_acc=np.clip(1 - train / 2.5, 0, 1), val_acc=right)


def double_descent(random: Generator) -> Columns:
    first = 0.6 + 1.4 * way(random, 30)
    again = random.uniform(0.35, 0.5) + (random.uniform(0.75, 1.1) - 0.4) * np.exp(-np.arange(80) / 15)
    val = np.concatenate([first, np.linspace(first[-1], again[0], 25), again])
    return losses(jittered(random, 2 * (0.01 + way(random, len(val))), 0.03), jittered(random, val, 0.02))


def fine_tuning_near_its_floor(random: Generator) -> Columns:
    epochs, floor = int(random.integers(3, 25)), random.uniform(0.02, 0.6)
    right = np.clip(1 - floor / 4 + random.normal(0, 0.003, (2, epochs)), 0, 1)
    train = jittered(random, np.full(epochs, floor) * np.linspace(1.05, 1, epochs), 0.02)
    return losses(train, jittered(random, np.full(epochs, floor * 1.05), 0.02), train_acc=right[0], val_acc=right[1])


def negative_losses(random: Generator) -> Columns:
    train, val = sound(random, int(random.integers(20, 150)))
    below = random.uniform(0.5, 20)
    return losses(train - below, val - below + 0.05)


def one_validation(random: Generator) -> Columns:
    epochs = int(random.integers(5, 100))
    val = np.full(epochs, np.nan)
    train, _ = sound(random, epochs)
    val[-1] = train[-1] * random.uniform(0.5, 500)
    return losses(train, val)


def single_batches(random: Generator) -> Columns:
    steps = int(random.integers(200, 4000))
    left = way(random, steps)
    return {
        "step": np.arange(1.0, steps + 1),
        "loss": jittered(random, random.uniform(0.5, 9) * (0.1 + 0.9 * left), random.uniform(0.1, 0.7)),
    }


def single_samples_and_sparse_validation(random: Generator) -> Columns:
    """Noise as large as the loss; validation each fiftieth row tells that it learns."""
    steps = 50 * int(random.integers(12, 40))
    left = way(random, steps)
    val = np.full(steps, np.nan)
    val[49::50] = jittered(random, 0.5 + 1.5 * left, 0.02)[49::50]
    return {"step": np.arange(1.0, steps + 1), "train_loss": (0.5 + 1.5 * left) * random.gamma(2.0, 0.5, steps), "val_loss": val}


def denoising(random: Generator) -> Columns:
    """A diffusion model: the loss falls at once, and is then the noise of the time steps drawn."""
    steps = int(random.integers(300, 3000))
    return {
        "step": 10 * np.arange(1.0, steps + 1),
        "loss": jittered(random, 0.03 + 0.9 * way(random, steps, 0.005, 0.03), random.uniform(0.1, 0.4)),
    }


def two_digits(random: Generator) -> Columns:
    train, val = sound(random, int(random.integers(6, 80)))
    return losses(train.round(2), val.round(2), val_acc=(0.97 - val / val.max() * 0.5).round(2))


def in_thousands(random: Generator) -> Columns:
    scale = 1000.0 ** random.choice([-2, -1, 1, 2])
    train, val = sound(random, int(random.integers(6, 100)))
    return losses(train * scale, val * scale)


def resumed(random: Generator) -> Columns:
    """Stopped and started again from its last checkpoint: some epochs stand there twice."""
    epochs = int(random.integers(20, 80))
    train, val = sound(random, epochs)
    at, back = int(random.integers(8, epochs - 2)), int(random.integers(0, 6))
    rows = np.concatenate([np.arange(at), np.arange(at - back, epochs)])
    columns = losses(train, val)
    return {name: jittered(random, column[rows], 0.0 if name == "epoch" else 0.01) for name, column in columns.items()}


def averaged_weights(random: Generator) -> Columns:
    """Validation of an average of the weights: it starts behind, and comes down late and smoothly."""
    epochs = int(random.integers(20, 120))
    left = way(random, epochs)
    kept = random.uniform(0.7, 0.95)
    late = np.convolve(np.concatenate([np.ones(200), left]), (1 - kept) * kept ** np.arange(200), "valid")[-epochs:]
    return losses(jittered(random, 0.3 + 2 * left, 0.03), jittered(random, 0.28 + 2 * late, 0.003))


def steps_of_the_rate(random: Generator) -> Columns:
    levels = np.cumprod([1.0, random.uniform(0.4, 0.7), random.uniform(0.7, 0.95)])
    parts = [level * (0.5 + (1.5 if i == 0 else 0.05) * way(random, 30)) for i, level in enumerate(levels)]
    train = jittered(random, np.concatenate(parts), 0.03)
    rate = np.repeat([0.1, 0.01, 0.001], 30)
    return losses(train, jittered(random, train * 1.1, 0.04), lr=rate)


def noise_that_nothing_learns(random: Generator) -> Columns:
    epochs, right = int(random.integers(15, 100)), random.uniform(0.78, 0.9)
    left = way(random, epochs)
    known = np.clip(np.array([right - 0.3 * left, right - 0.01 - 0.3 * left]) + random.normal(0, 0.003, (2, epochs)), 0, 1)
    return losses(
        jittered(random, 0.4 + 0.3 * left, 0.006), jittered(random, 0.42 + 0.3 * left, 0.01), train_acc=known[0], val_acc=known[1]
    )


def surer_and_as_right(random: Generator) -> Columns:
    """Validation accuracy stays while its loss rises: overconfidence, which is information."""
    epochs = int(random.integers(30, 100))
    down, left = epochs // 3, way(random, epochs)
    val = np.concatenate([0.1 + 0.6 * way(random, down, 0.1, 0.25), np.linspace(0.11, random.uniform(0.13, 0.18), epochs - down)])
    right = np.clip(np.array([1 - 0.4 * left, 0.965 - 0.4 * left]) + random.normal(0, 0.002, (2, epochs)), 0, 1)
    return losses(0.7 * left + 0.002, jittered(random, val, 0.02), train_acc=right[0], val_acc=right[1])


def patience_at_its_end(random: Generator) -> Columns:
    """Early stopping did its work: the last epochs are no better, nor much worse."""
    train, val = sound(random, int(random.integers(20, 80)))
    patience = int(random.integers(3, 10))
    on = train[-1] * 0.99 ** np.arange(1, patience + 1)
    return losses(np.concatenate([train, on]), np.concatenate([val, jittered(random, np.full(patience, val.min() * 1.02), 0.01)]))


def passes_over_the_same_text(random: Generator) -> Columns:
    """A language model tuned for three passes: training drops where each begins, validation levels off."""
    steps = 40 * int(random.integers(3, 10))
    drop = 0.9 ** (3 * np.arange(steps) // steps)
    val = np.full(steps, np.nan)
    val[9::10] = jittered(random, 1.9 - 0.15 * (1 - way(random, steps, 0.2, 0.4)), 0.003)[9::10]
    train = jittered(random, (1.8 + 0.4 * way(random, steps, 0.02, 0.06)) * drop, random.uniform(0.03, 0.1))
    return {"step": np.arange(1.0, steps + 1), "loss": train, "eval_loss": val, "learning_rate": 2e-4 * np.linspace(1, 0, steps)}


FAMILIES: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (
        plain, curriculum, warm_restarts_with_their_rate, warm_restarts_without_a_rate, cyclic_rate, mixup, label_smoothing,
        dropout, wandering_dice, adversaries, returns_of_an_agent, an_agent_whose_loss_grows, grokking, double_descent,
        fine_tuning_near_its_floor, negative_losses, one_validation, single_batches, single_samples_and_sparse_validation,
        denoising, two_digits, in_thousands, resumed, averaged_weights, steps_of_the_rate, noise_that_nothing_learns,
        surer_and_as_right, patience_at_its_end, passes_over_the_same_text,
    )
}  # fmt: skip
