"""printed-blocks: a frame around a name and a number a line, again and again; Stable-Baselines, Spinning Up, OpenAI's logger."""

import re
from collections.abc import Iterator

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.names import understood
from advisor.readers.numbers import number
from advisor.readers.opening import named
from advisor.readers.sayings import told
from advisor.readers.vocabulary import JUDGED

ENTRY = re.compile(r"^\s*+[|│┃](?P<gap>\s*+)(?P<name>[^|│┃]{1,120}?)\s*[|│┃]\s*+(?P<value>\S{0,40})\s*+[|│┃]\s*+$")
ENOUGH = 4  # entries in the first lines


class PrintedBlocks(Reader):
    """Frames of names and numbers, a frame a step."""

    def recognises(self, source: Source) -> float:
        """By frames that name something to judge by."""
        found = [entry["name"] for line in source.first_lines if (entry := ENTRY.match(line)) and number(entry["value"]) is not None]
        if len(found) < ENOUGH or not any(understood(name).kind in JUDGED or _is_return(name) for name in found):
            return 0.0
        return 0.45 if _tells_more(source.first_lines) else 0.75

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row a frame."""
        cells = Cells()
        block: dict[str, float] = {}
        heading = ""
        for place, line in enumerate([*source.lines, ""], start=1):
            entry = ENTRY.match(line)
            name = f"{heading}{entry['name']}" if entry and len(entry["gap"]) > 1 and heading else entry["name"] if entry else ""
            if block and (entry is None or name in block):
                cells.add(place - 1, block.items())
                block = {}
            if entry is None:
                heading = ""
            elif entry["name"].endswith("/") and not entry["value"]:
                heading = entry["name"]
            elif (value := number(entry["value"])) is not None:
                block[_plain(name)] = value
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: no frame with names and numbers in it; expected lines such as `| loss | 0.12 |`")
        yield Table(source.path.stem, source.path, cells.columns(), cells.rows)


def _tells_more(lines: list[str]) -> bool:
    """Whether losses are printed between the frames, which then are about evaluations alone."""
    kinds = [said.kind for said in told(line for line in lines if not ENTRY.match(line))]
    return sum(kind.counted and any(understood(name).kind == "loss" for name in kind.names) for kind in kinds) >= ENOUGH


def _plain(name: str) -> str:
    return "mean_return" if name in ("AverageEpRet", "EpRet") else name


def _is_return(name: str) -> bool:
    return name.endswith("EpRet")
