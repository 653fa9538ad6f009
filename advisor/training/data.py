"""Config → Data: read, split, limit, fill, scale, and only then tensors. Everything random follows data.seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from advisor.config import Config
from advisor.config.places import place_of
from advisor.errors import DataError
from advisor.training import origin, scaling, splits
from advisor.training.facts import facts_of
from advisor.training.formats.base import HELD_OUT
from advisor.training.inputs import incomplete_treated, laid_out
from advisor.training.leaks import leaks_of
from advisor.training.sources.base import Array, Part, RawData
from advisor.training.targets import Coding, Task, coding_of, finite_inputs, with_known_targets

Parts = dict[str, Part]  # "training" and, where there are any, "validation" and "test"


@dataclass(frozen=True, eq=False)
class Data:
    """What a network is trained and measured on. Classes are indices (samples,), numbers float (samples, targets)."""

    x_train: torch.Tensor  # (samples, *input_shape)
    y_train: torch.Tensor
    x_val: torch.Tensor | None
    y_val: torch.Tensor | None
    x_test: torch.Tensor | None
    y_test: torch.Tensor | None
    task: Task
    classes: tuple[str, ...]  # names; empty for regression
    outputs: int  # how many numbers the network gives
    input_shape: tuple[int, ...]
    facts: Mapping[str, Any]
    notes: tuple[str, ...]  # what was assumed or left out


def load_data(config: Config) -> Data:
    """The data of a Config, ready to train on; raises DataError in one line where they cannot be."""
    raw = with_known_targets(origin.read(config), config.data.missing)
    raw = incomplete_treated(laid_out(raw, config), config.data.missing)
    coding = coding_of(raw, config.data.task)
    parts = _limited(_parts(raw, coding, config), coding, config)
    for name, part in parts.items():
        finite_inputs(part, name)
    inputs = _inputs(parts, raw, config)
    targets = _targets({name: part.y for name, part in parts.items()}, coding, config)
    facts = facts_of(inputs, targets, coding) | leaks_of(inputs, targets, coding.task, raw.columns)
    return _data(inputs, targets, coding, config, facts=facts, notes=(*raw.notes, *_without_effect(raw, coding, config)))


def _parts(raw: RawData, coding: Coding, config: Config) -> Parts:
    """The parts with their targets encoded: those that the source keeps apart, and those that are split off."""
    whole = Part(raw.whole.x, coding.encode(raw.whole.y, "training"))
    held_out = {name: Part(part.x, coding.encode(part.y, name)) for name, part in raw.held_out.items()}
    fractions = {name: getattr(config.data, name) for name in HELD_OUT if name not in held_out}
    rest, rows = splits.split(_groups(whole.y, coding), list(fractions.values()), config.data.seed)
    for name, chosen in zip(fractions, rows, strict=True):
        if fractions[name]:
            held_out[name] = whole.take(chosen)
    parts = {"training": whole.take(rest), **{name: held_out[name] for name in HELD_OUT if name in held_out}}
    _check_sizes(parts, len(whole))
    return parts


def _groups(y: Array, coding: Coding) -> Array:
    return y if coding.task == "classification" and y.ndim == 1 else np.zeros(len(y), dtype=np.int64)


def _check_sizes(parts: Parts, samples: int) -> None:
    for name, part in parts.items():
        least = 2 if name == "training" else 1
        if len(part) < least:
            raise DataError(
                f"{samples} samples leave {len(part)} for the {name} part, expected {least} or more; add samples or change data.{name}"
            )
        if part.x.shape[1:] != parts["training"].x.shape[1:]:
            shapes = f"{part.x.shape[1:]} in the {name} part and {parts['training'].x.shape[1:]} in training"
            raise DataError(f"found inputs of shape {shapes}, expected the same")


def _limited(parts: Parts, coding: Coding, config: Config) -> Parts:
    if config.data.limit == "all":
        return parts
    training = parts["training"]
    rows = splits.kept(_groups(training.y, coding), config.data.limit, config.data.seed)
    return {**parts, "training": training.take(rows)}


def _inputs(parts: Parts, raw: RawData, config: Config) -> dict[str, Array]:
    """The inputs of each part as the network sees them."""
    x = {name: part.x for name, part in parts.items()}
    if raw.are_tokens:
        kind = np.int64 if place_of(config.model.kind) == "function" else np.float32
        return {name: values.astype(kind) for name, values in x.items()}
    images = parts["training"].x.ndim > 3
    x = scaling.filled({name: values.astype(np.float64) for name, values in x.items()}, images)
    scale = scaling.fitted(x["training"], config.data.scale, images)
    return {name: (scale.apply(values) * config.data.multiply).astype(np.float32) for name, values in x.items()}


def _targets(y: dict[str, Array], coding: Coding, config: Config) -> dict[str, Array]:
    """The targets of each part, scaled by the true training targets; then noise on those of training alone."""
    seed, share = config.data.seed, config.data.label_noise
    if coding.task == "classification":
        noisy = splits.with_wrong_labels(y["training"], share, len(coding.classes), seed) if share else y["training"]
        return {**y, "training": noisy}
    scale = scaling.fitted(y["training"], config.data.scale_target)
    y = {name: scale.apply(values) for name, values in y.items()}
    noisy = splits.with_noise(y["training"], share, seed) if share else y["training"]
    return {name: values.astype(np.float32) for name, values in {**y, "training": noisy}.items()}


def _data(inputs: dict[str, Array], targets: dict[str, Array], coding: Coding, config: Config, **told: Any) -> Data:
    # torch would share the arrays, some of which belong to the user's function: copied once
    x = {name: torch.tensor(values) for name, values in inputs.items()}
    y = {name: torch.tensor(values) for name, values in targets.items()}
    return Data(
        x_train=x["training"],
        y_train=y["training"],
        x_val=x.get("validation"),
        y_val=y.get("validation"),
        x_test=x.get("test"),
        y_test=y.get("test"),
        task=coding.task,
        classes=coding.classes,
        outputs=_outputs(targets["training"], coding, config),
        input_shape=tuple(x["training"].shape[1:]),
        **told,
    )


def _without_effect(raw: RawData, coding: Coding, config: Config) -> tuple[str, ...]:
    """Notes on keys that these data leave without effect."""
    brought = [name for name in raw.held_out if config.names(f"data.{name}") and not isinstance(getattr(config.data, name), str)]
    own = [f"data.{name} has no effect: the source brings a {name} part of its own" for name in brought]
    weights = coding.task == "regression" and config.train.class_weights != "none"
    return (*own, *(["train.class_weights has no effect: numbers are predicted, not classes"] if weights else []))


def _outputs(y: Array, coding: Coding, config: Config) -> int:
    if coding.task == "regression":
        return int(y.shape[1])
    return 1 if config.train.loss == "bce" else len(coding.classes)
