"""What a Fix may change: dotted paths of a Config. Safety follows from the path and is never declared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from advisor import dotted

# How it is trained may change without a question; what it aims at, sees or can express may not.
UNSAFE_TRAIN_PATHS = frozenset({"train.loss", "train.class_weights"})
# The result is measured on these: with them changed, before and after are no longer comparable.
MEASURE_PATHS = frozenset(
    f"data.{key}"
    for key in (
        "source",
        "target",
        "task",
        "samples",
        "noise",
        "limit",
        "label_noise",
        "validation",
        "test",
        "missing",
        "seed",
        "scale_target",
    )
)


class Safety(StrEnum):
    """Whether a Fix may be tried without asking."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


@dataclass(frozen=True)
class Edit:
    """One change of one dotted path. `measure` names a probe that finds a better value than `value` before it is tried."""

    path: str
    value: Any
    measure: str | None = None


def safety(edits: Iterable[Edit]) -> Safety:
    """How safe a set of Edits is: as unsafe as its worst path.

    >>> safety([Edit("optim.lr", 0.01)]), safety([Edit("model.norm", "batch")]), safety([])
    (<Safety.SAFE: 'safe'>, <Safety.UNSAFE: 'unsafe'>, <Safety.MANUAL: 'manual'>)
    """
    paths = [edit.path for edit in edits]
    if not paths:
        return Safety.MANUAL
    return Safety.SAFE if all(_is_safe(path) for path in paths) else Safety.UNSAFE


def _is_safe(path: str) -> bool:
    return path.startswith(("optim.", "train.")) and path not in UNSAFE_TRAIN_PATHS


def apply(edits: Iterable[Edit], config: Mapping[str, Any]) -> dict[str, Any]:
    """The Config with the Edits made; raises ValueError for a path that the result is measured on."""
    changed = dict(config)
    for edit in edits:
        if edit.path in MEASURE_PATHS:
            raise ValueError(f"{edit.path} decides what the result is measured on; no fix may change it")
        changed = dotted.put(changed, edit.path, edit.value)
    return changed
