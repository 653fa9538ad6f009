"""notebook: what the cells of a Jupyter notebook printed, each training a run; lines, and tables as fastai and Transformers draw."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from advisor.errors import ReadError
from advisor.readers import roles
from advisor.readers.base import Reader, Source, Table
from advisor.readers.formats.console_text import ConsoleText
from advisor.readers.formats.printed_blocks import PrintedBlocks
from advisor.readers.formats.table import Table as TableReader
from advisor.readers.formats.yolo_text import YoloText
from advisor.readers.json_text import items_of, parsed
from advisor.readers.opening import in_memory, named

PRINTED = (YoloText(), PrintedBlocks(), TableReader(), ConsoleText())  # who reads what a cell printed, if sure enough
ENOUGH = 0.35  # how sure they must be
FEWEST, FEWEST_UNCOUNTED = 2, 5  # values of a loss that make a training, with epochs or steps and without
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL | re.IGNORECASE)
CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]{0,200}>")


class Notebook(Reader):
    """A Jupyter notebook with output."""

    def recognises(self, source: Source) -> float:
        """By its first keys."""
        start = source.text[:2000].lstrip("\ufeff \r\n\t")
        return 0.95 if start.startswith("{") and '"cells"' in start and ('"cell_type"' in start or '"nbformat"' in source.text) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """A table for each cell that printed a training."""
        text = "\n".join(source.lines)
        document = parsed(text)
        cells = _cells(document) if isinstance(document, dict) else list(items_of(text, '"cells"'))
        outputs = [(place, _printed(cell)) for place, cell in enumerate(cells if isinstance(cells, list) else [], start=1)]
        tables = [table for place, texts in outputs for printed in texts if (table := _training(printed, place, source))]
        if not tables:
            raise ReadError(f"{named(source.path)}: a notebook in which no cell printed a training; run it, save it, or give its log")
        yield from tables


def _cells(document: Mapping[str, Any]) -> Any:
    """The cells; old notebooks keep them in worksheets."""
    sheets = document.get("worksheets")
    first = sheets[0] if isinstance(sheets, list) and sheets else None
    return first.get("cells") if isinstance(first, dict) else document.get("cells")


def _printed(cell: Any) -> list[str]:
    """What a cell printed, all streams as one text, and each drawn table as a text of its own."""
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    known = [output for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else []
    streams = "".join(_joined(output.get("text")) for output in known)
    drawn = [data.get("text/html") for output in known if isinstance(data := output.get("data"), dict)]
    return [*([streams] if streams.strip() else []), *(text for one in drawn if (text := _of_table(_joined(one))))]


def _joined(text: Any) -> str:
    parts = text if isinstance(text, list) else [text]
    return "".join(part for part in parts if isinstance(part, str))


def _of_table(drawn: str) -> str:
    """The rows of a table in HTML with tabs between the cells; empty where it does not count epochs or steps."""
    rows = [[html.unescape(TAG.sub("", cell)).strip() for cell in CELL.findall(row)] for row in ROW.findall(drawn)]
    counted = bool(rows and rows[0]) and rows[0][0].lower() in ("epoch", "step", "iter", "iteration")
    return "\n".join("\t".join(row) for row in rows) + "\n" if counted and len(rows) > 1 else ""


def _training(text: str, place: int, source: Source) -> Table | None:
    """The table in one cell's output, if it is a training."""
    try:
        printed = in_memory(text.encode("utf-8", errors="replace"))
        reader = max(PRINTED, key=lambda one: one.recognises(printed))
        found = next(iter(reader.read(printed)), None) if reader.recognises(printed) > ENOUGH else None
    except ReadError:
        return None
    if found is None or not _is_training(found):
        return None
    note = f"lines are counted in the output of cell {place}"
    return replace(found, name=f"{source.path.stem} cell {place}", path=source.path, unit="records", notes=(*found.notes, note))


def _is_training(table: Table) -> bool:
    known = roles.find(table)
    most = max((len(table.columns[columns[0]]) for columns in known.series.values()), default=0)
    counted: Mapping[str, str] = {axis: column for axis, column in known.axes.items() if axis in ("epoch", "step")}
    has_loss = any("loss" in role for role in known.series)
    return roles.usable(known.series, known.series) and (most >= FEWEST if counted else has_loss and most >= FEWEST_UNCOUNTED)
