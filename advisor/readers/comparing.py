"""Tables that compare finished trainings, by model, fold or setting, or that list samples: they hold results, and no run."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from advisor.errors import ReadError, ResultsError
from advisor.readers.names import understood, words
from advisor.readers.numbers import number
from advisor.readers.opening import named
from advisor.readers.pivoting import Keys, keys_of
from advisor.readers.vocabulary import JUDGED
from advisor.text import printable

TABLES = (".csv", ".tsv", ".tab", ".csv.gz", ".tsv.gz")
SAMPLE = 200  # records looked at
LABEL = re.compile(r"(?!(?:nan|inf|none|null|na|n/a|true|false|yes|no)\b)[^\W\d]", re.IGNORECASE)
OF_ONE_RUN = frozenset({"date", "datetime", "day", "at", "when", "checkpoint", "ckpt", "snapshot", "path", "file", "notes", "comment"})
# What is set before a training and stays as it is.
SETTINGS = frozenset(
    {"lambda", "alpha", "sparsity", "bitwidth", "bits", "fold", "seed", "trial", "threshold", "depth", "estimators", "neighbors", "kernel"}
    | {"hidden", "layers", "units", "width", "dropout", "snr", "degree", "clusters", "rank", "size", "k", "param", "params", "thresholds"}
)
# What results are listed by, one row each, whatever order they stand in.
THINGS = frozenset(
    {"sample", "image", "img", "text", "sentence", "question", "prompt", "label", "target", "pred", "prediction", "student", "subject"}
    | {"patient", "class", "category", "layer", "feature", "user", "item", "player", "country"}
)
ONE_RESULT = "one record of results, and no log; expected a record a step or epoch"
COUNTERS = ("epoch", "step")
Rows = Sequence[Sequence[str]]


def refusal(path: Path, by: str, what: str = "table") -> ReadError:
    """The refusal of results, by what they are told apart; of text that only looks like a table another reader may know more."""
    kind = ReadError if what == "table" and not path.name.lower().endswith(TABLES) else ResultsError
    return kind(f"{named(path)}: a {what} of results by {printable(by)}, not of one training; expected a row or record an epoch")


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


def compared_records(records: Sequence[Mapping[str, Any]]) -> str:
    """The same for records with keys: the key by which they are compared, where none counts; else empty."""
    names = [key for key, value in records[0].items() if isinstance(value, str | int | float)] if records else []
    rows = [[str(record[name]) for name in names] for record in records[:SAMPLE] if all(name in record for name in names)]
    return compared(names, rows, keys_of(names, rows)) if len(rows) > len(records[:SAMPLE]) / 2 else ""


def one_result(keys: Iterable[str]) -> bool:
    """Whether a record of these keys tells how good something is, and of no epoch or step."""
    kinds = {understood(key.rpartition("/")[2]).kind for key in keys}
    return bool(kinds.intersection(JUDGED)) and not kinds.intersection(COUNTERS)


def _counts(name: str, rows: Rows, place: int) -> bool:
    """Whether a column counts epochs or steps: it goes up more often than it goes back."""
    if understood(name).kind not in ("epoch", "step"):
        return False
    values = [value for row in rows if (value := number(row[place].split("/")[0])) is not None]
    steps = [after - before for before, after in pairwise(values)]
    up, back = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return len(values) < 2 or (up > 0 and up >= 2 * back)


def _tells_apart(name: str, cells: Sequence[str]) -> bool:
    """Whether a column holds what is compared: labels, or the values of a setting."""
    if len(set(cells)) < 2 or understood(name).kind == "time" or OF_ONE_RUN.intersection(words(name)):
        return False
    if (SETTINGS | THINGS).intersection(words(name)) and len(words(name)) <= 2:
        return True
    labels = [cell for cell in cells if cell]
    numbered = len({label.rstrip("0123456789") for label in labels}) == 1
    return len(labels) > len(cells) / 2 and not numbered and all(LABEL.match(label) for label in labels)
