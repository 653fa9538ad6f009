"""Healthy trainings: every program as it is, and those that look sick in one of the ways that are known to fool.

`traps` are the numbers of that list: 1 fine-tuned from near its floor, 2 converged, 3 noise that cannot be learned, 4 small batches,
    5 bumps of
validation, 6 a small natural gap, 7 ever surer though not worse, 8 dropout or noise in training alone, 9 linear layers, 10 inputs
beyond -1..1, 11 plain descent at 0.1, 12 easy data, 13 sparse ReLU units, 14 class outputs, 15 targets in large units,
    16 warm-up and steps of
the rate, 17 spikes that recover, 18 norms and skips, 19 a head at zero, 20 frozen on purpose, 21 rare classes that are found, 22 a late
drop, 23 summed gradients, 24 little or rare validation, 25 a negative loss, 26 rates that come and go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from injected.cache import Cache
from injected.loops import LOOPS
from injected.programs import HELD_OUT, PROGRAMS, Edits, tree

BY_NAME = {program.name: program for program in PROGRAMS}


@dataclass(frozen=True)
class Control:
    """One healthy training."""

    name: str
    data: str
    edits: Edits  # empty for a loop of one's own
    traps: tuple[int, ...] = ()
    first: Edits | None = None  # what is trained before, for weights to start from
    loop: str = ""  # the name of a loop of one's own

    @property
    def is_held_out(self) -> bool:
        """Whether nothing may be tuned on it."""
        return self.data in HELD_OUT

    def record(self, cache: Cache, seed: int = 0) -> Path:
        """Its run folder, or the log of its loop; trained now unless it has been."""
        if self.loop:
            return cache.log(self.loop, seed)
        return cache.run(self.tree(cache, seed))

    def tree(self, cache: Cache, seed: int = 0) -> Mapping[str, Any]:
        """The Config; the weights that it starts from are trained now unless they have been."""
        start = {"model.pretrained": cache.run(tree(self.first, seed + 100)).as_posix()} if self.first else {}
        return tree({**self.edits, **start}, seed)


def _of(program: str, *traps: int, **changes: object) -> tuple[str, Edits, tuple[int, ...]]:
    edits = {key.replace("__", "."): value for key, value in changes.items()}
    return BY_NAME[program].data, {**BY_NAME[program].edits, **edits}, traps


def _alone(data: str, *traps: int, **keys: object) -> tuple[str, Edits, tuple[int, ...]]:
    return data, {"data.test": 0.3, "data.validation": 0.2, **{key.replace("__", "."): value for key, value in keys.items()}}, traps


TRAPS = {
    "converged-wine": _of("wine-mlp", 2, 12, train__epochs=60, optim__l2=0.01, optim__schedule="cosine"),
    "converged-regression": _of("regression-mlp", 2, 6, train__epochs=60, optim__schedule="cosine", optim__l2=0.001),
    "converged-circles": _of("circles-mlp", 2, 3, train__epochs=60, optim__l2=0.003, optim__schedule="cosine"),
    "noise-floor-blobs": _of("blobs-mlp", 3, data__noise=5.0),
    "noise-floor-regression": _of("regression-mlp", 3, data__noise=1.0, model__hidden=[16], optim__lr=0.003),
    "noise-floor-diabetes": _of("diabetes-mlp", 3, model__hidden=[8]),
    "careless-labels": _of("digits-mlp", 3, data__label_noise=0.2, train__early_stopping=5, model__dropout=0.2),
    "careless-labels-circles": _of("circles-mlp", 3, data__label_noise=0.1),
    "batch-of-4-digits": _of("digits-sgd", 4, data__batch_size=4, optim__lr=0.005, train__epochs=6),
    "batch-of-4-spirals": _of("spirals-deep", 4, data__batch_size=4, optim__lr=0.001, train__epochs=25),
    "batch-of-4-friedman": _of("friedman-sgd", 4, data__batch_size=4, optim__lr=0.003, train__epochs=10),
    "batch-of-2-moons": _of("moons-sgd", 4, data__batch_size=2, optim__lr=0.01, train__epochs=8),
    "little-validation-digits": _of("digits-mlp", 5, 24, data__validation=0.03),
    "little-validation-circles": _of("circles-mlp", 5, 24, data__validation=0.05),
    "little-validation-wine": _of("wine-mlp", 5, 24, data__validation=0.1),
    "little-validation-friedman": _of("friedman-sgd", 5, 24, data__validation=0.05),
    "small-gap-digits": _of("digits-mlp", 6, train__epochs=25, optim__l2=0.001),
    "small-gap-cancer": _of("cancer-mlp", 6, optim__l2=0.01),
    "ever-surer-digits": _of("digits-own", 7, train__epochs=30),
    "ever-surer-cancer": _of("cancer-mlp", 7, train__epochs=50),
    "dropout-digits": _of("digits-mlp", 8, model__dropout=0.5, train__epochs=20),
    "dropout-tabular": _of("tabular-adamw", 8, model__dropout=0.4, train__epochs=20),
    "noisy-inputs-moons": _of("moons-tanh", 8, data__augment_noise=0.3),
    "noisy-inputs-textures": _of("textures-cnn", 8, data__augment_noise=0.5),
    "linear-blobs": _alone("blobs", 9, data__source="blobs", data__seed=2, model__kind="perceptron", optim__lr=0.03),
    "linear-cancer": _alone("cancer", 9, 12, data__source="breast_cancer", model__kind="perceptron", optim__lr=0.01, train__epochs=30),
    "linear-regression": _alone("regression", 9, data__source="regression", model__kind="perceptron", optim__lr=0.03, train__epochs=20),
    "descent-at-0.1-digits": _of("digits-mlp", 11, optim__name="sgd", optim__lr=0.1, train__epochs=20),
    "descent-at-0.1-circles": _of("circles-mlp", 11, optim__name="sgd", optim__lr=0.1, optim__momentum=0.9),
    "easy-iris": _alone("iris", 12, data__source="iris", model__hidden=[16], optim__lr=0.01, train__epochs=40),
    "raw-iris": _alone("iris", 10, data__source="iris", data__scale="none", model__hidden=[16], optim__lr=0.01, train__epochs=60),
    "easy-spirals": _of("spirals-deep", 12, data__noise=0.05, optim__schedule="cosine"),
    "minmax-digits": _of("digits-mlp", 10, data__scale="minmax", train__epochs=25),
    "sparse-relu-digits": _of("digits-mlp", 13, model__hidden=[256], train__epochs=10),
    "sparse-relu-tabular": _of("tabular-adamw", 13, model__activation="relu", model__hidden=[128]),
    "large-units-regression": _of("regression-mlp", 15, data__scale_target="none", optim__lr=0.02, optim__schedule="cosine"),
    "large-units-diabetes": _of("diabetes-mlp", 15, data__scale_target="none", optim__lr=0.1, train__epochs=40),
    "warm-up-digits": _of("digits-mlp", 16, optim__warmup=0.3),
    "steps-of-the-rate-digits": _of("digits-sgd", 16, optim__schedule="step", train__epochs=16),
    "onecycle-circles": _of("circles-mlp", 16, 26, optim__schedule="onecycle", optim__lr=0.03),
    "plateau-schedule-moons": _of("moons-sgd", 16, optim__schedule="plateau", train__epochs=50),
    "cosine-textures": _of("textures-cnn", 16, optim__schedule="cosine"),
    "fast-descent-digits": _of("digits-sgd", 17, optim__lr=0.4, optim__momentum=0.0, optim__schedule="cosine"),
    "fast-descent-friedman": _of("friedman-sgd", 17, optim__lr=0.06, optim__schedule="cosine"),
    "skips-digits": _of("digits-deep", 18, model__residual=True, model__norm="layer"),
    "normed-depth-circles": _of("circles-mlp", 18, model__hidden=[24] * 6, model__norm="batch"),
    "normed-sigmoid-digits": _of("digits-deep", 18, model__activation="sigmoid", optim__lr=0.01),
    "head-at-zero-digits": _of("digits-own", 19, model__kind="own.py:zero_head", optim__lr=0.003),
    "head-at-zero-tabular": _of("tabular-own", 19, model__kind="own.py:zero_head"),
    "balanced-cancer": _of("cancer-mlp", 21, train__class_weights="balanced"),
    "one-sigmoid-layer": _of("digits-mlp", 14, model__activation="sigmoid", model__hidden=[64], optim__lr=0.01),
    "one-logit-moons": _of("moons-tanh", 14, train__loss="bce"),
    "one-logit-circles": _of("circles-mlp", 14, train__loss="bce"),
    "absolute-error-friedman": _of("friedman-sgd", 15, train__loss="mae", optim__name="adam", optim__momentum=0.0, optim__lr=0.003),
    "whole-batch-blobs": _of("blobs-mlp", 4, data__batch_size="full", optim__lr=0.03, train__epochs=80),
    "clipped-digits": _of("digits-sgd", 17, optim__clip_norm=1.0),
    "selu-circles": _of("circles-mlp", 13, model__activation="selu"),
}  # fmt: skip
TUNED = {"optim.lr": 0.0003, "train.epochs": 6}


def _tuned(name: str, program: str, **also: object) -> Control:
    """Goes on from weights that another seed has found."""
    data, edits, _ = _of(program, **also)
    return Control(name, data, {**edits, **TUNED}, (1, 20) if also else (1,), BY_NAME[program].edits)


@cache
def controls() -> tuple[Control, ...]:
    """All of them, in a fixed order."""
    sound = [Control(f"{program.name}/healthy", program.data, program.edits) for program in PROGRAMS]
    traps = [Control(name, *parts) for name, parts in TRAPS.items()]
    tuned = [
        _tuned("fine-tuned-digits", "digits-mlp"), _tuned("fine-tuned-tabular", "tabular-adamw"), _tuned("fine-tuned-moons", "moons-tanh"),
        _tuned("frozen-body-digits", "digits-mlp", model__freeze=1), _tuned("frozen-body-tabular", "tabular-adamw", model__freeze=2),
    ]  # fmt: skip
    loops = [Control(name, data, {}, traps, loop=name) for name, (_, data, traps) in LOOPS.items()]
    return (*sound, *traps, *tuned, *loops)
