"""Bytes → text, whatever wrote them: BOM, UTF-16, UTF-32, UTF-8, cp949, cp1252."""

import codecs
import re

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as that of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\b\x1b")
HOLE = re.compile(rb"\0+")
LOST = "\N{REPLACEMENT CHARACTER}"
MOST_HOLES = 3  # binary files have zeros here and there
MOST_CONTROL = 0.02  # of the bytes of a text; a log may hold a few from a terminal


def decoded(data: bytes) -> str:
    """`data` as text; bytes that no encoding explains become U+FFFD."""
    encoding = _marked(data)
    if encoding:
        return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)


def is_binary(data: bytes) -> bool:
    """Whether `data` are not text in any encoding that `decoded` knows."""
    if _marked(data):
        return False
    return b"\0" in data or _controls(data) > MOST_CONTROL * len(data)


def has_holes(data: bytes) -> bool:
    """Whether `data` are text but for a few stretches of zeros: blocks a crash left unwritten, or a file emptied while it was written."""
    if b"\0" not in data or is_wide(data):
        return False
    return _controls(data) == data.count(0) and sum(1 for _ in HOLE.finditer(data)) <= MOST_HOLES


def is_wide(data: bytes) -> bool:
    """Whether `data` are text of two or four bytes a character."""
    return width(data) > 1


def width(data: bytes) -> int:
    """How many bytes a character takes at least."""
    encoding = _marked(data) or ""
    return 4 if encoding == "utf-32" else 2 if encoding.startswith("utf-16") else 1


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, CONTROL))


def _marked(data: bytes) -> str | None:
    """The encoding that a byte order mark, or the zeros of Latin text in UTF-16, give away."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding
    start = data[:4096]
    if len(start) >= 4 and start[0] and start.count(0) > 0.4 * len(start):
        return "utf-16-le" if start[1::2].count(0) > 0.9 * len(start[1::2]) and not start[::2].count(0) else None
    return None


def _legacy(data: bytes) -> str:
    """`data` that are no UTF-8: Korean Windows' encoding, a damaged UTF-8, or Western Windows' where no character of it reads as UTF-8.

    >>> _legacy("époque".encode("cp1252")), _legacy("에폭".encode("cp949")), _legacy("에폭".encode()[:-1])
    ('époque', '에폭', '에�')
    """
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", errors="replace")
        is_utf8 = not damaged.replace(LOST, "").isascii()
        return damaged if is_utf8 else data.decode("cp1252", errors="replace")
