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


def harder_negatives(random: Generator) -> Columns:
    """The better the model, the harder the pairs that it is shown: the loss climbs while it retrieves as well as before, or better."""
    epochs = int(random.integers(30, 120))
    left = way(random, epochs, 0.1, 0.2)
    train = 0.2 + 0.3 * np.exp(-np.arange(epochs) / 3) + random.uniform(0.03, 0.1) * np.linspace(0, 1, epochs)
    found = np.clip(0.7 - 0.5 * left + random.normal(0, 0.005, epochs), 0, 1)
    return {"epoch": np.arange(1.0, epochs + 1), "train_loss": jittered(random, train, 0.03), "val_recall": found}


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
        validation_in_a_smaller_unit, validation_in_a_larger_unit, scores_of_an_agent, harder_negatives, a_penalty_that_is_raised,
        small_batches_that_differ, newest_first,
    )
}  # fmt: skip
