"""Lines that a tool prints in a form of its own, without names or signs that others share: what their numbers are."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from advisor.readers.counting import Span
from advisor.readers.patterns import DARKNET, DL4J, ELAPSED, GENSIM, L_BFGS, R_OPTIM, TESSERACT

STEP = "step"
NAMES: Sequence[tuple[re.Pattern[str], tuple[str, ...]]] = (
    (DARKNET, (STEP, "loss", "avg loss", "learning rate")),
    (DL4J, (STEP, "score (loss)")),
    (R_OPTIM, (STEP, "value (loss)")),
    (L_BFGS, (STEP, "f (loss)", "grad norm")),
    (ELAPSED, (STEP, "loss")),
    (TESSERACT, (STEP, "train char error")),
    (GENSIM, ("per-word bound", "held-out perplexity")),
)


class Known(NamedTuple):
    """Where the numbers of such a line stand."""

    values: tuple[tuple[str, Span, None], ...]
    counts: tuple[tuple[str, Span], ...]
    pattern: str


def known(text: str) -> Known | None:
    """What a line says by its form; None for any other line."""
    for pattern, names in NAMES:
        if found := pattern.match(text):
            spans = [(name, found.span(k)) for k, name in enumerate(names, start=1)]
            values = tuple((name, at, None) for name, at in spans if name != STEP)
            return Known(values, tuple((name, at) for name, at in spans if name == STEP), pattern.pattern)
    return None
