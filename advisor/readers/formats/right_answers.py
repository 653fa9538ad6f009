"""right-answers: `Epoch 3: 9342 / 10000`, as the networks of Nielsen's book tell how many test samples they get right."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.opening import named
from advisor.readers.sayings import told

LINE = re.compile(r"\s{0,4}epoch {1,4}(\d{1,6}) ?: {0,4}(\d{1,9}) ?/ ?(\d{1,9})(?:\s*+[,;(|\-][^/]{0,60})?\s*+", re.IGNORECASE)
ENOUGH = 3  # lines: fewer show no difference between answers and a counter that goes on by the same number
FEWEST = 20  # samples: what goes up to less is as often a patience or a fold
NAME = "right answers"
Answers = tuple[int, int, int, int]  # line, epoch, right ones, all


class RightAnswers(Reader):
    """The share of right answers after each epoch, where lines hold nothing but that."""

    at_most = 0.65

    def recognises(self, source: Source) -> float:
        """By lines that count epochs one by one, whose other numbers count nothing; no other line may name a loss or metric."""
        found = _whole(_answers(source.first_lines)) if source.text else []
        return 0.65 if _are_answers(found) and not any(said.kind.tells for said in told(source.first_lines)) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row an epoch."""
        found = _whole(_answers(source.each_line()))
        if not _are_answers(found):
            raise ReadError(f"{named(source.path)}: no right answers epoch by epoch; expected lines such as `Epoch 3: 9342 / 10000`")
        cells = Cells()
        for line, epoch, right, whole in found:
            cells.add(line, (("epoch", epoch), (NAME, right / whole)))
        note = "a line gives nothing but how many samples were right; they are taken for held-out ones"
        yield Table(source.path.stem, source.path, cells.columns(), cells.rows, notes=(note,), roles={"val_accuracy": NAME})


def _answers(lines: Iterable[str]) -> Iterator[Answers]:
    for place, line in enumerate(lines, start=1):
        if match := LINE.fullmatch(line):
            yield place, int(match[1]), int(match[2]), int(match[3])


def _whole(answers: Iterable[Answers]) -> list[Answers]:
    """All but a last line that was cut in its last number."""
    found = list(answers)
    is_cut = bool(found) and found[-1][3] < found[0][3] and str(found[0][3]).startswith(str(found[-1][3]))
    return found[:-1] if is_cut else found


def _are_answers(found: list[Answers]) -> bool:
    """Whether it is no progress: a line an epoch, of the same number of samples, with figures that do not just count up to it."""
    epochs, rights, wholes = zip(*((epoch, right, whole) for _, epoch, right, whole in found), strict=True) if found else ((), (), ())
    if len(found) < ENOUGH or len(set(wholes)) > 1 or wholes[0] < FEWEST or max(rights) > wholes[0]:
        return False
    again = epochs[1] > epochs[0] and epochs[0] <= 1  # a training started again counts from the beginning
    if any(later != one + 1 and not (again and later == epochs[0] and one > later) for one, later in pairwise(epochs)):
        return False
    growth = {later - one for one, later in pairwise(rights)}
    return len(growth) > 1 or (growth == {0} and rights[0] < wholes[0])
