"""Rows that hold a zero where nothing was validated: no validation, and not a perfect one."""

from collections.abc import Mapping

import numpy as np

from advisor.run import Ints, Series
from advisor.signals.direction import higher_is_better

FEWEST = 3  # losses of 0 that are told to be none
NEARLY_ALL = 0.95  # of the answers: with a twentieth of them wrong no loss of classes is 0
ROLES = ("val_loss", "val_accuracy", "val_metric")


def without(series: Mapping[str, Series]) -> tuple[dict[str, Series], tuple[str, ...]]:
    """The series without the validations that were not held, and a note of how many there were.

    A validation loss of exactly 0 says that every answer is right, an accuracy or another share of exactly 0 that none is. Both in one
    row is what tools write that skip a validation and fill the row up. Alone, a loss of 0 is such a row where most rows have it, between
    others that have a loss.
    """
    impossible = _impossible(series)
    if len(impossible):
        loss = series["val_loss"].take(~np.isin(series["val_loss"].places, impossible))
        return {**series, "val_loss": loss}, (
            f"{len(impossible)} validation losses are 0 though not every answer is right: they are left out",
        )
    rows, said = _contradicting(series), "the validation loss and its metrics alike"
    if not len(rows):
        rows, said = _between(series), "the validation loss, between others that have one"
    if not len(rows):
        return dict(series), ()
    kept = {role: one.take(~np.isin(one.places, rows)) if role in ROLES else one for role, one in series.items()}
    return kept, (f"{len(rows)} rows hold 0 for {said}: no validation was held there",)


def _impossible(series: Mapping[str, Series]) -> Ints:
    """The places of a validation loss of 0 where each has one, and the answers beside it are far from right."""
    loss, accuracy = series.get("val_loss"), series.get("val_accuracy")
    if loss is None or accuracy is None or len(loss) < FEWEST or not ((loss.values == 0) & (loss.places > 0)).all():
        return np.empty(0, dtype=np.int64)
    right = accuracy.values / (1 if accuracy.values.max(initial=0) <= 1 else 100)
    below = accuracy.places[(right > 0) & (right < NEARLY_ALL)]
    return np.intersect1d(loss.places, below) if len(below) == len(accuracy) else np.empty(0, dtype=np.int64)


def _between(series: Mapping[str, Series]) -> Ints:
    """The places of most rows, where those hold a validation loss of 0 and nothing else of a validation, and a training loss above it."""
    loss, trained = series.get("val_loss"), series.get("train_loss")
    told = [one.places[one.values != 0] for role, one in series.items() if role in ROLES]
    if loss is None or trained is None or not len(loss):
        return np.empty(0, dtype=np.int64)
    is_zero = (loss.values == 0) & (loss.places > 0)
    others = np.flatnonzero(~is_zero)
    zeros: Ints = loss.places[is_zero]
    above = np.isin(zeros, trained.places[trained.values > 0]).all() and not np.isin(zeros, np.concatenate(told)).any()
    is_between = len(others) > 1 and is_zero[others[0] : others[-1]].any()
    return zeros if above and is_between and 2 * len(zeros) > len(loss) else np.empty(0, dtype=np.int64)


def _contradicting(series: Mapping[str, Series]) -> Ints:
    """The places of the rows that hold both."""
    loss = series.get("val_loss")
    shares = [one for role, one in series.items() if role in ROLES[1:] and (role == "val_accuracy" or higher_is_better(one.name))]
    if loss is None or not shares:
        return np.empty(0, dtype=np.int64)
    zeros: Ints = loss.places[(loss.values == 0) & (loss.places > 0)]
    for share in shares:
        zeros = np.intersect1d(zeros, share.places[share.values == 0])
    return zeros
