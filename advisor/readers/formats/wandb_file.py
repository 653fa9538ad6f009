"""wandb-file: the `.wandb` file that W&B writes for each run, online or offline."""

import json
from collections.abc import Iterator
from typing import Any

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells, numbers_in
from advisor.readers.leveldb import records
from advisor.readers.opening import named
from advisor.readers.protobuf import BYTES, fields

MAGIC = b":W&B"
HEADER = 7  # magic, and what tells the version
HISTORY, RUN = 2, 17  # fields of a Record
KEY, NESTED_KEY, VALUE_JSON = 1, 2, 16  # fields of an item of history
DISPLAY_NAME = 8  # field of a run


class WandbFile(Reader):
    """A log of W&B: framed as leveldb does it, protocol buffers inside."""

    def recognises(self, source: Source) -> float:
        """By its first bytes."""
        return 0.99 if source.data.startswith(MAGIC) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table of the history records."""
        cells = Cells()
        names: list[str] = []
        broken = 0
        for place, record in enumerate(records(source.whole(), HEADER), start=1):
            try:
                _take(record, place, cells, names)
            except (ValueError, IndexError, RecursionError):
                broken += 1
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: a W&B file without history; nothing was logged with wandb.log yet")
        notes = (f"{broken} records make no sense and were left out",) if broken else ()
        name = names[-1] if names else source.path.stem
        yield Table(name, source.path, cells.columns(), cells.rows, "records", notes)


def _take(record: bytes, place: int, cells: Cells, names: list[str]) -> None:
    for number, kind, _, data in fields(record):
        if number == HISTORY and kind == BYTES:
            history = dict(numbers_in(dict(_items(data))))
            if history:
                cells.add(place, history.items())
        elif number == RUN and kind == BYTES:
            names += [
                text.decode("utf-8", "replace") for field, wire, _, text in fields(data) if field == DISPLAY_NAME and wire == BYTES and text
            ]


def _items(history: bytes) -> Iterator[tuple[str, Any]]:
    for number, kind, _, item in fields(history):
        if number != 1 or kind != BYTES:
            continue
        key: list[str] = []
        value = None
        for field, wire, _, data in fields(item):
            if wire == BYTES and field in (KEY, NESTED_KEY):
                key.append(data.decode("utf-8", "replace"))
            elif wire == BYTES and field == VALUE_JSON:
                value = json.loads(data)
        yield "/".join(key), value
