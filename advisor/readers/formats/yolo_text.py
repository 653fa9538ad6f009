"""yolo-text: what YOLOv3 to YOLO11 print as they train, and their results.txt without a header."""

import re
from collections.abc import Iterator, Sequence

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells
from advisor.readers.numbers import number
from advisor.readers.opening import named
from advisor.readers.patterns import ESCAPES

EPOCH = re.compile(r"^\s*+(\d++)/(\d++)\s++[\d.]++G?\s++(?=[\d.\-n])")  # epoch/last and the memory in use
ALL_CLASSES = re.compile(r"^\s*+all\s++(?=\d)")
DRAWN = re.compile(r":\s*+\d++%.*$")  # a progress bar behind the numbers
PARTS = re.compile(r"^(?:box|obj|cls|dfl|seg|pose|kobj|angle|giou|iou|l1|rle|total|loss)(?:_loss|_om)?$", re.IGNORECASE)
# 2 + 4 + 2 columns as printed, and 7 of the evaluation.
HEADLESS = ("train/box_loss", "train/obj_loss", "train/cls_loss", "train/total_loss", "targets", "img_size",
            "metrics/precision", "metrics/recall", "metrics/mAP_0.5", "metrics/mAP_0.5:0.95",
            "val/box_loss", "val/obj_loss", "val/cls_loss")  # fmt: skip
EVALUATED = ("images", "instances", "metrics/precision", "metrics/recall", "metrics/mAP50", "metrics/mAP50-95")


class YoloText(Reader):
    """Rows that begin with epoch/last and the memory in use."""

    def recognises(self, source: Source) -> float:
        """By rows of an epoch under the header that YOLO prints, or of as many columns as its results.txt has."""
        rows = [line for line in map(_clean, source.first_lines) if EPOCH.match(line)]
        headed = any(_header(line) for line in map(_clean, source.first_lines))
        return 0.93 if rows and (headed or any(len(line.split()) == len(HEADLESS) + 2 for line in rows)) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table, a row an epoch and one an evaluation."""
        cells = Cells()
        names: Sequence[str] = HEADLESS
        waiting: tuple[int, dict[str, float]] | None = None  # of a bar that is drawn again and again the last stays
        for place, line in enumerate(source.lines, start=1):
            for piece in map(_clean, line.split("\r")):
                names = _header(piece) or names
                row = _row(piece, names) or _evaluation(piece)
                if not row:
                    continue
                if waiting and ("epoch" not in row or row["epoch"] != waiting[1]["epoch"]):
                    cells.add(waiting[0], waiting[1].items())
                    waiting = None
                if "epoch" in row:
                    waiting = (place, row)
                    epoch = row["epoch"]
                elif cells.rows:
                    cells.add(place, ({"epoch": epoch} | row).items())
        if waiting:
            cells.add(waiting[0], waiting[1].items())
        if not cells.rows:
            raise ReadError(f"{named(source.path)}: no row of an epoch; expected rows such as `0/99 3.6G 0.05 0.02 ...`")
        yield Table(source.path.stem, source.path, cells.columns(), cells.rows)


def _clean(line: str) -> str:
    return DRAWN.sub("", ESCAPES.sub("", line[:4000]))


def _header(line: str) -> Sequence[str]:
    """The names of the columns behind epoch and memory, from the line that is printed above them."""
    said = line.split()
    if len(said) < 4 or said[0] != "Epoch" or not any(map(PARTS.match, said)):
        return ()
    return [f"train/{name.removesuffix('_loss')}_loss" if PARTS.match(name) else name for name in said[2:]]


def _row(line: str, names: Sequence[str]) -> dict[str, float]:
    found = EPOCH.match(line)
    if found is None:
        return {}
    values = zip(names, map(number, line[found.end() :].split()), strict=False)
    return {"epoch": float(found[1])} | {name: value for name, value in values if value is not None}


def _evaluation(line: str) -> dict[str, float]:
    found = ALL_CLASSES.match(line)
    if found is None:
        return {}
    values = zip(EVALUATED, map(number, line[found.end() :].split()), strict=False)
    return {name: value for name, value in values if value is not None and name.startswith("metrics")}
