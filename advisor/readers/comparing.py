"""Tables that compare finished trainings, by model, fold or setting: they hold results, and no run."""

import re
from collections.abc import Sequence
from itertools import pairwise

from advisor.readers.names import understood, words
from advisor.readers.numbers import number
from advisor.readers.pivoting import Keys

JUDGED = ("loss", "accuracy", "metric")
LABEL = re.compile(r"(?!(?:nan|inf|none|null|na|n/a|true|false|yes|no)\b)[^\W\d]", re.IGNORECASE)
OF_ONE_RUN = frozenset({"date", "datetime", "day", "at", "when", "checkpoint", "ckpt", "path", "file", "notes", "comment"})
# What is set before a training and stays as it is.
SETTINGS = frozenset(
    {"lambda", "alpha", "sparsity", "bitwidth", "bits", "fold", "seed", "trial", "threshold", "depth", "estimators", "neighbors", "kernel"}
    | {"hidden", "layers", "units", "width", "dropout", "snr", "degree", "clusters", "rank"}
)
Rows = Sequence[Sequence[str]]


def compared(names: Sequence[str], rows: Rows, keys: Keys) -> str:
    """The name of the column by which results are compared, where no column counts; else empty."""
    whole = [row for row in rows if len(row) == len(names)]
    if len(names) < 2 or keys.name is not None or any(_counts(name, whole, place) for place, name in enumerate(names)):
        return ""
    if keys.run is not None:
        return names[keys.run] if len({row[keys.run] for row in whole}) > 1 else ""
    first = next((place for place, name in enumerate(names) if understood(name).kind in JUDGED), len(names))
    by = (place for place in range(max(first, 1)) if place != keys.split)
    found = next((place for place in by if _tells_apart(names[place], [row[place] for row in whole])), None)
    return "" if found is None else names[found] or "name"


def _counts(name: str, rows: Rows, place: int) -> bool:
    """Whether a column counts epochs or steps: it goes up more often than it goes back."""
    if understood(name).kind not in ("epoch", "step"):
        return False
    values = [value for row in rows if (value := number(row[place].split("/")[0])) is not None]
    steps = [after - before for before, after in pairwise(values)]
    up, back = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return not values or not (up or back) or up >= 2 * back


def _tells_apart(name: str, cells: Sequence[str]) -> bool:
    """Whether a column holds what is compared: labels, or the values of a setting."""
    if len(set(cells)) < 2 or understood(name).kind == "time" or OF_ONE_RUN.intersection(words(name)):
        return False
    if SETTINGS.intersection(words(name)) and len(words(name)) <= 2:
        return True
    labels = [cell for cell in cells if cell]
    numbered = len({label.rstrip("0123456789") for label in labels}) == 1
    return len(labels) > len(cells) / 2 and not numbered and all(LABEL.match(label) for label in labels)
