"""console-text: what trainings print, in whatever words: a line a step or epoch, with names and numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.phrases import Phrase, phrases

OFTEN = 3  # lines of one shape that need no counter to be believed
COUNTERS = ("epoch", "step", "batch", "batches")


class ConsoleText(Reader):
    """Any text in which lines name losses or other figures of merit."""

    def recognises(self, source: Source) -> float:
        if not source.text:
            return 0.0
        found = _believed(list(_told(source.first_lines)))
        return min(0.6, 0.3 + 0.1 * len(found)) if any(phrase.tells for _, phrase in found) else 0.1

    def read(self, source: Source) -> Iterator[Table]:
        cells = Cells()
        told = list(_told(source.lines))
        for place, phrase in _believed(told):
            cells.add(place, (phrase.counts | phrase.values).items(), phrase.split)
        if not cells.rows:
            raise ReadError(
                f"{named(source.path)}: text in which no line names a loss or a metric; expected lines such as `epoch 3: loss 0.12`"
            )
        columns = cells.columns()
        name = source.path.name.removesuffix(".gz").rpartition(".")[0] or source.path.name
        kept = {name: column for name, column in columns.items() if name in COUNTERS or understood(name).kind or len(column) > 1}
        yield Table(name, source.path, kept, cells.rows, splits=cells.splits())


def _told(lines: Iterable[str]) -> Iterator[tuple[int, Phrase]]:
    """Every phrase with a number worth keeping, with its line; a counter holds until the next one."""
    epoch: dict[str, float] = {}
    step: dict[str, float] = {}
    for place, line in enumerate(lines, start=1):
        for phrase in phrases(line):
            if "epoch" in phrase.counts:
                epoch = {"epoch": phrase.counts["epoch"]}
                step = {} if "step" not in phrase.counts else step
            if "step" in phrase.counts:
                step = {"step": phrase.counts["step"]}
            if phrase.values and not phrase.bar:
                yield place, Phrase(phrase.values, epoch | step | phrase.counts, phrase.split)


def _believed(told: list[tuple[int, Phrase]]) -> list[tuple[int, Phrase]]:
    """The phrases that are log lines: with a counter, or of a shape that comes back; not a setting or a line of code."""
    shapes = Counter(phrase.shape for _, phrase in told)
    often = {shape for shape, times in shapes.items() if times >= OFTEN}
    telling = [(place, phrase) for place, phrase in told if phrase.counts or (phrase.shape in often and phrase.tells)]
    if any(phrase.tells for _, phrase in telling):
        return telling
    return [(place, phrase) for place, phrase in telling if phrase.shape in often]  # names that only --map can explain
