"""JSON documents of other shapes than a list of records, brought into that one."""

import re
from itertools import pairwise
from typing import Any

from advisor.readers.counting import known_split
from advisor.readers.names import understood

COUNTED = re.compile(r"^(?:epoch|ep|step|iter(?:ation)?)?[ _\-]?(\d+)$", re.IGNORECASE)
COUNTERS = ("epoch", "step")
POINT = 3  # TensorBoard's download: [wall time, step, value]


def unrolled(document: Any, name: str) -> Any:
    """The document as a list of records, where its shape is known, as of pandas' "split" and TensorBoard's download; else as it is."""
    if isinstance(document, dict):
        return _by_count(document) or _of_columns(document) or _by_split(document) or _of_pairs(document) or document
    if isinstance(document, list) and len(document) > 1 and all(isinstance(point, list) and len(point) == POINT for point in document):
        run, _, tag = name.removeprefix("run-").rpartition("-tag-")
        return [{"wall_time": time, "step": step, f"{run}/{tag}" if run else tag: value} for time, step, value in document]
    return document


def _by_count(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """{"1": {...}, "2": {...}} or {"epoch_1": {...}}: a record for each count."""
    if len(document) < 2 or not all(isinstance(value, dict) for value in document.values()):
        return None
    counts = [COUNTED.match(key) for key in document]
    if not all(counts):
        return None
    axis = "step" if next(iter(document)).lower().startswith(("step", "iter")) else "epoch"
    return [{axis: int(count[1])} | value for count, value in zip(counts, document.values(), strict=True) if count]


def _by_split(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """{"train": [{...}, ...], "val": [{...}, ...]}: one record a count, or a place, with the names of both."""
    parts = {
        key: value for key, value in document.items() if isinstance(value, list) and value and understood(key).split == known_split(key)
    }
    parts = {key: value for key, value in parts.items() if known_split(key) and all(isinstance(record, dict) for record in value)}
    if len(parts) < 2 or any(isinstance(value, str) for records in parts.values() for record in records for value in record.values()):
        return None  # samples have words
    merged: dict[float, dict[str, Any]] = {}
    for split, records in parts.items():
        for place, record in enumerate(records):
            count = next(
                (record[key] for key in record if understood(key).kind in COUNTERS and isinstance(record[key], int | float)), place
            )
            told = {key if understood(key).kind in COUNTERS else f"{split}/{key}": value for key, value in record.items()}
            merged.setdefault(count, {}).update(told)
    return [merged[count] for count in sorted(merged)]


def _of_pairs(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """{"loss": [[step, value], ...], ...}: a record a step."""
    merged: dict[float, dict[str, Any]] = {}
    for key, points in document.items():
        if not (isinstance(points, list) and len(points) > 1 and understood(key).kind):
            continue
        if not all(isinstance(point, list) and len(point) == 2 and isinstance(point[0], int) for point in points):
            return None
        if any(after[0] <= before[0] for before, after in pairwise(points)):
            return None
        for step, value in points:
            merged.setdefault(step, {"step": step})[key] = value
    return [merged[step] for step in sorted(merged)] or None


def _of_columns(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    names, rows = document.get("columns"), document.get("data")
    if not (isinstance(names, list) and isinstance(rows, list) and rows and isinstance(rows[0], list)):
        return None
    return [dict(zip(map(str, names), row, strict=False)) for row in rows if isinstance(row, list)]
