"""What a rival says of a run: words of its own, each with the rules of ours that it may mean. Any of them is taken as right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.run import Floats, Run


@dataclass(frozen=True)
class Word:
    """One label of a rival."""

    label: str
    means: tuple[str, ...]  # rules of ours; the first is the one that a wrong word is counted under


Rival = Callable[[Run], Iterator[Word]]  # in the order in which the tool gives its words

NAN = Word("NaN loss", ("non-finite-loss", "diverging-loss", "learning-rate-too-high", "exploding-gradient"))


def values(run: Run, role: str) -> Floats:
    """All values of a role, empty where it was not recorded."""
    series = run.get(role)
    return series.values if series is not None else np.empty(0)


def of_layers(run: Run, statistic: str) -> Floats:  # (recordings, layers that have it)
    """A statistic of the layers, empty where it was not recorded."""
    try:
        return run.need_layers().where(statistic)[1]
    except SignalUnavailable:
        return np.empty((0, 0))


def parameters_of_a_layer(run: Run) -> float:
    """How many numbers a layer holds on average: norms are recorded, their tensors are not."""
    return float(run.facts.get("parameters", 1)) / max(1, of_layers(run, "grad_norm").shape[1])


def mean_size(run: Run) -> Floats:  # (recordings, layers)
    """About the mean absolute gradient of each layer: its L2 norm by the root of its size."""
    return of_layers(run, "grad_norm") / parameters_of_a_layer(run) ** 0.5
