"""Keys by their dotted paths, and the nearest one to a name that is none."""

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from advisor.config.base import Section
from advisor.config.whole import Config

# What other tools call our keys; compared without case, - and _.
ALIASES = {
    "learningrate": "optim.lr", "rate": "optim.lr", "alpha": "optim.lr", "eta": "optim.lr",
    "weightdecay": "optim.l2", "wd": "optim.l2", "decay": "optim.l2", "lambda": "optim.l2",
    "gradclip": "optim.clip_norm", "clip": "optim.clip_norm", "maxgradnorm": "optim.clip_norm", "gradientclipval": "optim.clip_norm",
    "optimizer": "optim.name", "optimiser": "optim.name", "scheduler": "optim.schedule", "lrscheduler": "optim.schedule",
    "batch": "data.batch_size", "bs": "data.batch_size", "dataset": "data.source", "file": "data.source", "csv": "data.source",
    "label": "data.target", "y": "data.target", "valsplit": "data.validation", "validationsplit": "data.validation",
    "val": "data.validation", "testsize": "data.test", "normalize": "data.scale", "numsamples": "data.samples",
    "layers": "model.hidden", "hiddenlayers": "model.hidden", "hiddensizes": "model.hidden", "width": "model.hidden",
    "units": "model.hidden", "channels": "model.hidden", "nonlinearity": "model.activation", "architecture": "model.kind",
    "dropoutrate": "model.dropout", "batchnorm": "model.norm", "initializer": "model.init", "finalactivation": "model.output",
    "epoch": "train.epochs", "numepochs": "train.epochs", "nepochs": "train.epochs", "maxepochs": "train.epochs",
    "patience": "train.early_stopping", "lossfunction": "train.loss", "criterion": "train.loss", "randomseed": "train.seed",
    "numthreads": "train.threads", "classweight": "train.class_weights", "logevery": "train.record_every",
}  # fmt: skip
SECTION_ALIASES = {"optimizer": "optim", "optimiser": "optim", "training": "train", "trainer": "train", "network": "model", "net": "model"}


@cache
def sections() -> Mapping[str, type[Section]]:
    """The sections by name, in order."""
    annotations = {name: field.annotation for name, field in Config.model_fields.items()}
    return {name: kind for name, kind in annotations.items() if isinstance(kind, type)}


@cache
def paths() -> tuple[str, ...]:
    """Every key as a dotted path, in order."""
    return tuple(f"{name}.{key}" for name, section in sections().items() for key in section.model_fields)


@cache
def schemas() -> Mapping[str, Mapping[str, Any]]:
    """The JSON schema of every key, by its dotted path."""
    return dict(_schemas())


def _schemas() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, section in sections().items():
        for key, schema in section.model_json_schema()["properties"].items():
            yield f"{name}.{key}", schema


def nearest(path: str) -> str | None:
    """The key that a mistaken path most likely means.

    >>> nearest("optim.learning_rate"), nearest("model.droput"), nearest("lr"), nearest("train.zzz")
    ('optim.lr', 'model.dropout', 'optim.lr', None)
    """
    key = path.rpartition(".")[2].lower()
    same_key = [known for known in paths() if known.rpartition(".")[2] == key]
    if same_key:
        return same_key[0]
    alias = ALIASES.get(key.replace("_", "").replace("-", ""))
    close = difflib.get_close_matches(path.lower(), paths(), n=1, cutoff=0.8)
    return alias or (close[0] if close else _near_key(key))


def _near_key(key: str) -> str | None:
    """The key that is spelled nearly so, in whatever section."""
    by_key = {path.rpartition(".")[2]: path for path in reversed(paths())}
    close = difflib.get_close_matches(key, by_key, n=1, cutoff=0.75)
    return by_key[close[0]] if close else None


def nearest_section(name: str) -> str | None:
    """The section that a mistaken name most likely means."""
    close = difflib.get_close_matches(name.lower(), sections(), n=1)
    return SECTION_ALIASES.get(name.lower()) or (close[0] if close else None)
