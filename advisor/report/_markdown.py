"""Text in Markdown: names out of logs are untrusted, so that nothing in them may mean anything there."""

from collections.abc import Sequence

SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#~$&"} | {"@": "@&#8203;"})  # no mention of anybody


def escaped(text: str) -> str:
    """Text that means nothing to Markdown.

    >>> print(escaped("a_b | <c>"))
    a\\_b \\| \\<c\\>
    """
    return text.translate(SPECIAL).replace("://", "\\://").replace("www.", "www\\.")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Plain cells under heads."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell if cell == '---' else escaped(cell) for cell in line)} |" for line in lines)


def fenced(lines: Sequence[str], language: str = "", indent: str = "") -> str:
    """Lines of code, in a fence that none of them can close."""
    longest = max((len(run) for line in lines for run in _ticks(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join(f"{indent}{line}" for line in (f"{fence}{language}", *lines, fence))


def _ticks(line: str) -> list[str]:
    return "".join(character if character == "`" else " " for character in line).split()
