"""What the probes before the first step mean, in words: a line each, and whether it is as it should be."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.text import number, printable

# The first loss in guesses: weights drawn in the usual ways start between.
LOW, HIGH = 0.5, 2.0
FITTED = 0.5  # of the loss a guess gives: what stays above was not fitted
NAMED = 3  # parameters that are named; the rest is counted


@dataclass(frozen=True)
class Look:
    """One thing that is known before training."""

    name: str
    text: str
    is_fine: bool


def looks(probes: Mapping[str, Any]) -> list[Look]:
    """What run.json's facts.probes say, in the order in which to look at them; nothing where nothing was probed."""
    return [_first_loss(probes), *_gradients(probes), _one_batch(probes)] if probes else []


def _first_loss(probes: Mapping[str, Any]) -> Look:
    first, guess = probes["first_loss"], probes["guess_loss"]
    said = f"{number(first)}, a guess gives {number(guess)}"
    if not math.isfinite(first):
        return Look("first loss", f"{said}: the network gives no number; look for NaN in data or model", False)
    if guess == 0:
        return Look("first loss", f"{said}: too few samples to tell", True)
    if first > HIGH * guess:
        cure = "look at model.init and at the scale of inputs and targets"
        return Look("first loss", f"{said}: its first answers are much worse than a guess; {cure}", False)
    if first < LOW * guess:
        return Look("first loss", f"{said}: it knows something already, as pretrained weights do", True)
    return Look("first loss", f"{said}: as it should be", True)


def _gradients(probes: Mapping[str, Any]) -> Iterator[Look]:
    unreached, zero = probes["unreached"], probes["zero_gradient"]
    if unreached:
        yield Look("gradients", f"no path from the loss to {_named(unreached)}: unused in the forward pass, or cut off", False)
    if zero:
        yield Look("gradients", f"exactly zero at {_named(zero)}: these cannot learn from here", False)
    if not unreached and not zero:
        yield Look("gradients", "every parameter receives one: as it should be", True)


def _one_batch(probes: Mapping[str, Any]) -> Look:
    batch = probes.get("one_batch")
    if batch is None:
        return Look("one batch", "not tried: the network is too large for a quick look", True)
    score = f"{batch['accuracy']:.0%} right" if "accuracy" in batch else _explained(batch.get("r2"))
    said = f"{batch['samples']} samples, {batch['steps']} steps: {batch['removed']:.0%} of the loss removed, {score}"
    if batch["last_loss"] <= FITTED * probes["guess_loss"]:
        return Look("one batch", f"{said}: a few samples can be learned by heart, as it should be", True)
    doubt = "not learned by heart, as with a network too small or too deep, or a last layer that does not suit the loss"
    return Look("one batch", f"{said}: {doubt}", False)


def _explained(r2: float | None) -> str:
    return "no spread to explain" if r2 is None else f"R² {number(r2)}"


def _named(names: list[str]) -> str:
    shown = ", ".join(printable(name) for name in names[:NAMED])
    return shown + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
