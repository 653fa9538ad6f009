"""console-text: what trainings print, in whatever words: a line a step or epoch, with names and numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator

from advisor.errors import ReadError
from advisor.readers.bare_splits import roles_of_bare, split_of_bare
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.phrases import Phrase, phrases

OFTEN = 3  # lines of one shape that need no counter to be believed
FEW = 2  # finished bars that say less than the bars on the way
JUDGED = ("loss", "accuracy", "metric")
COUNTERS = ("epoch", "step", "batch", "batches")
OTHERS = ("wandb:",)  # how lines begin that repeat at the end what was logged
Told = list[tuple[int, Phrase]]


class ConsoleText(Reader):
    """Any text in which lines name losses or other figures of merit."""

    def recognises(self, source: Source) -> float:
        if not source.text:
            return 0.0
        found = _believed_of(source.first_lines)
        return min(0.6, 0.3 + 0.1 * len(found)) if any(map(_tells, found)) else 0.1

    def read(self, source: Source) -> Iterator[Table]:
        cells = Cells()
        for place, phrase in _believed_of(source.lines):
            cells.add(place, (phrase.counts | phrase.values).items(), phrase.split)
        if not cells.rows:
            raise ReadError(
                f"{named(source.path)}: text in which no line names a loss or a metric; expected lines such as `epoch 3: loss 0.12`"
            )
        columns = cells.columns()
        name = source.path.name.removesuffix(".gz").rpartition(".")[0] or source.path.name
        kept = {name: column for name, column in columns.items() if name in COUNTERS or understood(name).kind or len(column) > 1}
        yield Table(name, source.path, kept, cells.rows, splits=cells.splits(), roles=roles_of_bare(kept))


def _believed_of(lines: Iterable[str]) -> Told:
    """The phrases to read: what finished lines say, else what progress bars said on the way."""
    listed = list(lines)
    told = list(_told(listed))
    if sum(map(_tells, told)) <= FEW:
        drawn = list(_told(listed, drawn=True))
        told = drawn if sum(map(_tells, drawn)) > OFTEN else told
    return _believed(told)


def _tells(told: tuple[int, Phrase]) -> bool:
    phrase = told[1]
    return phrase.tells or (bool(phrase.counts) and any(map(split_of_bare, phrase.values)))


def _told(lines: Iterable[str], drawn: bool = False) -> Iterator[tuple[int, Phrase]]:
    """Every phrase with a number worth keeping, with its line; a counter holds until the next one, a heading until a counter."""
    counts: dict[str, float] = {}
    heading = ""
    before: tuple[object, ...] = ()
    for place, line in enumerate(lines, start=1):
        if line.startswith(OTHERS):
            continue
        for phrase in phrases(line, drawn):
            heading = phrase.split if phrase.heads else "" if phrase.counts else heading
            counts = _counted(counts, phrase)
            said = ([(name, value) for name, value in phrase.values.items() if understood(name).kind in JUDGED], counts, phrase.split)
            if phrase.values and (drawn or not phrase.bar) and not (said == before and said[0] and "step" in counts):
                yield place, Phrase(phrase.values, counts | phrase.counts, phrase.split or heading)
                before = said


def _counted(counts: dict[str, float], phrase: Phrase) -> dict[str, float]:
    """The epoch and step that hold from a phrase on."""
    said = {name: count for name, count in phrase.counts.items() if name in ("epoch", "step")}
    return said if "epoch" in said else counts | said


def _believed(told: Told) -> Told:
    """The phrases that are log lines: with a counter, or of a shape that comes back; not a setting or a line of code."""
    shapes = Counter(phrase.shape for _, phrase in told)
    often = {shape for shape, times in shapes.items() if times >= OFTEN}
    telling = [(place, phrase) for place, phrase in told if phrase.counts or (phrase.shape in often and phrase.tells)]
    if any(map(_tells, telling)):
        return telling
    return [(place, phrase) for place, phrase in telling if phrase.shape in often]  # names that only --map can explain
