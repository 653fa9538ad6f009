"""The wire format of protocol buffers, as far as logs need it."""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(data: bytes, place: int) -> tuple[int, int]:
    """The number at `place` and where the next thing begins; raises IndexError or ValueError where there is none."""
    byte = data[place]
    if byte < 0x80:
        return byte, place + 1
    value, shift = byte & 0x7F, 7
    while shift < 70:
        place += 1
        byte = data[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place + 1
        shift += 7
    raise ValueError("a number that does not end")


def fields(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Every field of a message: number, wire type, its value if a varint, its bytes if not.

    Raises ValueError or IndexError where the bytes are no message.
    """
    place, end = 0, len(data)
    while place < end:
        key, place = varint(data, place)
        kind = key & 7
        if kind == VARINT:
            value, place = varint(data, place)
            yield key >> 3, kind, value, b""
            continue
        if kind == BYTES:
            length, place = varint(data, place)
        elif kind in (FIXED64, FIXED32):
            length = 8 if kind == FIXED64 else 4
        else:
            raise ValueError(f"a field of wire type {kind}")
        if place + length > end:
            raise ValueError("a field that goes beyond its message")
        yield key >> 3, kind, 0, data[place : place + length]
        place += length


def signed(value: int) -> int:
    """A varint read as a signed 64-bit number."""
    return value - (1 << 64) if value >= 1 << 63 else value
