"""Docstrings and tables as Markdown."""

import re
from collections.abc import Iterable, Sequence
from textwrap import dedent

SIGNS = re.compile(r"([*_<>\[\]])")
CODE = re.compile(r"(`[^`]*`)")


def prose(text: str) -> str:
    """A section of a docstring: paragraphs filled, indented ones as code, signs that Markdown would take kept as they are."""
    return "\n\n".join(_paragraph(part) for part in text.split("\n\n"))


def _paragraph(part: str) -> str:
    if part.startswith(" "):
        return code(dedent(part))
    pieces = CODE.split(" ".join(part.split()))
    return "".join(piece if piece.startswith("`") else SIGNS.sub(r"\\\1", piece) for piece in pieces)


def code(text: str, kind: str = "text") -> str:
    """A fenced block."""
    return f"```{kind}\n{text.strip(chr(10)).rstrip()}\n```"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell is escaped."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def document(*parts: str) -> str:
    """Parts with a blank line between them, those that are empty left out."""
    return "\n\n".join(part for part in parts if part) + "\n"
