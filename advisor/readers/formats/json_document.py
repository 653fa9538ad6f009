"""json-document: one JSON document with a list of records, or a list of numbers a metric; Chainer, skorch, Keras' history, Ludwig."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells, as_number, numbers_in, split_of
from advisor.readers.json_text import items_of, parsed
from advisor.readers.names import understood
from advisor.readers.opening import named

DEEPEST = 5
JUDGED = ("loss", "accuracy", "metric")
BATCHES = "batches"  # skorch keeps every batch within the epoch's record
Path_ = tuple[str, ...]


class JsonDocument(Reader):
    """A JSON document that holds lists: of records, or of a metric's values."""

    def recognises(self, source: Source) -> float:
        text = source.text.lstrip("\ufeff \r\n\t")
        if not text.startswith(("[", "{")):
            return 0.0
        said = any(understood(word).kind in JUDGED for word in _keys_in(text))
        return 0.85 if said else 0.2

    def read(self, source: Source) -> Iterator[Table]:
        text = "\n".join(source.lines)
        document = parsed(text)
        notes: tuple[str, ...] = ()
        if document is None:
            document, notes = list(items_of(text)), ("the file ends in the middle; what could be read of it was",)
        cells = _of_records(_records(document)) or _of_lists(document)
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: JSON without a list of records or of numbers; expected a record a step or epoch")
        name = source.path.name.removesuffix(".gz").rpartition(".")[0] or source.path.name
        yield Table(name, source.path, cells.columns(), cells.rows, "records", notes, splits=cells.splits())


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
    return any(understood(key).kind in JUDGED for key, _ in numbers_in(record))


def _of_records(records: list[Mapping[str, Any]]) -> Cells | None:
    cells = Cells()
    for place, record in enumerate(records, start=1):
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
