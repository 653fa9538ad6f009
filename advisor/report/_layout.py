"""Rows of styled text: wrapped by terminal cells, and written with or without colours."""

from collections.abc import Iterable, Sequence

from advisor.charts import STYLES, Row, Span, plain
from advisor.charts.rows import row_cells
from advisor.text import cells, cut

BLANK: Row = ()
LABEL = 10  # cells for the word before a text
LEAST_ROOM = 16  # for a text behind a word; with less it stands below
LONGEST_LINE = 110  # of running text; longer ones are hard to read


def paragraph(text: str, width: int, indent: str = "", lead: Sequence[Span] = (), style: str = "") -> list[Row]:
    """`text` in lines of at most `width` cells; `lead` stands before the first, blanks of the same width before the others."""
    hang = row_cells(tuple(lead))
    room = min(width, LONGEST_LINE) - cells(indent) - hang
    if lead and room < LEAST_ROOM:
        head = (Span(cut(indent + plain(tuple(lead)), width), lead[0].style),)
        return [head, *paragraph(text, width, indent if len(indent) * 2 > width else indent + "  ", style=style)]
    lines = wrap(text, max(room, 1))
    first: Row = (Span(indent), *lead, Span(lines[0], style))
    return [first, *((Span(indent + " " * hang), Span(line, style)) for line in lines[1:])]


def code(line: str, width: int, indent: str, style: str) -> list[Row]:
    """A line of code as it is where it fits, else what stands behind it above it, each statement by itself, broken between words."""
    if cells(indent + line) <= width:
        return [(Span(indent), Span(line, style))]
    own = line[: len(line) - len(line.lstrip())]
    return [row for part in spread(line.lstrip(), width - cells(indent + own)) for row in paragraph(part, width, indent + own, style=style)]


def spread(line: str, room: int) -> list[str]:
    """A line of code with a remark behind it, or of several statements, as lines that are still code.

    >>> spread("a = 1; b = 2  # two of them", 20)
    ['# two of them', 'a = 1; b = 2']
    >>> spread("first = 1; second = 2  # two", 16)
    ['# two', 'first = 1', 'second = 2']
    """
    if cells(line) <= room:
        return [line]
    statements, mark, remark = line.rpartition("  # ")
    if not mark:
        return line.split("; ")
    return [*(f"# {part}" for part in wrap(remark, max(room - 2, 1))), *spread(statements, room)]


def labelled(label: str, text: str, width: int, *, indent: str = "", style: str = "") -> list[Row]:
    """`text` behind a faint word, the texts of all words aligned; nothing where there is no text."""
    return paragraph(text, width, indent, (Span(f"{label:{LABEL}}", "axis"),), style) if text else []


def copyable(label: str, text: str, width: int, *, indent: str = "") -> list[Row]:
    """The same for a command or a path: where it is too long it stands alone and whole, for a line that is broken cannot be copied."""
    if not text or cells(indent) + LABEL + cells(text) <= width:
        return labelled(label, text, width, indent=indent)
    return [(Span(f"{indent}{label}", "axis"),), (Span(indent), Span(text))]


def wrap(text: str, width: int) -> list[str]:
    """`text` broken between words, and within words that fit on no line; one line at least.

    >>> wrap("the loss rises", 9), wrap("abcdefgh", 3)
    (['the loss', 'rises'], ['abc', 'def', 'gh'])
    """
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".lstrip()
        if cells(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        *full, rest = _pieces(word, width)
        lines[-1:] = [*full, rest]
    return lines


def _pieces(word: str, width: int) -> list[str]:
    pieces = []
    while cells(word) > width:
        piece = cut(word, width, "") or word[0]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word]


def indented(rows: Iterable[Row], indent: str) -> list[Row]:
    """Rows moved to the right."""
    return [(Span(indent), *row) for row in rows]


def written(rows: Iterable[Row], colours: str | None = None) -> str:
    """Rows as text, a line each; with escapes for a colour system of rich's (`standard`, `256`, `truecolor`)."""
    lines = (plain(row) if colours is None else _coloured(row, colours) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _coloured(row: Row, colours: str) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    systems = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}
    system = systems.get(colours, ColorSystem.STANDARD)
    return "".join(Style.parse(STYLES[span.style]).render(span.text, color_system=system) for span in _trimmed(row))


def _trimmed(row: Row) -> Row:
    """A row without blanks at its end."""
    while row and not row[-1].text.strip():
        row = row[:-1]
    return (*row[:-1], Span(row[-1].text.rstrip(), row[-1].style)) if row else row
