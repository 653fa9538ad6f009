"""Fixes that were tried on a run, as its folder records them; what stands there may have been written by anybody."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEXTS = ("fix", "verdict", "safety")
SIDES = ("before", "after")
NUMBER = int | float | str  # as text where it is not finite


def recorded(folder: Path) -> list[dict[str, Any]]:
    """The attempts in a run folder, each an entry of `attempts` in the JSON document; torn and foreign lines are left out."""
    if not folder.is_dir():
        return []
    from advisor.repair.attempts import ATTEMPTS  # with it comes all that checks a Config

    file = folder / ATTEMPTS
    if not file.is_file():
        return []
    found = (_parsed(line) for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return [entry for entry in found if entry is not None]


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and _is_attempt(entry) else None


def _is_attempt(entry: Mapping[str, Any]) -> bool:
    edits = entry.get("edits")
    return (
        all(isinstance(entry.get(name), str) for name in TEXTS)
        and isinstance(edits, list)
        and all(isinstance(edit, dict) and isinstance(edit.get("path"), str) and "value" in edit for edit in edits)
        and _is_signal(entry.get("signal"))
        and _is_metric(entry.get("metric"))
    )


def _is_signal(signal: Any) -> bool:
    if signal is None:
        return True
    numbers = [signal.get("before"), signal.get("threshold")] if isinstance(signal, dict) else [None]
    return _are_numbers(numbers) and isinstance(signal.get("rule"), str) and isinstance(signal.get("after"), NUMBER | None)


def _is_metric(metric: Any) -> bool:
    if metric is None:
        return True
    return isinstance(metric, dict) and isinstance(metric.get("name"), str) and all(_are_numbers(metric.get(when)) for when in SIDES)


def _are_numbers(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, NUMBER) for value in values)
