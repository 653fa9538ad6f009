"""leveldb's log framing: blocks of 32 KiB, in them fragments of records."""

import struct
from collections.abc import Iterator

BLOCK, FRAGMENT_HEADER = 32768, 7
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


def records(data: bytes, first: int = 0) -> Iterator[bytes]:
    """Every whole record; `first` bytes at the beginning of the first block are another header."""
    parts: list[bytes] = []
    for kind, fragment in _fragments(data, first):
        if kind == FULL:
            yield fragment
        elif kind == FIRST:
            parts = [fragment]
        elif kind == MIDDLE and parts:
            parts.append(fragment)
        elif kind == LAST and parts:
            yield b"".join([*parts, fragment])
            parts = []


def _fragments(data: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    header = struct.Struct("<IHB").unpack_from
    while place + FRAGMENT_HEADER <= len(data):
        left = BLOCK - place % BLOCK
        if left < FRAGMENT_HEADER:
            place += left
            continue
        _, length, kind = header(data, place)
        start = place + FRAGMENT_HEADER
        if kind not in (FULL, FIRST, MIDDLE, LAST) or length > left - FRAGMENT_HEADER:
            place += left  # broken, or the zeros at the end of a block: go on with the next one
            continue
        if start + length > len(data):
            return
        yield kind, data[start : start + length]
        place = start + length
