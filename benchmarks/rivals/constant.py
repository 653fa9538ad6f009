"""Those who look at nothing: the commonest cause for every run, and silence."""

from collections.abc import Iterator

from advisor.run import Run
from rivals.base import Word


def always(run: Run) -> Iterator[Word]:
    """Two causes in one word, whatever the run: steps too large and too small."""
    yield Word("always", ("learning-rate-too-high", "learning-rate-too-low"))


def never(run: Run) -> Iterator[Word]:
    """Nothing."""
    return iter(())
