"""Small files in the formats of other tools, written by us."""

import json
import struct
from pathlib import Path

import pytest


def crc32c(data: bytes) -> int:
    """The slow, obvious CRC-32C."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def block(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def scalar(tag: str, value: float, step: int, as_tensor: bool = False) -> bytes:
    """An event with one scalar, as torch writes it, or as TensorFlow 2 does."""
    tensor = block(8, b"\x08\x01" + block(2, b"") + block(4, struct.pack("<f", value)))
    number = tensor if as_tensor else b"\x15" + struct.pack("<f", value)
    summary = block(1, block(1, tag.encode()) + number)
    return b"\x09" + struct.pack("<d", 1.7e9 + step) + b"\x10" + varint(step) + block(5, summary)


def framed(record: bytes) -> bytes:
    length = struct.pack("<Q", len(record))
    return length + masked(length) + record + masked(record)


def event_file(path: Path, records: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    version = b"\x09" + struct.pack("<d", 1.7e9) + block(3, b"brain.Event:2")
    path.write_bytes(b"".join(map(framed, [version, *records])))
    return path


def framed_by_blocks(histories, block=32768):
    """A .wandb file with these history records, framed as leveldb does it."""
    data = bytearray(b":W&B\xe1\xbe\x00")
    for history in histories:
        record = part(
            2, b"".join(part(1, part(2, key.encode()) + part(16, json.dumps(value).encode(), 2)) for key, value in history.items())
        )
        kinds = [1]
        while record is not None:
            left = block - len(data) % block
            if left < 7:
                data += bytes(left)
                continue
            piece, rest = record[: left - 7], record[left - 7 :]
            kind = kinds.pop() if not rest else (2 if kinds[-1] == 1 else 3)
            kinds = [4] if rest else [1]
            data += struct.pack("<IHB", 0, len(piece), kind) + piece
            record = rest or None
    return bytes(data)


def part(number, data, wide=1):
    key = struct.pack("<B", number << 3 | 2) if wide == 1 else bytes([(number << 3 | 2) & 0x7F | 0x80, (number << 3 | 2) >> 7])
    length = len(data)
    size = bytearray()
    while length > 127:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return key + bytes(size) + bytes([length]) + data


@pytest.fixture
def wandb_file():
    """Gives the bytes of a .wandb file with these history records."""
    return framed_by_blocks


@pytest.fixture
def write(tmp_path):
    """Writes a text file and gives its path."""

    def writer(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return writer


@pytest.fixture
def events(tmp_path):
    """Writes an event file of (tag, step, value) scalars and gives its path."""

    def writer(name: str, scalars: list[tuple[str, int, float]], as_tensor: bool = False) -> Path:
        return event_file(tmp_path / name, [scalar(tag, value, step, as_tensor) for tag, step, value in scalars])

    return writer
