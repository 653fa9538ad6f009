"""console-text: what trainings print, in whatever words: a line a step or epoch, with names and numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from advisor.errors import ReadError
from advisor.readers.bare_splits import roles_of_bare, splits_by_file, stem
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.patterns import CODE_LINE, PAIRED, SLASHED
from advisor.readers.phrases import LONGEST
from advisor.readers.sayings import (
    Said,
    means_of_epochs,
    summed_up,
    tells_means,
    told,
    told_by_batch,
    with_second_bars,
    with_second_prints,
    without_drafts,
)

OFTEN = 3  # lines of one shape that need no counter to be believed
FEW = 2  # finished bars that say less than the bars on the way
SAME = 3  # lines with one counter and the same names, as no text has
REPEATED = 0.5  # share of the lines with figures that must come from a print statement that spoke before
CODE = 0.1  # share of lines of a program in a text that is one
COUNTERS = ("epoch", "step", "batch", "batches")
WRITTEN = (".md", ".rst", ".tex", ".html")  # by people: an example or two is no log
PROGRAMS = (
    ".py",
    ".pyx",
    ".c",
    ".cc",
    ".cpp",
    ".h",
    ".cu",
    ".java",
    ".js",
    ".ts",
    ".go",
    ".rs",
    ".jl",
    ".lua",
    ".m",
    ".r",
    ".ipynb",
    ".sh",
    ".ps1",
)


class ConsoleText(Reader):
    """Any text in which lines name losses or other figures of merit."""

    at_most = 0.6

    def recognises(self, source: Source) -> float:
        """More the more lines name a loss; little for any other text."""
        if not source.text:
            return 0.0
        found = _believed_of(source.first_lines, source.path.name)
        return min(0.6, 0.3 + 0.1 * len(found)) if any(said.kind.tells for said in found) else 0.1

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row for each line with figures."""
        cells = _cells(_believed_of(source.each_line, source.path.name))
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: {_what_it_is(source)}; expected lines such as `epoch 3: loss 0.12`")
        columns = cells.columns()
        kept = {name: column for name, column in columns.items() if name in COUNTERS or understood(name).kind or len(column) > 1}
        splits = {} if cells.splits() else splits_by_file(source.path, kept)
        yield Table(
            stem(source.path), source.path, kept, cells.rows,
            notes=_notes(source, kept), splits=cells.splits() or splits, roles=roles_of_bare(kept),
        )  # fmt: skip


def _notes(source: Source, names: Iterable[str]) -> tuple[str, ...]:
    """What was taken for granted: of two figures with a slash between them nothing says which is which."""
    lines = [line[:LONGEST] for line in source.first_lines if "/" in line] if any(name.startswith("val/") for name in names) else []
    paired = any((found := SLASHED.search(line)) and f"val/{found['name']}" in names and not PAIRED.search(line) for line in lines)
    return ("of two figures with a slash between them the first is taken for training, the second for validation",) if paired else ()


def _what_it_is(source: Source) -> str:
    if _is_program(source.each_line(), source.path.name):
        return "a program, and no log; give what it prints"
    if any(said.kind.tells for said in told(source.first_lines)):
        return "text that names losses or metrics, but not line after line as a log does"
    return "text in which no line names a loss or a metric"


def _cells(believed: list[Said]) -> Cells:
    cells = Cells()
    better, means, by_batch = summed_up(believed), means_of_epochs(believed), told_by_batch(believed)
    believed.reverse()
    while believed:  # what was taken over is let go: a log has hundreds of thousands of lines
        place, kind, _ = said = believed.pop()
        figures: Iterable[tuple[str, float]] = zip(kind.names, said.numbers, strict=True)
        if better and not kind.sums_up:
            figures = [figure for figure in figures if (kind.split, figure[0]) not in better]
        if means and tells_means(kind):
            figures = [(f"train/{name}" if name in means else name, value) for name, value in figures]
        elif names := by_batch.get(kind):
            figures = [(f"{name} (batch)" if name in names else name, value) for name, value in figures]
        cells.add(place, figures, kind.split)
    return cells


def _believed_of(lines: Iterable[str] | Callable[[], Iterator[str]], name: str) -> list[Said]:
    """The phrases to read: what finished lines say, else what progress bars said on the way."""
    again = lines if callable(lines) else lambda: iter(lines)
    found = list(told(again()))
    if sum(said.kind.tells for said in found) <= FEW:
        drawn = list(told(again(), drawn=True))
        found = drawn if sum(said.kind.tells for said in drawn) > OFTEN else found
    found = _believed(found)
    return (
        with_second_prints(with_second_bars(without_drafts(found)))
        if _is_printed(found, name) and not _is_program(again(), name, found)
        else []
    )


def _believed(found: list[Said]) -> list[Said]:
    """The phrases that are log lines: with a counter, or of a shape that comes back; not a setting or a line of code."""
    shapes = Counter(said.kind.shape for said in found)
    often = {shape for shape, times in shapes.items() if times >= OFTEN} | _again_under_another_count(found)
    telling = [said for said in found if said.kind.counted or (said.kind.shape in often and (said.kind.tells or said.kind.sets))]
    if any(said.kind.tells for said in telling):
        return telling
    return [said for said in telling if said.kind.shape in often]  # names that only --map can explain


def _again_under_another_count(found: list[Said]) -> set[tuple[str, ...]]:
    """The shapes of lines without a counter that are said in the same words under two counts: `val loss 0.5`, an epoch later again."""
    counts: dict[tuple[tuple[str, ...], str], set[tuple[float, ...]]] = {}
    for kind, numbers in ((said.kind, said.numbers) for said in found if not said.kind.counted and (said.kind.tells or said.kind.sets)):
        held = tuple(number for name, number in zip(kind.names, numbers, strict=True) if name in COUNTERS)
        counts.setdefault((kind.shape, kind.pattern), set()).update([held] if held else [])
    return {shape for (shape, _), held in counts.items() if len(held) > 1}


def _is_printed(found: list[Said], name: str) -> bool:
    """Whether lines repeat each other but for their numbers, as those of a program do and those of a text do not."""
    patterns = Counter(said.kind.pattern for said in found if said.kind.tells)
    shapes = Counter(said.kind.shape for said in found if said.kind.tells and said.kind.counted)
    if max(shapes.values(), default=0) > SAME and max(shapes.values()) > REPEATED * patterns.total():
        return True  # with a remark of its own behind each line
    lines, most = patterns.total(), max(patterns.values(), default=0)
    if name.lower().endswith(WRITTEN) and most < OFTEN:
        return False
    return lines < OFTEN or sum(times for times in patterns.values() if times > 1) >= REPEATED * lines


def _is_program(lines: Iterator[str], name: str, found: Iterable[Said] = ()) -> bool:
    """By its name, or by its lines; but a log may begin with its own program."""
    if name.lower().endswith(PROGRAMS):
        return True
    if any(times >= OFTEN for times in Counter(said.kind.pattern for said in found if said.kind.tells and said.kind.counted).values()):
        return False
    first = [line for line in islice(lines, 400) if line.strip()]
    code = sum(CODE_LINE.search(line[:LONGEST]) is not None for line in first)
    return code >= OFTEN and code > CODE * len(first)
