"""Bytes → text, whatever wrote them: BOM, UTF-16, UTF-8, cp949."""

import codecs

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\b\x1b")
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
    return b"\0" in data or len(data) - len(data.translate(None, CONTROL)) > MOST_CONTROL * len(data)


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
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return data.decode("utf-8", errors="replace")
