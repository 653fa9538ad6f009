"""Bytes of a text file → text, whatever program saved it."""

import codecs

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Korean Windows saves tables so where no mark says otherwise.
LEGACY = "cp949"


def encoding_of(data: bytes) -> str | None:
    """The encoding of a text by its mark or by trial; None for bytes that are no text.

    >>> encoding_of("손실".encode("cp949")), encoding_of("loss".encode("utf-16")), encoding_of(b"\\x89PNG\\x00")
    ('cp949', 'utf-16', None)
    """
    if data.startswith(UTF16_MARKS):
        return "utf-16"
    if b"\0" in data:
        return None
    return next((encoding for encoding in ("utf-8-sig", LEGACY) if _fits(data, encoding)), None)


def decoded(data: bytes) -> str | None:
    """The text that `data` holds, without its byte order mark; None for bytes that are no text.

    >>> decoded(b"\\xef\\xbb\\xbfepoch"), decoded(b"\\x00")
    ('epoch', None)
    """
    encoding = encoding_of(data)
    return data.decode(encoding, errors="replace") if encoding else None


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
