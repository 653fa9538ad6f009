"""Pages written as docstrings: a summary line, then sections under headings that end in a colon-free line of dashes.

Validation got worse while training went on improving.

What it measures
----------------
The rise of ...
"""

import inspect
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Page:
    """A docstring taken apart."""

    summary: str
    sections: dict[str, str]


@cache
def page(entry: type) -> Page:
    """The page that a class carries as its docstring."""
    lines = inspect.cleandoc(entry.__doc__ or "").splitlines()
    marks = [i for i in range(1, len(lines)) if lines[i] and not lines[i].strip("-")]
    ends = [mark - 1 for mark in marks[1:]] + [len(lines)]
    sections = {lines[mark - 1]: "\n".join(lines[mark + 1 : end]).strip() for mark, end in zip(marks, ends, strict=True)}
    return Page(lines[0] if lines else "", sections)


def first_paragraph(text: str) -> str:
    """The first paragraph of a section, on one line."""
    return " ".join(text.partition("\n\n")[0].split())
