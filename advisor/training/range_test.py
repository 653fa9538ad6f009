"""Which learning rate suits: a short training whose rate rises from far too small to far too large.

After L. N. Smith, "Cyclical Learning Rates for Training Neural Networks" (2017). The rate taken is a tenth of the one at which the
smoothed loss is lowest, as fastai does (Howard, Gugger 2020, arXiv:2002.04688): at the lowest point training is about to break,
and the place of the steepest fall moves with the smoothing, often to rates that already break it.

Each loss is taken beside that of the untrained network on the same batch, so that easy and hard batches do not count as progress.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from advisor.config import Config
from advisor.run import Floats
from advisor.training.batches import Batch
from advisor.training.optimizers import clip_gradients
from advisor.training.probes import undisturbed
from advisor.training.repeatable import device_of, repeatable
from advisor.training.setup import Setup, set_up

LOWEST, HIGHEST = 1e-7, 10.0
STEPS = 100
SMOOTHING = 0.9  # weight of the past in the running mean of the loss
DIVERGED = 4.0  # times the best smoothed loss: what follows tells nothing more
# A running mean needs some steps to settle.
SETTLING = 5
SAFETY = 10.0  # from the rate at which the loss is lowest to the one that is suggested
LEAST_FALL = 0.03  # share of the first losses: what falls less tells nothing


@dataclass(frozen=True, eq=False)
class RangeTest:
    """What a range test saw. `suggestion` is None where no rate made the loss fall."""

    rates: Floats  # (steps,)
    losses: Floats  # (steps,) smoothed
    suggestion: float | None


def range_test(config: Config) -> RangeTest:
    """Tries a network like the Config's, fresh and with the same seed; nothing is written and no training is touched."""
    with repeatable(config), undisturbed(device_of(config)):
        rates, losses = _sweep(set_up(config), set_up(config).model)
    return RangeTest(rates, losses, suggested(rates, losses))


def _sweep(setup: Setup, untrained: nn.Module) -> tuple[Floats, Floats]:
    rates, losses = np.geomspace(LOWEST, HIGHEST, STEPS), []
    mean, start, best = 0.0, 0.0, math.inf
    batches = _endless(setup)
    for taken, rate in enumerate(rates, 1):
        batch = next(batches)
        with torch.no_grad():
            at_first = float(setup.loss(untrained(batch.x), batch.y))
        start += (at_first - start) / taken  # of all batches so far
        mean = SMOOTHING * mean + (1 - SMOOTHING) * (_step(setup, batch, float(rate)) - at_first)
        change = mean / (1 - SMOOTHING**taken)
        if not math.isfinite(change) or start + change > DIVERGED * best:
            break
        best = min(best, start + change)
        losses.append(change)
    return rates[: len(losses)], start + np.array(losses)


def _endless(setup: Setup) -> Iterator[Batch]:
    while True:
        yield from setup.batches


def _step(setup: Setup, batch: Batch, rate: float) -> float:
    for group in setup.optimizer.param_groups:
        group["lr"] = rate
    loss = setup.loss(setup.model(batch.x), batch.y)
    setup.optimizer.zero_grad()
    torch.autograd.backward(loss)
    clip_gradients(setup.trainable, setup.config.optim.clip_norm)
    setup.optimizer.step()
    return float(loss.detach())


def suggested(rates: Floats, losses: Floats) -> float | None:
    """A tenth of the rate at which the loss is lowest; None where no rate made it fall.

    >>> rates = np.geomspace(1e-4, 1, 41)
    >>> losses = np.abs(np.log10(rates / 1e-1))
    >>> round(suggested(rates, losses), 4)
    0.01
    """
    if len(losses) <= 2 * SETTLING:
        return None
    first, lowest = float(np.median(losses[:SETTLING])), int(np.argmin(losses))
    has_fallen = losses[lowest] < first - LEAST_FALL * abs(first)
    return float(rates[lowest]) / SAFETY if has_fallen else None
