""".npz files, read without pickle."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from advisor.config import Config
from advisor.errors import DataError
from advisor.text import printable
from advisor.training.formats._pairs import part_of
from advisor.training.formats.base import SOURCE, Format, existing, shown
from advisor.training.sources.base import Array, Part, RawData

GZIP_MARK = b"\x1f\x8b"


class Arrays(Format):
    """`x` and `y`, and `x_val` and `y_val` where the file keeps its own validation part."""

    def read(self, texts: dict[str, str], config: Config) -> RawData:
        files = {key: existing(text, config) for key, text in texts.items()}
        arrays = {key: _loaded(path) for key, path in files.items()}
        parts = {key: _pair(held, "x", "y", files[key]) for key, held in arrays.items()}
        whole = parts.pop(SOURCE)
        own = arrays[SOURCE]
        if ("x_val" in own or "y_val" in own) and "validation" not in parts:
            parts["validation"] = _pair(own, "x_val", "y_val", files[SOURCE])
        return RawData(whole, parts)


def _loaded(path: Path) -> dict[str, Array]:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(GZIP_MARK) else data
        if not zipfile.is_zipfile(io.BytesIO(data)):  # numpy would take it for a pickle
            raise zipfile.BadZipFile
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, EOFError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        reason = "it holds Python objects" if "allow_pickle" in str(error) else "it is no .npz archive"
        raise DataError(f"{shown(path)}: {reason}, expected arrays x and y of plain numbers or text") from error


def _pair(arrays: dict[str, Array], x: str, y: str, path: Path) -> Part:
    if x not in arrays or y not in arrays:
        there = ", ".join(printable(name) for name in arrays) or "nothing"
        raise DataError(f"{shown(path)}: holds {there}, expected the arrays {x} and {y}")
    return part_of(arrays[x], arrays[y], shown(path))
