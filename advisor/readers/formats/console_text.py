"""console-text: what trainings print, in whatever words: a line a step or epoch, with names and numbers."""

from collections import Counter
from collections.abc import Iterator, Sequence

from advisor.errors import ReadError
from advisor.readers.bare_splits import roles_of_bare
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.sayings import Said, summed_up, told, with_second_bars

OFTEN = 3  # lines of one shape that need no counter to be believed
FEW = 2  # finished bars that say less than the bars on the way
COUNTERS = ("epoch", "step", "batch", "batches")


class ConsoleText(Reader):
    """Any text in which lines name losses or other figures of merit."""

    at_most = 0.6

    def recognises(self, source: Source) -> float:
        """More the more lines name a loss; little for any other text."""
        if not source.text:
            return 0.0
        found = _believed_of(source.first_lines)
        return min(0.6, 0.3 + 0.1 * len(found)) if any(said.tells for said in found) else 0.1

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row for each line with figures."""
        cells = Cells()
        believed = _believed_of(source.lines)
        better = summed_up(believed)
        for said in believed:
            figures = zip(said.names, said.numbers, strict=True)
            cells.add(said.place, (one for one in figures if said.sums_up or (said.split, one[0]) not in better), said.split)
        if not cells.rows:
            raise ReadError(
                f"{named(source.path)}: text in which no line names a loss or a metric; expected lines such as `epoch 3: loss 0.12`"
            )
        columns = cells.columns()
        name = source.path.name.removesuffix(".gz").rpartition(".")[0] or source.path.name
        kept = {name: column for name, column in columns.items() if name in COUNTERS or understood(name).kind or len(column) > 1}
        yield Table(name, source.path, kept, cells.rows, splits=cells.splits(), roles=roles_of_bare(kept))


def _believed_of(lines: Sequence[str]) -> list[Said]:
    """The phrases to read: what finished lines say, else what progress bars said on the way."""
    found = list(told(lines))
    if sum(said.tells for said in found) <= FEW:
        drawn = list(told(lines, drawn=True))
        found = drawn if sum(said.tells for said in drawn) > OFTEN else found
    return with_second_bars(_believed(found))


def _believed(found: list[Said]) -> list[Said]:
    """The phrases that are log lines: with a counter, or of a shape that comes back; not a setting or a line of code."""
    shapes = Counter(said.shape for said in found)
    often = {shape for shape, times in shapes.items() if times >= OFTEN}
    telling = [said for said in found if said.counted or (said.shape in often and said.tells)]
    if any(said.tells for said in telling):
        return telling
    return [said for said in telling if said.shape in often]  # names that only --map can explain
