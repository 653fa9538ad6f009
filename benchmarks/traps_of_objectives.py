"""More made-up healthy logs: of what is logged in another unit than it seems, or of an objective that changes as it is trained."""

import numpy as np
from numpy.random import Generator
from traps import Columns, Draw, jittered, losses, sound, way


def validation_in_a_smaller_unit(random: Generator) -> Columns:
    """Training is a sum over samples, or its target was scaled: validation stands thousands of times below from the first epoch on."""
    train, val = sound(random, int(random.integers(10, 100)))
    return losses(train * 10 ** random.uniform(2, 6), val)


def validation_in_a_larger_unit(random: Generator) -> Columns:
    train, val = sound(random, int(random.integers(10, 100)))
    return losses(train, val * 10 ** random.uniform(2, 9))


def scores_of_an_agent(random: Generator) -> Columns:
    """What it wins by episode is named a score, and its loss grows with what there is to win."""
    episodes = int(random.integers(100, 800))
    won = np.clip(np.linspace(-0.2, 1.2, episodes), 0, 1)
    return {
        "episode": np.arange(1.0, episodes + 1),
        "score": (20 + 180 * won) * np.clip(1 + random.normal(0, 0.3, episodes), 0.1, 2),
        "epsilon": np.clip(1 - np.linspace(0, 1.6, episodes), 0.05, 1),
        "loss": jittered(random, 0.5 + 5 * won, 0.4),
    }


def losses_of_an_agent_alone(random: Generator) -> Columns:
    """What it earns stands elsewhere: its losses by update, or by episode, grow with what there is to win."""
    updates = int(random.integers(60, 400))
    loss = jittered(random, 3 + 40 * np.clip(np.linspace(-0.1, 1.2, updates), 0, 1), 0.4)
    if random.random() < 0.5:
        return {"episode": np.arange(1.0, updates + 1), "loss": loss}
    return {
        "step": 2048 * np.arange(1.0, updates + 1),
        "loss": loss,
        "value_loss": 2 * loss,
        "approx_kl": random.normal(0.01, 0.002, updates),
    }


def harder_negatives(random: Generator) -> Columns:
    """The better the model, the harder the pairs that it is shown: the loss climbs while it retrieves as well as before, or better."""
    epochs = int(random.integers(30, 120))
    left = way(random, epochs, 0.1, 0.2)
    train = 0.2 + 0.3 * np.exp(-np.arange(epochs) / 3) + random.uniform(0.03, 0.1) * np.linspace(0, 1, epochs)
    found = np.clip(0.7 - 0.5 * left + random.normal(0, 0.005, epochs), 0, 1)
    return {"epoch": np.arange(1.0, epochs + 1), "train_loss": jittered(random, train, 0.03), "val_recall": found}


def mixed_from_half_way_on(random: Generator) -> Columns:
    """From half way on the samples are mixed, or only hard ones drawn: the loss goes up for good, and validation stays or gains."""
    half = int(random.integers(15, 60))
    left = way(random, half, 0.1, 0.2)
    train = np.concatenate([0.2 + 1.8 * left, np.full(half, random.uniform(0.4, 0.9))])
    val = np.concatenate([0.5 + 1.5 * left, np.full(half, random.uniform(0.46, 0.5))])
    return losses(jittered(random, train, 0.02), jittered(random, val, 0.015))


def a_penalty_that_is_raised(random: Generator) -> Columns:
    """The weight of a penalty grows from stage to stage, and the sum with it; what is to be learned comes down."""
    stage = int(random.integers(30, 100))
    weight = np.repeat([1.0, 10.0, 100.0], stage)
    left = way(random, 3 * stage, 0.1, 0.2)
    fit = jittered(random, 0.002 + left, 0.03)
    return losses(fit + 0.01 * weight, jittered(random, 1.2 * (0.002 + left), 0.04))


def small_batches_that_differ(random: Generator) -> Columns:
    steps = int(random.integers(300, 3000))
    left = way(random, steps, 0.1, 0.2)
    return {"step": np.arange(1.0, steps + 1), "loss": (0.25 + 2 * left) * random.gamma(4.0, 0.25, steps)}


def newest_first(random: Generator) -> Columns:
    columns = losses(*sound(random, int(random.integers(10, 80))))
    return {name: column[::-1] for name, column in columns.items()}


OBJECTIVES: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (
        validation_in_a_smaller_unit, validation_in_a_larger_unit, scores_of_an_agent, losses_of_an_agent_alone, harder_negatives,
        mixed_from_half_way_on, a_penalty_that_is_raised, small_batches_that_differ, newest_first,
    )
}  # fmt: skip
