"""TFRecord framing: where the records of an event file lie, and whether their checksums hold."""

import struct
from collections.abc import Iterator
from functools import cache
from os import SEEK_CUR
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from advisor.run import Bools, Ints

HEADER, FOOTER = 12, 4  # u64 length and its checksum; checksum of the data
LARGEST = 1 << 40  # bytes; more than any record has
LONGEST_CHECKED = 2048  # bytes; scalars are short, and what is longer is not read
POLYNOMIAL = 0x82F63B78  # CRC-32C, reflected
Words = NDArray[np.uint32]


def records(data: bytes) -> tuple[Ints, Ints, int]:
    """Start and length of every whole record, and how many bytes are left behind the last one."""
    starts: list[int] = []
    lengths: list[int] = []
    place, end = 0, len(data)
    length_at = struct.Struct("<Q").unpack_from
    while place + HEADER + FOOTER <= end:
        length = length_at(data, place)[0]
        if place + HEADER + length + FOOTER > end:
            break
        starts.append(place + HEADER)
        lengths.append(length)
        place += HEADER + length + FOOTER
    return np.array(starts, dtype=np.int64), np.array(lengths, dtype=np.int64), end - place


def short_records(stream: BinaryIO, longest: int) -> Iterator[bytes]:
    """The whole records of at most that many bytes, one after the other; longer ones are skipped unread."""
    while len(header := stream.read(HEADER)) == HEADER:
        length = struct.unpack_from("<Q", header)[0]
        if length > LARGEST:
            return  # no length at all
        if length > longest:
            stream.seek(length + FOOTER, SEEK_CUR)
        elif len(record := stream.read(length + FOOTER)) == length + FOOTER:
            yield record[:length]


def sound_lengths(data: bytes, starts: Ints) -> Bools:
    """Whether the checksum of each record's length holds; behind one that does not, nothing can be found."""
    return np.asarray(_checksums(data, starts - HEADER, 8) == _stored(data, starts - FOOTER))


def sound_data(data: bytes, starts: Ints, lengths: Ints) -> Bools:
    """Whether the checksum of each record holds; long records are not looked at."""
    sound = np.ones(len(starts), dtype=bool)
    stored = _stored(data, starts + lengths)
    for length in np.unique(lengths[lengths <= LONGEST_CHECKED]):
        alike = np.flatnonzero(lengths == length)
        sound[alike] = _checksums(data, starts[alike], int(length)) == stored[alike]
    return sound


def _stored(data: bytes, places: Ints) -> Words:
    raw = np.frombuffer(data, dtype=np.uint8)
    parts = (raw[places + k].astype(np.uint32) << np.uint32(8 * k) for k in range(4))
    return np.asarray(sum(parts), dtype=np.uint32)


def _checksums(data: bytes, starts: Ints, length: int) -> Words:
    """Masked CRC-32C of the same number of bytes at many places, all at once."""
    raw = np.frombuffer(data, dtype=np.uint8)
    table = _table()
    crc = np.full(len(starts), 0xFFFFFFFF, dtype=np.uint32)
    for k in range(length):
        crc = table[(crc ^ raw[starts + k]) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    crc = ~crc
    return np.asarray(((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(0xA282EAD8), dtype=np.uint32)


@cache
def _table() -> Words:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ np.uint32(POLYNOMIAL), table >> np.uint32(1)).astype(np.uint32)
    return table
