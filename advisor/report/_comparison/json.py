"""json: for programs."""

import json

from advisor.compare import Comparison
from advisor.outcome import strict
from advisor.report._comparison.base import Format
from advisor.report.base import Stage


class Json(Format):
    """Strict JSON, one document."""

    def render(self, comparison: Comparison, stage: Stage) -> str:
        return json.dumps(strict(comparison.document()), indent=2, allow_nan=False, ensure_ascii=False) + "\n"
