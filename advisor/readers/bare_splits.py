"""Figures that are printed under the name of their split alone: `train 0.51 val 0.62`, `learn: 0.3 test: 0.4`."""

from collections.abc import Iterable

from advisor.readers.names import understood, words
from advisor.readers.vocabulary import SPLITS


def split_of_bare(name: str) -> str:
    """The split that a name says and nothing else; empty where it says more."""
    said = words(name)
    return SPLITS.get(said[0], "") if len(said) == 1 and said[0] not in ("main", "fit", "rollout") else ""


def roles_of_bare(names: Iterable[str]) -> dict[str, str]:
    """What bare names stand for, where at least two splits are so named: the losses, or accuracies beside a loss."""
    listed = list(names)
    by_split: dict[str, str] = {}
    for name in listed:
        if split := split_of_bare(name):
            by_split.setdefault(split, name)
    if "train" not in by_split or len(by_split) < 2:
        return {}
    if "val" not in by_split:
        by_split["val"] = by_split["test"]
    kind = "accuracy" if any(understood(name).kind == "loss" for name in listed) else "loss"
    return {f"{split}_{kind}": by_split[split] for split in ("train", "val")}
