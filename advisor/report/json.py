"""json: for programs."""

from collections.abc import Sequence

from advisor.outcome import Outcome, to_json
from advisor.report.base import Format, Stage


class Json(Format):
    """Strict JSON, one entry a run."""

    def render(self, outcomes: Sequence[Outcome], stage: Stage) -> str:
        return to_json(outcomes) + "\n"
