"""Rows → how far training had come: epochs as progress, counted so that the first epoch ends at 1, and steps."""

from dataclasses import dataclass

import numpy as np

from advisor.readers.base import Column
from advisor.run import Bools, Floats


@dataclass(frozen=True, eq=False)
class Axes:
    """Epoch and step of every row of a table; nan where the source does not say."""

    epochs: Floats  # (rows,)
    steps: Floats  # (rows,)
    notes: tuple[str, ...] = ()


def by_row(column: Column | None, rows: int) -> Floats:
    """The cells of a column, each at its row; nan elsewhere."""
    spread = np.full(rows, np.nan)
    if column is not None:
        spread[column.rows] = np.where(np.isfinite(column.values), column.values, np.nan)
    return spread


def counted_from_one(epochs: Floats, steps: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Epochs counted from 1, where the file counts them from 0."""
    known = epochs[np.isfinite(epochs)]
    if len(known) == 0 or known.min() != 0 or not (known == np.round(known)).all() or _before_training(epochs, steps):
        return epochs, ()
    return epochs + 1, ("the file counts epochs from 0; here they count from 1",)


def _before_training(epochs: Floats, steps: Floats) -> bool:
    """Whether epoch 0 is an evaluation before the first step, and not the first epoch."""
    at_zero = steps[(epochs == 0) & np.isfinite(steps)]
    last = np.nanmax(epochs, initial=0)
    per_epoch = np.nanmax(steps, initial=0) / last if last > 0 else 0
    return len(at_zero) > 0 and bool((at_zero == 0).all() and per_epoch >= 2)


def with_progress(epochs: Floats, steps: Floats, kept: Bools) -> Floats:
    """Epochs as fractions, where several steps were logged within an epoch; what happens between two epochs lies between them."""
    anchors = _ends_of_epochs(epochs, steps, kept)
    if anchors is None:
        return epochs
    ends, counts = anchors
    progress = np.interp(steps, ends, counts, left=np.nan, right=np.nan)
    return np.where(np.isfinite(progress) & kept, progress, epochs)


def _ends_of_epochs(epochs: Floats, steps: Floats, kept: Bools) -> tuple[Floats, Floats] | None:
    """The last step of each epoch; None where a step says no more than the epoch, or the two do not fit."""
    both = kept & np.isfinite(epochs) & np.isfinite(steps)
    if not both.any() or not (epochs[both] == np.round(epochs[both])).all():
        return None
    order = np.argsort(epochs[both], kind="stable")
    counts, first = np.unique(epochs[both][order], return_index=True)
    ends = np.maximum.reduceat(steps[both][order], first)
    if len(np.unique(steps[kept & np.isfinite(steps)])) <= len(counts) or not (np.diff(ends) > 0).all():
        return None
    return _closed(ends, counts)


def _closed(ends: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """The anchors with a beginning, and with an unfinished last epoch where it stands."""
    length = float(np.median(np.diff(ends) / np.diff(counts))) if len(ends) > 1 else float(ends[0]) or 1.0
    if len(ends) > 1 and ends[-1] - ends[-2] < 0.9 * length * (counts[-1] - counts[-2]):
        counts = np.append(counts[:-1], counts[-2] + (ends[-1] - ends[-2]) / length)
    begin = 0.0 if counts[0] == 1 else ends[0] - length
    return np.append(min(begin, ends[0] - 1e-9), ends), np.append(counts[0] - 1, counts)


def within_epoch(epochs: Floats, batches: Floats, totals: Floats) -> Floats:
    """Epochs as fractions by a batch counter that begins anew with each epoch."""
    known = np.isfinite(epochs) & np.isfinite(batches)
    if not known.any() or (not np.isfinite(totals).any() and len(np.unique(epochs[known])) == known.sum()):
        return epochs
    length = np.where(np.isfinite(totals), totals, np.nanmax(batches[known]))
    with np.errstate(all="ignore"):
        share = np.clip(batches / length, 0, 1)
    return np.where(known & np.isfinite(share), epochs - 1 + share, epochs)


def spread_within_epochs(epochs: Floats) -> Floats:
    """Epochs as fractions by the order of the values, where an epoch has several and nothing else tells them apart."""
    if len(epochs) < 2 or not np.isfinite(epochs).all() or len(np.unique(epochs)) == len(epochs):
        return epochs
    if not (epochs == np.round(epochs)).all() or (np.diff(epochs) < 0).any():
        return epochs
    _, first, sizes = np.unique(epochs, return_index=True, return_counts=True)
    order = np.arange(len(epochs)) - np.repeat(first, sizes)
    return np.asarray(epochs - 1 + (order + 1) / np.repeat(sizes, sizes))
