"""console-text: what trainings print, in whatever words: a line a step or epoch, with names and numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from advisor.errors import ReadError
from advisor.readers.bare_splits import roles_of_bare, split_of_bare
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.phrases import JUDGED, Phrase, phrases

OFTEN = 3  # lines of one shape that need no counter to be believed
FEW = 2  # finished bars that say less than the bars on the way
COUNTERS = ("epoch", "step", "batch", "batches")
OTHERS = ("wandb:",)  # how lines begin that repeat at the end what was logged
Names = tuple[str, ...]


class Said(NamedTuple):
    """A phrase as it is kept, small: a log has hundreds of thousands of them."""

    place: int
    names: Names  # of counters, then of figures; shared by all lines that have the same
    numbers: tuple[float, ...]
    split: str
    shape: Names
    counted: bool  # whether the line itself has a counter
    tells: bool  # whether it names a figure of merit


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
        for said in _believed_of(source.lines):
            cells.add(said.place, zip(said.names, said.numbers, strict=True), said.split)
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
    told = list(_told(lines))
    if sum(said.tells for said in told) <= FEW:
        drawn = list(_told(lines, drawn=True))
        told = drawn if sum(said.tells for said in drawn) > OFTEN else told
    return _believed(told)


def _told(lines: Iterable[str], drawn: bool = False) -> Iterator[Said]:
    """Every phrase with a number worth keeping, with its line; a counter holds until the next one, a heading until a counter."""
    counts: dict[str, float] = {}
    heading = ""
    before: tuple[object, ...] = ()
    shared: dict[Names, Names] = {}
    for place, line in enumerate(lines, start=1):
        if line.startswith(OTHERS):
            continue
        for phrase in phrases(line, drawn):
            heading = phrase.split if phrase.heads else "" if phrase.counts else heading
            counts = _counted(counts, phrase)
            if not phrase.values or (phrase.bar and not drawn):
                continue
            judged = [figure for figure in phrase.values.items() if understood(figure[0]).kind in JUDGED]
            if not (judged and "step" in counts and (judged, counts, phrase.split) == before):  # else said twice, to two places
                yield _said(place, counts, phrase, heading, shared)
            before = (judged, counts, phrase.split)


def _said(place: int, counts: dict[str, float], phrase: Phrase, heading: str, shared: dict[Names, Names]) -> Said:
    all_said = counts | phrase.counts | phrase.values
    names, shape = tuple(all_said), phrase.shape
    tells = phrase.tells or (bool(phrase.counts) and any(map(split_of_bare, phrase.values)))
    return Said(
        place, shared.setdefault(names, names), tuple(all_said.values()), phrase.split or heading,
        shared.setdefault(shape, shape), bool(phrase.counts), tells,
    )  # fmt: skip


def _counted(counts: dict[str, float], phrase: Phrase) -> dict[str, float]:
    """The epoch and step that hold from a phrase on."""
    said = {name: count for name, count in phrase.counts.items() if name in ("epoch", "step")}
    return said if "epoch" in said else counts | said


def _believed(told: list[Said]) -> list[Said]:
    """The phrases that are log lines: with a counter, or of a shape that comes back; not a setting or a line of code."""
    shapes = Counter(said.shape for said in told)
    often = {shape for shape, times in shapes.items() if times >= OFTEN}
    telling = [said for said in told if said.counted or (said.shape in often and said.tells)]
    if any(said.tells for said in telling):
        return telling
    return [said for said in telling if said.shape in often]  # names that only --map can explain
