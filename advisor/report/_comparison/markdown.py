"""markdown: for a page, a pull request or a report; tables and words without charts."""

from collections.abc import Sequence

from advisor.compare import Comparison
from advisor.report._comparison import _tables, _words
from advisor.report._comparison.base import Format
from advisor.report.base import Stage
from advisor.text import printable

SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#"})


class Markdown(Format):
    """The results and what differs as tables, and what follows."""

    def render(self, comparison: Comparison, stage: Stage) -> str:
        parts = [
            f"**{_escaped(_words.conclusion(comparison))}**",
            _table(_tables.result_titles(comparison), _tables.result_cells(comparison)),
            _differences(comparison),
            *(_escaped(text) for text in (_words.noise_words(comparison), *map(printable, comparison.notes)) if text),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def _differences(comparison: Comparison) -> str:
    found = _tables.difference_cells(comparison)
    heads = ["what differs", *(f"{nth} {printable(group.name)}" for nth, group in enumerate(comparison.groups, 1))]
    return _table(heads, found) if found else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell if cell == '---' else _escaped(cell) for cell in line)} |" for line in lines)


def _escaped(text: str) -> str:
    """Text that means nothing to Markdown: names out of logs are untrusted."""
    return text.translate(SPECIAL)
