"""TheDeepChecker (TOSEM 2022): its checks before and while training, with the thresholds of its settings.yaml.

Its own protocol trains 200 times on one batch; here its checks read the recorded run,
    and our fit of one batch. Means of tensors are taken from
norms; its measure of saturation (rho) is the recorded share at the limits. Checks of single weights, labels and augmentation are left out.
"""

from collections.abc import Iterator

import numpy as np

from advisor import dotted
from advisor.run import Run
from rivals.base import NAN, Word, mean_size, of_layers, values

FIRST_LOSS, BALANCE, NEURONS, SATURATED = 1.0, 0.5, 0.5, 0.85
SPREADS, SIZES, SPEEDS = (0.5, 2.0), (1e-6, 1e6), (-4.0, -1.0)
EVERY, CHECKS, DECREASE, GROWTH, SMOOTH = 10, 4, 0.05, 2.0, 0.5
TOO_FAST = Word("too fast", ("learning-rate-too-high", "huge-updates"))
TOO_SLOW = Word("too slow", ("learning-rate-too-low", "tiny-updates", "slow-learning", "stopped-too-early"))


def thedeepchecker(run: Run) -> Iterator[Word]:
    """Every check that fails: data and weights, then tensors, then the loss."""
    for checks in (_before, _activations, _gradients, _updates, _loss):
        yield from checks(run)


def _before(run: Run) -> Iterator[Word]:
    spreads, means = run.facts.get("input_spreads", [1, 1]), run.facts.get("input_means", [0, 0])
    is_unit = spreads[0] > 0.5 and spreads[1] < 2.0 and max(map(abs, means)) < 0.5
    if not is_unit and not (means[0] >= -1 and means[1] <= 1 and spreads[1] <= 1):
        yield Word("unnormalised data", ("unscaled-inputs",))
    shares = np.array(run.facts.get("class_shares", []))
    if len(shares) and float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum() / np.log(max(2, len(shares)))) < BALANCE:
        yield Word("unbalanced labels", ("class-imbalance",))
    first, guess = (dotted.get(run.facts, f"probes.{name}") for name in ("first_loss", "guess_loss"))
    if (
        isinstance(first, float)
        and isinstance(guess, float)
        and run.facts.get("task") == "classification"
        and abs(first - guess) >= guess * FIRST_LOSS
    ):
        yield Word("poor initial loss", ("bad-initialization", "unscaled-inputs"))
    accuracy = dotted.get(run.facts, "probes.one_batch.accuracy")
    if isinstance(accuracy, float) and accuracy < 0.95:
        yield Word(
            "cannot fit one batch",
            ("underfitting", "undersized-model", "mismatched-output-loss", "excessive-regularization", "vanishing-gradient"),
        )


def _activations(run: Run) -> Iterator[Word]:
    if (of_layers(run, "zero_share") > NEURONS).any():
        yield Word("dead activations", ("dead-units", "zero-gradient"))
    if (of_layers(run, "saturated_share") > SATURATED).any():
        yield Word("saturated activations", ("saturated-units", "deep-saturating-activation", "vanishing-gradient"))
    spreads = of_layers(run, "activation_std")
    if spreads.size and ((spreads < SPREADS[0]) | (spreads > SPREADS[1])).any():
        yield Word("unstable activation range", ("bad-initialization", "unscaled-inputs", "vanishing-gradient"))


def _gradients(run: Run) -> Iterator[Word]:
    sizes = mean_size(run)
    if (sizes < SIZES[0]).any():
        yield Word("vanishing gradient", ("vanishing-gradient", "zero-gradient", "bad-initialization"))
    if (sizes > SIZES[1]).any():
        yield Word("exploding gradient", ("exploding-gradient", "learning-rate-too-high", "bad-initialization"))


def _updates(run: Run) -> Iterator[Word]:
    ratios = of_layers(run, "update_ratio")
    if not ratios.size:
        return
    with np.errstate(all="ignore"):
        speeds = np.log10(ratios[:20].mean(axis=0))
    if (ratios[:20] == 0).all(axis=0).any():
        yield Word("untrained layer", ("zero-gradient",))
    if (speeds > SPEEDS[1]).any():
        yield TOO_FAST
    if ((speeds < SPEEDS[0]) & np.isfinite(speeds)).any():
        yield TOO_SLOW


def _loss(run: Run) -> Iterator[Word]:
    series = run.step_series.get("train_loss") or run.get("train_loss")
    losses = series.values if series is not None else np.empty(0)
    if not np.isfinite(losses).all() or not np.isfinite(values(run, "val_loss")).all():
        yield NAN
    means = np.array([losses[i : i + EVERY].mean() for i in range(0, len(losses) - EVERY + 1, EVERY)])
    with np.errstate(all="ignore"):
        falls, rises = 1 - means[1:] / means[:-1] < DECREASE, means[1:] / means[:-1] >= GROWTH
    if _in_a_row(rises) >= CHECKS:
        yield Word("diverging loss", ("diverging-loss", "learning-rate-too-high", "exploding-gradient"))
    if _in_a_row(falls[:20]) >= CHECKS:
        yield Word("loss not decreasing", ("not-learning", "plateau", "learning-rate-too-low", "slow-learning", "underfitting"))
    if len(losses) >= 50 and _smoothness(losses[:200]) < SMOOTH:
        yield Word("fluctuating loss", ("oscillating-loss", "loss-spikes", "learning-rate-too-high"))


def _in_a_row(marks: np.ndarray) -> int:
    longest = now = 0
    for mark in marks:
        now = now + 1 if mark else 0
        longest = max(longest, now)
    return longest


def _smoothness(losses: np.ndarray) -> float:
    """How well a value follows from the one before: the correlation of neighbours."""
    return float(np.corrcoef(losses[:-1], losses[1:])[0, 1]) if np.isfinite(losses).all() and losses.std() > 0 else 1.0
