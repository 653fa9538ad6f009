"""json-document: one JSON document with a list of records, or a list of numbers a metric; Chainer, skorch, Keras' history, Ludwig."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from advisor.errors import ReadError, ResultsError
from advisor.readers.bare_splits import bare_splits, roles_of_bare
from advisor.readers.base import Reader, Source, Table
from advisor.readers.comparing import ONE_RESULT, compared_records, one_result, refusal
from advisor.readers.entries import Cells, as_number, numbers_in, renamed, split_of
from advisor.readers.json_text import items_of, parsed
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.unrolling import unrolled
from advisor.readers.vocabulary import JUDGED

DEEPEST = 5
BEGINNING = re.compile(
    r"[\[{]\s*+(?:[\[{\"\]}]|-?[\d.]++(?:[eE][-+]?\d++)?(?:\s*+,|\s*+\]\s*+(?:[,\]}]|$)|\s++-?[\d.]++(?!:))|NaN|null|true|false|-?Infinity)"
)  # [train], [10:02], [20230831 13:35:06 and `[1] loss` are none
KNOWN = frozenset({"combined", "history", "log", "metrics"})  # keys over the histories of one run
BATCHES = "batches"  # skorch keeps every batch within the epoch's record
Path_ = tuple[str, ...]


class JsonDocument(Reader):
    """A JSON document that holds lists: of records, or of a metric's values."""

    def recognises(self, source: Source) -> float:
        """By its brackets, and by keys that name losses."""
        text = source.text.lstrip("\ufeff \r\n\t")
        if not BEGINNING.match(text):
            return 0.0
        keys = list(_keys_in(text))
        said = any(understood(word).kind in JUDGED for word in keys) or bool(bare_splits(keys))
        return 0.85 if said or text.startswith("[[") else 0.2

    def read(self, source: Source) -> Iterator[Table]:
        """One table, or one for each named history."""
        text = "\n".join(source.lines)
        document = parsed(text)
        notes: tuple[str, ...] = ()
        if document is None:
            document, notes = list(items_of(text)), ("the file ends in the middle; what could be read of it was",)
        name = source.path.name.removesuffix(".gz").rpartition(".")[0] or source.path.name
        for run, part in _runs(document, name).items():
            part = unrolled(part, name)
            records = _records(part)
            if by := compared_records(records):
                raise refusal(source.path, by, "list")
            cells = _of_records(records) or _of_lists(part)
            if cells.rows == 1 and len(records) == 1 and one_result(cells.filled):
                raise ResultsError(f"{named(source.path)}: {ONE_RESULT}")
            if not cells.rows:
                raise ReadError(f"{named(source.path)}: JSON without a list of records or of numbers; expected a record a step or epoch")
            columns = cells.columns()
            yield Table(run, source.path, columns, cells.rows, "records", notes, splits=cells.splits(), roles=roles_of_bare(columns))


def _runs(document: Any, name: str) -> dict[str, Any]:
    """The histories in a document that holds one a run, under names that are no splits; else the document."""
    if not isinstance(document, dict) or len(document) < 2:
        return {name: document}
    told = {str(key): value for key, value in document.items() if isinstance(value, dict) and _is_history(value)}
    is_named = not any(understood(key).split or understood(key).kind or key in KNOWN for key in told)
    return told if len(told) == len(document) and is_named else {name: document}


def _is_history(value: Mapping[str, Any]) -> bool:
    """Whether it has lists of losses, or of other figures, by their names."""
    judged = [inner for key, inner in value.items() if understood(str(key)).kind in JUDGED]
    return any(isinstance(inner, list) and len(inner) > 1 for inner in judged)


def _keys_in(text: str) -> Iterator[str]:
    parts = text[:20000].split('"')
    yield from (part for part, after in zip(parts[1::2], parts[2::2], strict=False) if after.lstrip().startswith(":") and len(part) < 80)


def _records(document: Any, depth: int = 0) -> list[Mapping[str, Any]]:
    """The longest list of records in a document that name something to judge by."""
    if isinstance(document, list):
        records: list[Mapping[str, Any]] = [record for record in document if isinstance(record, dict)]
        return records if any(_tells(record) for record in records[:50]) else []
    if not isinstance(document, dict) or depth >= DEEPEST:
        return []
    return max((_records(value, depth + 1) for value in document.values()), key=len, default=[])


def _tells(record: Mapping[str, Any]) -> bool:
    said = [key for key, _ in numbers_in(renamed(record))]
    return any(understood(key).kind in JUDGED for key in said) or bool(bare_splits(said))


def _of_records(records: list[Mapping[str, Any]]) -> Cells | None:
    cells = Cells()
    for place, record in enumerate(map(renamed, records), start=1):
        plain = {key: value for key, value in record.items() if key != BATCHES and not str(key).endswith("_best")}
        cells.add(place, numbers_in(plain), split_of(record))
    return cells if cells.rows else None


def _of_lists(document: Any) -> Cells:
    """A column from every list of numbers, named by the keys that lead to it; one row a place in the lists."""
    cells = Cells()
    lists = dict(_lists(document))
    longest = max(map(len, lists.values()), default=0)
    for place in range(longest):
        row = ((name, value) for name, values in lists.items() if place < len(values) and (value := as_number(values[place])) is not None)
        cells.add(place + 1, row)
    return cells


def _lists(node: Any, path: Path_ = ()) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(node, list):
        if path and any(as_number(value) is not None for value in node[:50]):
            yield "/".join(path), node
    elif isinstance(node, dict) and len(path) < DEEPEST:
        for key, value in node.items():
            if isinstance(value, dict) and value and all(str(inner).isdigit() for inner in value):  # pandas' to_json: index -> value
                value = list(value.values())
            yield from _lists(value, (*path, str(key)))
