"""json-lines: a JSON object a line, whatever stands between; detectron2, mmengine, LLaMA-Factory and people's own."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from advisor.errors import ReadError, ResultsError
from advisor.readers.bare_splits import splits_by_file, stem
from advisor.readers.base import Reader, Source, Table
from advisor.readers.comparing import ONE_RESULT, compared_records, one_result, refusal
from advisor.readers.entries import Cells, numbers_in, renamed, split_of
from advisor.readers.names import understood
from advisor.readers.opening import named
from advisor.readers.vocabulary import JUDGED

PREFIX = re.compile(r"^:{0,3}[A-Z]{3,8} (?=\{)")
SAMPLE = 200  # lines looked at
ENOUGH = 0.3  # share of them that must be objects


class JsonLines(Reader):
    """A JSON object a line."""

    def recognises(self, source: Source) -> float:
        """By the share of the lines that hold an object."""
        lines = [line for line in source.first_lines[:SAMPLE] if line.strip()]
        if lines and lines[0].startswith("[") and not any(_objects(lines[0])):
            return 0.0  # a document, on several lines
        objects = [record for line in lines for record in _objects(line)]
        if not objects or len(objects) < ENOUGH * len(lines) or (len(lines) == 1 and not source.path.name.endswith("l")):
            return 0.0 if len(lines) != 1 else 0.3 * bool(objects)
        keys = {key.rpartition("/")[2] for record in objects for key, _ in numbers_in(record)}
        return 0.9 if any(understood(key).kind in JUDGED for key in keys) else 0.45

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row a record."""
        cells = Cells()
        epoch: float | None = None
        for place, line in enumerate(source.each_line(), start=1):
            for record in _objects(line):
                found = dict(numbers_in(record))
                if _steps_are_epochs(found, epoch):
                    found["epoch"] = found.pop("step")
                epoch = found.get("epoch", epoch)
                if found:
                    cells.add(place, found.items(), split_of(record))
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: JSON lines without any number; expected a record a step or epoch")
        if cells.rows == 1 and one_result(cells.filled):
            raise ResultsError(f"{named(source.path)}: {ONE_RESULT}")
        sample = [record for line in source.first_lines[:SAMPLE] for record in _objects(line)]
        if by := compared_records(sample):
            raise refusal(source.path, by, "list")
        splits = splits_by_file(source.path, cells.filled) | cells.splits()
        yield Table(stem(source.path), source.path, cells.columns(), cells.rows, splits=splits)


def _objects(line: str) -> Iterator[Mapping[str, Any]]:
    """The record on a line, or several in a list; behind a word such as :::MLLOG or DLLL, and with a comma behind it."""
    start = PREFIX.sub("", line.strip("\ufeff \t,")) if not line.startswith("{") else line.rstrip(", \t")
    if not start.startswith(("{", "[{")):
        return
    try:
        found = json.loads(start)
    except (ValueError, RecursionError):
        return
    yield from (renamed(record) for record in (found if isinstance(found, list) else [found]) if isinstance(record, dict))


def _steps_are_epochs(record: Mapping[str, float], epoch: float | None) -> bool:
    """Whether a record counts epochs under "step", as mmengine does for evaluations between records of iterations."""
    return epoch is not None and "epoch" not in record and record.get("step") == epoch and not {"loss", "lr"}.intersection(record)
