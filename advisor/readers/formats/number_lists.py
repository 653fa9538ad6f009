"""number-lists: the histories that scripts print at their end, `train_losses = [0.9, 0.5, 0.4]`."""

import re
from collections.abc import Iterator

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.numbers import number
from advisor.readers.opening import named
from advisor.readers.vocabulary import JUDGED

LIST = re.compile(
    r"(?<![\w.])['\"]?([^\W\d][\w ./\-]{0,60}?)['\"]?\s{0,3}[:=]\s{0,3}(?:np\.|numpy\.)?(?:array\(|tensor\()?\[([^\[\]]{3,})\]"
)
FEWEST = 3  # numbers in a list


class NumberLists(Reader):
    """Named lists of numbers, one on or over some lines."""

    at_most = 0.25

    def recognises(self, source: Source) -> float:
        """Little: any other reader that finds something comes first."""
        return 0.25 if source.text and any(_lists(source.text)) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a column a list."""
        found = dict(_lists("\n".join(source.lines)))
        cells = Cells()
        for place in range(max(map(len, found.values()), default=0)):
            row = ((name, value) for name, values in found.items() if place < len(values) and (value := values[place]) is not None)
            cells.add(place + 1, row)
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: no list of losses in it; expected `train_loss = [0.9, 0.5, ...]`")
        yield Table(source.path.stem, source.path, cells.columns(), cells.rows, "records")


def _lists(text: str) -> Iterator[tuple[str, list[float | None]]]:
    for match in LIST.finditer(text):
        if understood(match[1]).kind in JUDGED:
            values = [number(cell) for cell in re.split(r"[,\s]+", match[2].strip())]
            if len(values) >= FEWEST and sum(value is not None for value in values) >= 0.5 * len(values):
                yield match[1], values
