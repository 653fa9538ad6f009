"""What commands share: results on standard output, notes on standard error, in the characters and colours that each can show."""

import codecs
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import IO, TYPE_CHECKING, Any, Literal, TextIO

import click

from advisor.errors import AdvisorError
from advisor.text import cells, printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from advisor.report.base import Stage

STANDARD_STREAM = "-"
PIPE_COLUMNS = 80
LONGEST_LINE = 100  # of running text; longer ones are hard to read
GAP = 2  # cells between the columns of a table
LEAST_COLUMN = 24  # cells; words in a narrower column stand one under the other
# For streams that lack a character; each as wide as what it stands for, where columns could depend on it.
PLAIN = {
    "–": "-", "—": "-", "−": "-", "─": "-", "━": "-", "│": "|", "┃": "|", "·": "-", "•": "*", "×": "x", "→": ">", "←": "<",
    "↑": "^", "↓": "v", "≤": "<=", "≥": ">=", "≈": "~", "±": "+-", "√": "sqrt", "∞": "inf", "…": "~", "²": "^2", "³": "^3",
    "‖": "||", "Σ": "sum ", "Δ": "d", "σ": "sigma", "α": "alpha", "✓": "+", "✗": "x", "“": '"', "”": '"', "‘": "'", "’": "'",
}  # fmt: skip


class Place(click.Path):
    """A path. An empty one, as a shell makes it of a variable that was never set, would mean the working folder.

    Whether it can be read shows when it is read: one that cannot must not hide the others.
    """

    def __init__(self, path_type: type[Any] | None = None) -> None:
        super().__init__(readable=False, path_type=path_type)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as it is given; only `-` itself is standard input, though pathlib makes the same of `./-`."""
        if value == "":
            self.fail("found an empty text, expected a path", param, ctx)
        is_file = isinstance(value, str) and value != STANDARD_STREAM and str(Path(value)) == STANDARD_STREAM
        return super().convert(os.path.abspath(value) if is_file else value, param, ctx)  # noqa: PTH100 - of the text that was typed


def prepare() -> None:
    """Make both streams able to take any text: what their encoding lacks is written in ASCII."""
    codecs.register_error("plain", _plain)
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - lives as long as the process
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="plain", encoding=_named_anew(stream))


def _named_anew(stream: TextIO) -> str | None:
    """Click takes a stream that calls itself ASCII for a mistake, and would write UTF-8 into it; by another name it lets it be."""
    return _ascii().name if codecs.lookup(stream.encoding).name == "ascii" else None


@cache
def _ascii() -> codecs.CodecInfo:
    known = codecs.lookup("ascii")
    parts = (known.encode, known.decode, known.streamreader, known.streamwriter, known.incrementalencoder, known.incrementaldecoder)
    again = codecs.CodecInfo(*parts, name="ascii_indeed")
    codecs.register({again.name: again}.get)
    return again


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(character) or character.encode("ascii", "backslashreplace").decode() for character in lacking), error.end


def is_live(stream: IO[str]) -> bool:
    """Whether a stream is a terminal on which lines can be drawn again; a pipe and TERM=dumb are not."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def need_terminal() -> None:
    """Refuse what can only be shown at a terminal."""
    if not (is_live(sys.stderr) and sys.stdin.isatty()):
        raise AdvisorError("found no terminal, which the dashboard needs; expected one, or `advisor dashboard --once`, which prints text")


def columns(stream: IO[str]) -> int:
    """How many cells a line of a stream has: the terminal's, or 80."""
    return shutil.get_terminal_size((PIPE_COLUMNS, 24)).columns if is_live(stream) else PIPE_COLUMNS


def console(name: Literal["stdout", "stderr"] = "stdout") -> "Console":
    """Where to print styled text: it wraps at the stream's width, and drops colours where they are not wanted.

    Text is taken as it is: no markup, no highlighting, so that names out of files cannot style anything.
    """
    from rich.console import Console

    stream = getattr(sys, name)
    wants_colour = bool(os.environ.get("FORCE_COLOR"))
    return Console(
        file=stream, width=columns(stream), markup=False, highlight=False, emoji=False,
        force_terminal=wants_colour or is_live(stream), force_interactive=is_live(stream),
    )  # fmt: skip


