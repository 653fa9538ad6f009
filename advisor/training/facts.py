"""What is known of the data before the first step: the facts that rules and readers of run.json see."""

from typing import Any

import numpy as np

from advisor.training.sources.base import Array
from advisor.training.targets import Coding


def facts_of(inputs: dict[str, Array], targets: dict[str, Array], coding: Coding) -> dict[str, Any]:
    """Samples, features, classes and their shares, and the mean and spread of the training inputs as the network sees them.

    `samples` counts the training part. `input_means` are the smallest and the largest mean of a column, `input_spreads` likewise but
    for constant columns: one column in thousands among others near 1 shows there. `target_order` says how far neighbours in the source's
    order are alike, 0 = as by chance, 1 = sorted. What the network does before its first step stands
    under `probes`, see `advisor.training.probes`.
    """
    x = inputs["training"]
    facts: dict[str, Any] = {"task": coding.task, "samples": len(x)}
    facts |= {f"{name}_samples": len(inputs[name]) for name in ("validation", "test") if name in inputs}
    facts |= {"features": int(np.prod(x.shape[1:])), "input_shape": list(x.shape[1:])}
    facts["target_order"] = _order(targets["training"], coding.task)
    return facts | _of_targets(targets["training"], coding) | _of_inputs(x)


def _order(y: Array, task: str) -> float:
    """Cohen's κ between the classes of neighbours, or the correlation of their numbers; 0 where there is only one value."""
    first = y.reshape(len(y), -1)[:, 0]
    if len(first) < 3 or not (first != first[0]).any():
        return 0.0
    if task == "regression":
        return float(np.corrcoef(first[:-1], first[1:])[0, 1]) if first[:-1].std() * first[1:].std() > 0 else 0.0
    by_chance = float(np.sum((np.unique(first, return_counts=True)[1] / len(first)) ** 2))
    return (float((first[:-1] == first[1:]).mean()) - by_chance) / (1 - by_chance)


def _of_targets(y: Array, coding: Coding) -> dict[str, Any]:
    if coding.task == "regression":
        return {"targets": y.shape[1], "target_mean": float(y.mean()), "target_spread": float(y.std())}
    counts = np.bincount(y.reshape(-1), minlength=len(coding.classes))
    return {"classes": list(coding.classes), "class_shares": [float(share) for share in counts / counts.sum()]}


def _of_inputs(x: Array) -> dict[str, Any]:
    if x.dtype.kind in "iu":
        return {}
    columns = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1]) if x.ndim > 3 else x.reshape(-1, x.shape[-1])
    means, spreads = columns.mean(axis=0, dtype=np.float64), columns.std(axis=0, dtype=np.float64)
    return {
        "input_mean": float(x.mean(dtype=np.float64)),
        "input_spread": float(x.std(dtype=np.float64)),
        "input_means": [float(means.min()), float(means.max())],
        "input_spreads": [float(spreads[spreads > 0].min(initial=spreads.max())), float(spreads.max())],
    }
