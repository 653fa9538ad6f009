"""Programs: a data set with an architecture that learns it, and which of them are set apart.

The split is by data set, so that no program of the one side shares data or network with the other. It was fixed before any rule was
tuned on these trainings: figures that are quoted come from the held-out programs alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from advisor import dotted

BASE = Path(__file__).parent  # where the relative paths of every Config here start
Edits = Mapping[str, Any]  # dotted path -> value
USUAL: Edits = MappingProxyType({"data.test": 0.3, "data.validation": 0.2})
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Program:
    """A healthy Config: what faults are injected into."""

    name: str
    data: str  # the data set, which the split goes by
    edits: Edits
    traits: frozenset[str] = frozenset()  # which faults suit it: "few", "rare", "own", "straight" where straight lines suffice ...

    @property
    def is_held_out(self) -> bool:
        """Whether nothing may be tuned on it."""
        return self.data in HELD_OUT

    def get(self, path: str, default: Any = None) -> Any:
        """A value of the healthy Config."""
        return self.edits.get(path, default)

    @property
    def is_regression(self) -> bool:
        """Whether numbers are predicted."""
        return "regression" in self.traits


HELD_OUT = frozenset({"circles", "spirals", "cancer", "diabetes", "friedman", "tabular", "textures", "rare-cancer", "waves"})


def program(name: str, data: str, edits: Edits, *traits: str) -> Program:
    """A program with the parts that all share."""
    return Program(name, data, {**USUAL, **edits}, frozenset(traits))


def tree(edits: Edits, seed: int) -> dict[str, Any]:
    """The Config of some edits under one seed, as nested tables; paths in it start from `BASE`."""
    whole: dict[str, Any] = {}
    for path, value in {**edits, "train.seed": seed}.items():
        whole = dotted.put(whole, path, value)
    return whole


DIGITS, BLOBS, MOONS = {"data.source": "digits"}, {"data.source": "blobs", "data.seed": 2}, {"data.source": "moons"}
TANH, ADAM = {"model.activation": "tanh"}, {"optim.lr": 0.01}
PROGRAMS = (
    program("digits-mlp", "digits", {**DIGITS, "train.epochs": 15}),
    program("digits-sgd", "digits", {**DIGITS, "model.hidden": [48], "optim.name": "sgd", "optim.lr": 0.05, "optim.momentum": 0.9,
        "train.epochs": 12}),
    program("digits-cnn", "digits", {**DIGITS, **ADAM, "model.kind": "cnn", "model.hidden": [8, 16], "model.norm": "batch",
        "train.epochs": 8}),
    program("digits-deep", "digits", {**DIGITS, "model.hidden": [32] * 6, "model.norm": "batch", "optim.lr": 0.003,
        "train.epochs": 15}, "deep"),
    program("digits-few", "digits", {**DIGITS, "data.limit": 100, "model.hidden": [64], "model.dropout": 0.3, "train.epochs": 80,
        "train.early_stopping": 8}, "few"),
    program("digits-own", "digits", {**DIGITS, **ADAM, "model.kind": "own.py:sound", "train.epochs": 15}, "own"),
    program("blobs-mlp", "blobs", {**BLOBS, **ADAM, "model.hidden": [16, 16], "train.epochs": 20}, "straight"),
    program("moons-tanh", "moons", {**MOONS, **ADAM, **TANH, "model.hidden": [32, 32], "train.epochs": 30}),
    program("moons-sgd", "moons", {**MOONS, "data.samples": 800, "model.hidden": [32], "optim.name": "sgd", "optim.lr": 0.1,
        "optim.momentum": 0.9, "train.epochs": 30}),
    program("moons-few", "noisy-moons", {"data.source": "own.py:noisy_moons", "data.limit": 80, **ADAM, "model.hidden": [16],
        "optim.l2": 0.01, "train.epochs": 120, "train.early_stopping": 10}, "few"),
    program("moons-sorted", "sorted-moons", {"data.source": "own.py:sorted_moons", **ADAM, "model.hidden": [32, 32],
        "train.epochs": 20}, "sorted", "only-sorted"),
    program("wine-mlp", "wine", {"data.source": "wine", **ADAM, "model.hidden": [32], "data.batch_size": 16, "train.epochs": 30},
        "straight", "raw"),
    program("regression-mlp", "regression", {"data.source": "regression", "train.epochs": 20}, "regression", "straight"),
    program("rare-mlp", "rare", {"data.source": "own.py:rare", "train.class_weights": "balanced", "model.hidden": [32],
        "optim.lr": 0.003, "train.epochs": 25}, "rare"),
    program("circles-mlp", "circles", {"data.source": "own.py:circles", **ADAM, "model.hidden": [32, 32], "train.epochs": 30}),
    program("spirals-deep", "spirals", {"data.source": "spirals", **ADAM, "model.hidden": [48, 48, 48], "train.epochs": 30}, "sorted"),
    program("cancer-mlp", "cancer", {"data.source": "breast_cancer", "model.hidden": [32, 16], "model.norm": "layer",
        "optim.name": "rmsprop", "train.epochs": 20}, "straight", "raw"),
    program("diabetes-mlp", "diabetes", {"data.source": "diabetes", "model.hidden": [16], "optim.lr": 0.003, "train.epochs": 30},
        "regression", "straight"),
    program("diabetes-few", "diabetes", {"data.source": "diabetes", "data.limit": 120, "model.hidden": [16], "optim.lr": 0.003,
        "optim.l2": 0.05, "train.epochs": 120, "train.early_stopping": 10}, "regression", "few"),
    program("friedman-sgd", "friedman", {"data.source": "own.py:friedman", "model.hidden": [64, 64], "optim.name": "sgd",
        "optim.lr": 0.02, "optim.momentum": 0.9, "train.epochs": 25}, "regression"),
    program("friedman-sorted", "friedman", {"data.source": "own.py:sorted_friedman", **ADAM, "model.hidden": [32, 32],
        "train.epochs": 20}, "regression", "sorted", "only-sorted"),
    program("tabular-adamw", "tabular", {"data.source": "own.py:tabular", "model.activation": "gelu", "optim.name": "adamw",
        "optim.lr": 0.002, "train.epochs": 12}),
    program("tabular-few", "tabular", {"data.source": "own.py:tabular", "data.limit": 150, "model.hidden": [32], "model.dropout": 0.3,
        "optim.l2": 0.01, "train.epochs": 100, "train.early_stopping": 10}, "few"),
    program("tabular-own", "tabular", {"data.source": "own.py:tabular", **ADAM, "model.kind": "own.py:sound", "optim.lr": 0.003,
        "train.epochs": 10}, "own"),
    program("tabular-sorted", "tabular", {"data.source": "own.py:sorted_tabular", **ADAM, "model.hidden": [32, 32], "train.epochs": 8},
        "sorted", "only-sorted"),
    program("textures-cnn", "textures", {"data.source": "own.py:textures", **ADAM, "model.kind": "cnn", "model.hidden": [8, 16],
        "train.epochs": 12}),
    program("rare-cancer-mlp", "rare-cancer", {"data.source": "own.py:rare_cancer", "train.class_weights": "balanced",
        "model.hidden": [16], "model.dropout": 0.2, "optim.lr": 0.002, "train.epochs": 60, "train.early_stopping": 6}, "rare"),
    program("waves-gru", "waves", {"data.source": "own.py:waves", "optim.lr": 0.02, "model.kind": "own.py:rolled", "train.epochs": 20},
        "recurrent"),
    program("digits-sorted", "digits", {"data.source": "ordered.py:digits_in_order", "model.hidden": [48], "optim.name": "sgd",
        "optim.lr": 0.1, "optim.momentum": 0.9, "train.epochs": 8},
        "sorted", "only-sorted"),
    program("moons-own", "moons", {**MOONS, **ADAM, "model.kind": "own.py:sound", "train.epochs": 20}, "own"),
)  # fmt: skip
