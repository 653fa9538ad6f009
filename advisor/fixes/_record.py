"""Values for a fix, read off the record of the run."""

from itertools import pairwise

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.run import Floats, Run

# A healthy step changes the weights by about a thousandth of their size (Karpathy, CS231n notes, "Ratio of weights:updates").
HEALTHY_UPDATE_RATIO = 1e-3

STRONGER = 10  # times, where a penalty is there already


def rounded(value: float, digits: int = 2) -> float:
    """`value` with that many significant digits, as a person would write it into a Config.

    >>> rounded(0.0123456), rounded(1234.5)
    (0.012, 1200.0)
    """
    return float(f"{value:.{digits}g}")


def finite_values(run: Run, role: str) -> Floats:  # (points,)
    """The finite values of a role; empty where it was not recorded."""
    series = run.get(role)
    return series.finite.values if series is not None else np.empty(0)


def rate_factor(run: Run, least: float, most: float, usual: float) -> float:
    """By how much to multiply the learning rate so that updates come near a healthy share of the weights.

    factor = 1e-3 / median over layers and recordings of ‖Δw‖/‖w‖, held within `least`..`most`; `usual` where
    no update was recorded.
    """
    try:
        _, ratios = run.need_layers().where("update_ratio")
    except SignalUnavailable:
        return usual
    known = ratios[np.isfinite(ratios) & (ratios > 0)]
    return float(np.clip(HEALTHY_UPDATE_RATIO / np.median(known), least, most)) if known.size else usual


def accuracy_gap(run: Run) -> float:
    """Training accuracy minus validation accuracy at the end, 0..1; nan where one of them is not recorded."""
    train, held_out = finite_values(run, "train_accuracy"), finite_values(run, "val_accuracy")
    return float(train[-1] - held_out[-1]) if train.size and held_out.size else float("nan")


def longest_wait(losses: Floats) -> int:
    """The most epochs that passed from one best value to the next while the curve still improved.

    A patience below it would have stopped the run on noise alone.

    >>> longest_wait(np.array([1.0, 0.8, 0.9, 0.85, 0.7, 0.9, 1.1]))
    3
    """
    best = np.minimum.accumulate(losses)
    bests = np.flatnonzero(np.r_[True, losses[1:] < best[:-1]])
    return max((int(later - earlier) for earlier, later in pairwise(bests)), default=1)


def pace(losses: Floats) -> float:
    """How much of the fall of the third quarter the last quarter still brought, 0..1; nan where neither fell.

    Quarters are compared by their means, so that the noise of single epochs does not decide.
    """
    if len(losses) < 4:
        return float("nan")
    second, third, last = (float(np.mean(part)) for part in np.array_split(losses, 4)[1:])
    return float(np.clip((third - last) / (second - third), 0, 1)) if second > third else float("nan")


def penalty(run: Run, path: str, usual: float, bounds: tuple[float, float]) -> float | None:
    """The strength that a penalty on weights should have next; None where it is stronger than `bounds` already, or no step is recorded.

    At first usual / (rate · steps), so that it acts on the weights over the length of the run; ten times as much where there is one.
    """
    now, (weakest, strongest) = dotted.get(run.config, path, 0.0), bounds
    if now > strongest or not run.steps:
        return None
    rate, steps = dotted.get(run.config, "optim.lr", 1e-3), run.steps
    return rounded(now * STRONGER if now else min(max(usual / (rate * steps), weakest), strongest))
