"""What a chart is made of: rows of styled text, without a word on how a terminal shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.text import cells

# Colours of the 256 that every terminal knows, with a contrast of 3.5 or more to black and to white, told apart
# also by readers who see no red or no green. No meaning hangs on them alone: markers, words and places say it too.
STYLES = {
    "": "",
    "title": "bold",
    "axis": "dim",
    "faint": "dim",
    "curve1": "color(32)",
    "curve2": "color(166)",
    "curve3": "color(133)",
    "curve4": "color(29)",
    "curve5": "color(94)",
    "curve6": "color(243)",
    "best": "color(29)",
    "error": "bold color(160)",
    "warning": "bold color(130)",
    "info": "bold color(32)",
    "healthy": "bold color(29)",
    "chosen": "bold underline",
    "cursor": "color(133)",
    # From little to much on a log scale.
    "heat1": "color(60)",
    "heat2": "color(61)",
    "heat3": "color(67)",
    "heat4": "color(66)",
    "heat5": "color(65)",
    "heat6": "color(101)",
    "heat7": "color(136)",
    "heat8": "color(166)",
}
CURVES = 6
HEATS = 8


@dataclass(frozen=True)
class Span:
    """A text in one style, named as in STYLES."""

    text: str
    style: str = ""


Row = tuple[Span, ...]


def plain(row: Row) -> str:
    """A row without its styles and without blanks at its end."""
    return "".join(span.text for span in row).rstrip()


def row_cells(row: Row) -> int:
    """How many terminal cells a row takes."""
    return sum(cells(span.text) for span in row)


def runs(characters: Sequence[str], styles: Sequence[str]) -> Row:
    """Single characters as Spans, neighbours of one style joined.

    >>> runs("aab", ["", "", "axis"])
    (Span(text='aa', style=''), Span(text='b', style='axis'))
    """
    spans: list[Span] = []
    start = 0
    for end in range(1, len(characters) + 1):
        if end == len(characters) or styles[end] != styles[start]:
            spans.append(Span("".join(characters[start:end]), styles[start]))
            start = end
    return tuple(spans)
