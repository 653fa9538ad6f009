"""Splits that no name of a figure tells: one that stands alone, `train 0.51 val 0.62`, or that of the file, `eval.log`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from advisor.readers.base import Column
from advisor.readers.names import understood, words
from advisor.readers.vocabulary import JUDGED, SPLITS


def stem(path: Path) -> str:
    """The name of a file without its ending."""
    return path.name.removesuffix(".gz").rpartition(".")[0] or path.name


def splits_by_file(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Of a file that is named after validation, val_log.csv, the columns are validation, if none says otherwise."""
    said = words(stem(path))[:1] + words(stem(path))[-1:]
    judged = [name for name in names if understood(name).kind in JUDGED]
    if {SPLITS.get(word) for word in said} & {"train", "val"} != {"val"} or any(understood(name).split for name in judged):
        return {}
    return dict.fromkeys(judged, "val")


def split_of_bare(name: str) -> str:
    """The split that a name says and nothing else; empty where it says more."""
    said = words(name)
    return SPLITS.get(said[0], "") if len(said) == 1 and said[0] not in ("main", "fit", "rollout") else ""


def _are_growing_shares(column: Column) -> bool:
    """Whether figures lie within 0..1, or 0..100, and end higher than they began."""
    values = column.values
    within = bool(((values >= 0) & (values <= (1 if values[0] <= 1 else 100))).all())
    return within and column.ends_higher


def _counts(column: Column) -> bool:
    """Whether figures go up by one from one to the next, as epochs do: (train: 1 ), (train: 2 )."""
    return len(column) > 1 and bool(np.isfinite(column.values).all() and (column.values[1:] == column.values[:-1] + 1).all())


def roles_of_bare(columns: Mapping[str, Column]) -> dict[str, str]:
    """What bare names stand for, where at least two splits are so named: the losses, or accuracies beside a loss or where they grow."""
    by_split = bare_splits(name for name, column in columns.items() if not _counts(column))
    if "train" not in by_split:
        return {"val_loss": by_split["val"]} if by_split else {}
    is_loss = not any(understood(name).kind == "loss" for name in columns) and not _are_growing_shares(columns[by_split["train"]])
    kind = "loss" if is_loss else "accuracy"
    return {f"{split}_{kind}": by_split[split] for split in ("train", "val")}


def bare_splits(names: Iterable[str]) -> dict[str, str]:
    """The bare names of training and validation; of validation alone beside `loss train: 0.5, val: 0.6`; empty where they tell nothing."""
    listed = list(names)
    by_split: dict[str, str] = {}
    for name in listed:
        if split := split_of_bare(name):
            by_split.setdefault(split, name)
    if "train" not in by_split and "val" in by_split and any(words(name) == ("loss", "train") for name in listed):
        return {"val": by_split["val"]}
    if "train" not in by_split or len(by_split) < 2:
        return {}
    return {"train": by_split["train"], "val": by_split.get("val", by_split.get("test", ""))}
