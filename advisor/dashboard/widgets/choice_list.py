"""A list of texts to choose one of."""

from collections.abc import Sequence

from textual.reactive import reactive

from advisor.charts import Row
from advisor.dashboard.widgets.listing import Listing


class ChoiceList(Listing):
    """One row a choice, as the core draws it."""

    choices: reactive[Sequence[Row]] = reactive(())

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.choices)

    def watch_choices(self) -> None:
        """Draw what is new."""
        self.updated()

    def line(self, index: int, width: int) -> Row:
        """One choice."""
        return self.choices[index]
