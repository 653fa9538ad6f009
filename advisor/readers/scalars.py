"""Event records → scalars: tag, step, wall time, value. Images, histograms, texts and graphs are passed over."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from advisor.readers import framing
from advisor.readers.opening import GZIP_MAGIC
from advisor.readers.protobuf import BYTES, FIXED32, FIXED64, VARINT, fields, signed, varint

FLOATS = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 19: "<f2"}  # TensorFlow's dtypes
LONGEST = 1 << 16  # bytes; a record of scalars is far shorter
NOT_LOGGED = ("_hparams_/", "hp_metric")  # written once by the tool itself
float_at = struct.Struct("<f").unpack_from
double_at = struct.Struct("<d").unpack_from


@dataclass
class Scalars:
    """The scalars of one or more event files, in the order in which they were written."""

    tags: dict[str, int] = field(default_factory=dict)  # tag -> number
    which: list[int] = field(default_factory=list)  # number of the tag
    steps: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # seconds since 1970
    values: list[float] = field(default_factory=list)
    records: list[int] = field(default_factory=list)  # from 1, through all files
    total: int = 0
    broken: int = 0
    cut: bool = False

    def read(self, data: bytes, prefix: str = "") -> None:
        """Everything that one file holds; `prefix` goes before its tags."""
        starts, lengths, rest = framing.records(data)
        sound = framing.sound_lengths(data, starts)
        if not sound.all():
            starts, lengths, rest = starts[: np.argmin(sound)], lengths[: np.argmin(sound)], 1
        self.cut |= rest > 0
        whole = framing.sound_data(data, starts, lengths)
        self.broken += int((~whole).sum())
        for number, (start, length, right) in enumerate(
            zip(starts.tolist(), lengths.tolist(), whole.tolist(), strict=True), self.total + 1
        ):
            if right and length <= LONGEST:
                self._take(data[start : start + length], number, prefix)
        self.total += len(starts)

    def _take(self, record: bytes, number: int, prefix: str) -> None:
        try:
            step, time, summary = _event(record)
            for tag, value in _values(summary):
                self.which.append(self.tags.setdefault(prefix + tag, len(self.tags)))
                self.steps.append(step)
                self.times.append(time)
                self.values.append(value)
                self.records.append(number)
        except (IndexError, ValueError, struct.error):
            self.broken += 1


def holds_scalars(path: Path) -> bool:
    """Whether an event file has a value in it: read up to the first one, past graphs and images.

    What cannot be looked into as it lies, such as a packed file or standard input, may hold some.
    """
    if not path.is_file():
        return True
    with path.open("rb") as stream:
        if stream.read(2) == GZIP_MAGIC:
            return True
        stream.seek(0)
        return any(not tag.startswith(NOT_LOGGED) for record in framing.short_records(stream, LONGEST) for tag in _tags(record))


def _tags(record: bytes) -> list[str]:
    try:
        return [tag for tag, _ in _values(_event(record)[2])]
    except (IndexError, ValueError, struct.error):
        return []


def _event(record: bytes) -> tuple[int, float, bytes]:
    """Step, wall time and summary of an event; the summary is empty where it has none."""
    if record[:1] == b"\x09" and record[9:10] == b"\x10":  # as every writer lays it out
        step, place = varint(record, 10)
        if record[place : place + 1] == b"\x2a":
            length, place = varint(record, place + 1)
            return signed(step), double_at(record, 1)[0], record[place : place + length]
    step, time, summary = 0, 0.0, b""
    for number, kind, value, data in fields(record):
        if number == 1 and kind == FIXED64:
            time = double_at(data)[0]
        elif number == 2 and kind == VARINT:
            step = value
        elif number == 5 and kind == BYTES:
            summary = data
    return signed(step), time, summary


def _values(summary: bytes) -> Iterator[tuple[str, float]]:
    for number, kind, _, value in fields(summary):
        if number == 1 and kind == BYTES and (found := _scalar(value)) is not None:
            yield found


def _scalar(value: bytes) -> tuple[str, float] | None:
    if value[:1] == b"\x0a":
        length, place = varint(value, 1)
        if value[place + length : place + length + 1] == b"\x15" and len(value) == place + length + 5:
            return value[place : place + length].decode("utf-8", "replace"), float_at(value, place + length + 1)[0]
    tag, scalar = "", None
    for number, kind, _, data in fields(value):
        if number == 1 and kind == BYTES:
            tag = data.decode("utf-8", "replace")
        elif number == 2 and kind == FIXED32:
            scalar = float_at(data)[0]
        elif number == 8 and kind == BYTES:
            scalar = _tensor(data)
    return None if scalar is None else (tag, scalar)


def _tensor(data: bytes) -> float | None:
    """The number in a tensor without dimensions; None for any other tensor."""
    dtype, content = 0, None
    for number, kind, value, raw in fields(data):
        if number == 1:
            dtype = value
        elif number == 2 and raw:
            return None  # it has dimensions
        elif number == 4 and kind == BYTES:
            content = raw
        elif number in (5, 6) and raw:
            width, at = (4, float_at) if number == 5 else (8, double_at)
            return float(at(raw)[0]) if len(raw) == width else None
        elif number in (7, 10) and kind == VARINT:
            return float(signed(value))
    return _number(content, FLOATS.get(dtype)) if content else None


def _number(content: bytes, layout: str | None) -> float | None:
    if layout is None or len(content) != np.dtype(layout).itemsize:
        return None
    return float(np.frombuffer(content, dtype=layout)[0])