def stage() -> "Stage":
    """What standard output can show of a report: its width, its characters, its colours."""
    from advisor.charts import glyphs_for
    from advisor.report.base import Stage

    if not is_live(sys.stdout) and not os.environ.get("FORCE_COLOR"):
        return Stage(PIPE_COLUMNS, glyphs_for(sys.stdout.encoding))  # without rich, which takes its time to import
    out = console()
    return Stage(out.width, glyphs_for(sys.stdout.encoding), None if out.no_color else out.color_system)


@contextmanager
def aside() -> Iterator[None]:
    """For what is said beside the results: where standard error takes nothing any more, the rest is said to nobody."""
    try:
        yield
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError, ValueError):
            os.dup2(nowhere, sys.stderr.fileno())


def note(*lines: str) -> None:
    """Say something beside the results, on standard error."""
    with aside():
        for line in lines:
            tell("note", printable(line))


def tell(kind: str, text: str) -> None:
    """Say something on standard error: a line, which only a terminal has broken, between words, where it is too narrow."""
    lead, width = f"{kind}: " if kind else "", columns(sys.stderr)
    line = f"{lead}{text}"
    if is_live(sys.stderr) and cells(line) > width:
        from advisor.charts import Span
        from advisor.report._layout import paragraph, written

        line = written(paragraph(text, width, lead=(Span(lead),) if lead else ())).rstrip("\n")
    click.echo(line, err=True)


def headed(title: str, sections: Iterable[tuple[str, str]]) -> None:
    """Print texts under headings, their paragraphs filled; indented lines stay as they are."""
    from rich.padding import Padding
    from rich.text import Text

    out = console()
    out.width = min(out.width, LONGEST_LINE)
    parts: list[RenderableType] = [Text(title, style="bold")]
    for heading, text in sections:
        parts += [Text(f"\n{heading}", style="bold")] if heading else []
        parts.append(Padding(Text(filled(text, out.width - 2)), (0, 0, 0, 2), expand=False))
    show(out, *parts)


def show(out: "Console", *parts: "RenderableType") -> None:
    """Print without the spaces with which rich fills its lines: they would break a copy and a comparison."""
    with out.capture() as printed:
        out.print(*parts, sep="\n")
    text = "\n".join(line.rstrip() for line in printed.get().splitlines())
    out.file.write(f"{text}\n")


def filled(text: str, room: int) -> str:
    """The text with the lines of each paragraph joined, for wrapping at any width; indented paragraphs keep theirs.

    Lines of code that are wider than `room` become several that are code, too.

    >>> filled("a\\nb\\n\\n  x = 1\\n  y = 2", 40)
    'a b\\n\\nx = 1\\ny = 2'
    """
    paragraphs = text.split("\n\n")
    return "\n\n".join(_kept(dedent(part), room) if part.startswith(" ") else " ".join(part.split()) for part in paragraphs)


def _kept(lines: str, room: int) -> str:
    from advisor.report._layout import spread

    return "\n".join(part for line in lines.splitlines() for part in spread(line, room))


def table(rows: Iterable[Iterable[str]], titles: Iterable[str]) -> None:
    """Print rows under titles in aligned columns, the last of which wraps; where it has no room, each row with its last cell below."""
    from rich.table import Table

    out, kept, heads = console(), [list(row) for row in rows], list(titles)
    *narrow, last = [max(map(cells, column)) for column in zip(heads, *kept, strict=True)]
    if out.width - sum(narrow) - GAP * len(narrow) < min(last, LEAST_COLUMN, out.width // 3):
        return _stacked(kept, heads, out)
    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for title in heads[:-1]:
        grid.add_column(title, no_wrap=True)
    grid.add_column(heads[-1])
    for row in kept:
        grid.add_row(*row)
    return show(out, grid)


def _stacked(rows: Iterable[list[str]], heads: list[str], out: "Console") -> None:
    from rich.padding import Padding
    from rich.text import Text

    for (*first, last), style in [(heads, "bold"), *((row, "") for row in rows)]:
        show(out, Text((" " * GAP).join(first), style), Padding(Text(last, style), (0, 0, 0, GAP), expand=False))
