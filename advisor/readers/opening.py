"""Paths → Sources, and a clear refusal for what cannot be opened or holds nothing."""

import gzip
import sys
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF32_BE
from collections.abc import Callable
from functools import cache
from io import SEEK_CUR, BytesIO
from pathlib import Path
from typing import BinaryIO

from advisor.decoding import decoded, has_holes, is_binary, is_wide, width
from advisor.errors import ReadError
from advisor.readers.base import Source
from advisor.text import printable

HEAD_BYTES = 65536
MOST_BYTES = 4 << 30  # unpacked; a small .gz can hold far more than memory does
GZIP_MAGIC = b"\x1f\x8b"
LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def opened(path: Path, growing: bool = False) -> Source:
    """A file or folder, ready for sniffing; raises ReadError where there is nothing to sniff.

    `growing`: it is being written, and of a text only whole lines are taken.
    """
    try:
        if path.is_dir():
            return Source(path, True, b"", "", lambda: b"")
        if path.is_char_device() or path.is_block_device():  # some never end
            raise ReadError(f"{named(path)}: a device; expected a log file, a run folder, or - for standard input")
        if path.exists() and not path.is_file():
            return in_memory(path.read_bytes(), path)  # a pipe: what it holds can be read once
        head = whole_lines(_head_of(path)) if growing else _head_of(path)
        return _source(path, head, cache(lambda: whole_lines(_all_of(path)) if growing else _all_of(path)))
    except FileNotFoundError:
        raise ReadError(f"{named(path)}: no such file or folder; give a log file, a run folder, or - for standard input") from None
    except PermissionError:
        raise ReadError(f"{named(path)}: no permission to read it; change its permissions or copy it") from None
    except (OSError, ValueError) as failure:
        raise ReadError(f"{named(path)}: cannot be read ({printable(str(failure))}); expected a log file or a run folder") from None


def is_folder(path: Path) -> bool:
    """Whether it is a folder; False where that cannot be known, so that opening it says why."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def whole_lines(data: bytes) -> bytes:
    """What is there of a text up to its last line end; documents and binary files are taken as they are."""
    if is_wide(data):
        return _whole_wide_lines(data)
    start = data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_document = start.startswith((b"{", b"[{", b"[[", b"[\n", b"[\r"))
    is_text = b"\0" not in data[:4096] or has_holes(data[:4096])
    return data if is_document or not is_text or b"\n" not in data else data[: data.rfind(b"\n") + 1]


def _whole_wide_lines(data: bytes) -> bytes:
    wide = width(data)
    end = b"\n".rjust(wide, b"\0") if data.startswith((BOM_UTF16_BE, BOM_UTF32_BE)) else b"\n".ljust(wide, b"\0")
    stop = data.rfind(end)
    while stop % wide and stop > 0:  # between two characters
        stop = data.rfind(end, 0, stop + wide - 1)
    return data[: stop + wide] if stop > 0 else data


def standard_input() -> Source:
    """Everything that standard input holds."""
    if sys.stdin is None:
        raise ReadError("standard input: closed; expected a log, as in `python train.py | advisor diagnose -`")
    return in_memory(sys.stdin.buffer.read())


def in_memory(content: bytes, path: Path = Path("-")) -> Source:
    """What came over standard input, or another pipe."""
    data = _unpacked(BytesIO(content), path, MOST_BYTES)
    return _source(path, data[:HEAD_BYTES], lambda: data)


def named(path: Path) -> str:
    """A path for a message: harmless in a terminal."""
    return "standard input" if str(path) == "-" else printable(str(path))


def _source(path: Path, head: bytes, whole: Callable[[], bytes]) -> Source:
    if not head.strip(b"\0 \t\r\n"):
        raise ReadError(f"{named(path)}: empty file; expected a training log. Nothing was written yet, or it was lost")
    if head.startswith(LFS_POINTER):
        raise ReadError(f"{named(path)}: a Git LFS pointer, not the log itself; run `git lfs pull` and read it again")
    if has_holes(head):
        head = head.replace(b"\0", b"")
    if is_binary(head):
        return Source(path, False, head, "", whole)
    text = decoded(_whole_characters(head))
    return Source(path, False, head, text, whole if is_wide(head) else cache(lambda: whole().replace(b"\0", b"")))


def _whole_characters(head: bytes) -> bytes:
    """`head` without a line that was cut in the middle, where it has a line end at all."""
    return head if len(head) < HEAD_BYTES or b"\n" not in head else head[: head.rfind(b"\n") + 1]


def _head_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return _unpacked(stream, path, HEAD_BYTES, whole=False)


def _all_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return _unpacked(stream, path, MOST_BYTES)


def _unpacked(stream: BinaryIO, path: Path, limit: int, whole: bool = True) -> bytes:
    packed = stream.read(2) == GZIP_MAGIC
    stream.seek(0)
    data = _gunzipped(stream, path, limit + 1) if packed else _written(stream, -1 if whole else limit)
    if packed and whole and len(data) > limit:
        raise ReadError(f"{named(path)}: holds more than {limit >> 30} GiB when unpacked; unpack it and give the part that matters")
    return data[:limit] if packed else data


def _written(stream: BinaryIO, limit: int) -> bytes:
    """What is there, without the zeros at the beginning of a file that was emptied while a process went on writing to it."""
    start = stream.read(HEAD_BYTES)
    while start and start.count(0) == len(start):
        start = stream.read(HEAD_BYTES)
    stream.seek(-len(start), SEEK_CUR)
    return stream.read(limit)


def _gunzipped(stream: BinaryIO, path: Path, limit: int) -> bytes:
    """At most `limit` unpacked bytes; of a file that was cut, what is there."""
    chunks: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=stream) as unpacked:
            while size < limit and (chunk := unpacked.read1(min(1 << 20, limit - size))):
                chunks.append(chunk)
                size += len(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        if not chunks:
            raise ReadError(f"{named(path)}: a broken .gz file; nothing could be unpacked, pack it again") from None
    return b"".join(chunks)
