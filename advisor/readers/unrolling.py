"""JSON documents of other shapes than a list of records, brought into that one."""

import re
from typing import Any

COUNTED = re.compile(r"^(?:epoch|ep|step|iter(?:ation)?)?[ _\-]?(\d+)$", re.IGNORECASE)
POINT = 3  # TensorBoard's download: [wall time, step, value]


def unrolled(document: Any, name: str) -> Any:
    """The document as a list of records, where its shape is known: by epoch, pandas' "split", TensorBoard's download; else as it is."""
    if isinstance(document, dict):
        return _by_count(document) or _of_columns(document) or document
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


def _of_columns(document: dict[str, Any]) -> list[dict[str, Any]] | None:
    names, rows = document.get("columns"), document.get("data")
    if not (isinstance(names, list) and isinstance(rows, list) and rows and isinstance(rows[0], list)):
        return None
    return [dict(zip(map(str, names), row, strict=False)) for row in rows if isinstance(row, list)]
