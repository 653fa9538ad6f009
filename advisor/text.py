"""Text from logs, made safe to show: names in a file are untrusted."""

import unicodedata
from collections.abc import Iterable, Sequence

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


def part_of(share: float) -> str:
    """A share before what it is a share of: percent as long as they say something.

    >>> part_of(0.514), part_of(17.31)
    ('51% of', '17 times')
    """
    return f"{share:.0%} of" if share < 3 else f"{share:.0f} times"


def position(value: float) -> str:
    """An epoch or a step in words: whole ones as they are, parts of one to hundredths, or as far as it takes to tell them from 0.

    >>> position(1234567.0), position(0.0222222222), position(0.00345)
    ('1234567', '0.02', '0.0034')
    """
    return f"{round(value, 2):.12g}" if abs(value) >= 0.01 else f"{value:.2g}"


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean …?` with the known name that is nearest; empty where none is near.

    >>> nearest("overfiting", ["overfitting", "plateau"]), nearest("x", ["overfitting"])
    ('did you mean overfitting?', '')
    """
    from difflib import get_close_matches  # takes its time, and most names are right

    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else ""


def counted(count: int, thing: str) -> str:
    """How many there are of something, in words.

    >>> counted(1, "sample"), counted(12, "epoch")
    ('1 sample', '12 epochs')
    """
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def first_of(names: Sequence[str], most: int) -> str:
    """The first few of many names, safe to show, and dots where there are more.

    >>> first_of(["a", "b", "c"], 2), first_of(["a"], 2)
    ('a, b, ...', 'a')
    """
    return ", ".join(map(printable, names[:most])) + (", ..." if len(names) > most else "")


def of_layer(name: str) -> str:
    """A layer's name in a sentence, where those of a torch Sequential are bare numbers.

    >>> of_layer("hidden1.linear"), of_layer("20")
    ('hidden1.linear', 'layer 20')
    """
    return f"layer {name}" if name.isdigit() else name


def cells(text: str) -> int:
    """How many terminal cells `text` takes: wide characters two, combining ones none.

    >>> cells("loss"), cells("손실")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` cells; what is cut off is shown by the ellipsis.

    >>> cut("validation", 5), cut("손실값", 4)
    ('vali…', '손…')
    """
    if cells(text) <= width:
        return text
    kept, used = "", cells(ellipsis)
    for character in text:
        used += _cells(character)
        if used > width:
            break
        kept += character
    return kept + ellipsis if width >= cells(ellipsis) else ""
