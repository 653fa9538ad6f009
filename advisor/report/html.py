"""html: one page for a browser, a mail or a supervisor; it needs no network and runs nothing that stands in a log."""

from collections.abc import Sequence

from advisor.outcome import Outcome
from advisor.report._html.page import page
from advisor.report.base import Format, Stage


class Html(Format):
    """Curves with the places of findings, what was found, layers, and what was tried."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        # ASCII survives whatever encoding a stream has.
        return page(outcomes).encode("ascii", "xmlcharrefreplace").decode("ascii")
