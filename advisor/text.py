"""Text from logs, made safe to show: names in a file are untrusted."""

import unicodedata

HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    """`text` with every control, format and unassigned character spelled out, so a terminal cannot obey it.

    >>> printable("loss\\x1b[31m")
    'loss\\\\x1b[31m'
    """
    return "".join(_spelled(character) if unicodedata.category(character) in HIDDEN_CATEGORIES else character for character in text)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def number(value: float) -> str:
    """`value` with four significant digits, as people write it.

    >>> number(0.00012345), number(1234.5678), number(3.0), number(float("nan"))
    ('0.0001234', '1235', '3', 'NaN')
    """
    if value != value:
        return "NaN"
    return f"{value:.4g}"
