"""markdown: for a page, a pull request or a report; tables and words without charts."""

from advisor.compare import Comparison
from advisor.report._comparison import _tables, _words
from advisor.report._comparison.base import Format
from advisor.report._markdown import escaped, table
from advisor.report.base import Stage
from advisor.text import printable


class Markdown(Format):
    """The results and what differs as tables, and what follows."""

    def render(self, comparison: Comparison, stage: Stage) -> str:
        parts = [
            f"**{escaped(_words.conclusion(comparison))}**",
            table(_tables.result_titles(comparison), _tables.result_cells(comparison)),
            _differences(comparison),
            *(escaped(text) for text in (_words.noise_words(comparison), *map(printable, comparison.notes)) if text),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def _differences(comparison: Comparison) -> str:
    found = _tables.difference_cells(comparison)
    heads = ["what differs", *(f"{nth} {printable(group.name)}" for nth, group in enumerate(comparison.groups, 1))]
    return table(heads, found) if found else ""
