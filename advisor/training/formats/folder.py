"""Folders of images: a subfolder for each class."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from advisor.config import Config
from advisor.errors import DataError, MissingLibraryError
from advisor.text import printable
from advisor.training.formats.base import SOURCE, Format, existing, shown
from advisor.training.sources.base import Array, Part, RawData

T = TypeVar("T")

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})
GREY = frozenset({"1", "L", "LA"})  # Pillow's modes without colour


class Folder(Format):
    """Each subfolder is a class; images are resized to the commonest size, and grey where all of them are."""

    def read(self, texts: dict[str, str], config: Config) -> RawData:
        files = {key: _files(existing(text, config)) for key, text in texts.items()}
        looks = {key: [_opened(path, _look) for path, _ in pairs] for key, pairs in files.items()}
        sizes = Counter(size for size, _ in looks[SOURCE])
        size = max(sizes, key=lambda each: (sizes[each], each))
        grey = all(mode in GREY for _, mode in looks[SOURCE])
        other = sum(found != size for held in looks.values() for found, _ in held)
        notes = (f"{other} images were resized to {size[0]}x{size[1]}, the commonest size",) if other else ()
        parts = {key: Part(_images(pairs, size, "L" if grey else "RGB"), _labels(pairs)) for key, pairs in files.items()}
        return RawData(parts.pop(SOURCE), parts, notes=notes)


def _files(folder: Path) -> list[tuple[Path, str]]:
    """Every image below a folder with the name of its class, in a fixed order."""
    if not folder.is_dir():
        raise DataError(f"{shown(folder)}: is a file, expected a folder with a subfolder of images for each class")
    classes = sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))
    files = [(path, child.name) for child in classes for path in sorted(child.rglob("*")) if path.suffix.lower() in SUFFIXES]
    if not files:
        found = f"{len(classes)} subfolders without images" if classes else "no subfolder"
        raise DataError(f"{shown(folder)}: found {found}, expected a subfolder of images for each class")
    return files


def _opened(path: Path, use: Callable[[Any], T]) -> T:
    """What `use` makes of an image; raises DataError where the file holds none."""
    try:
        from PIL import Image
    except ImportError:
        raise MissingLibraryError("reading images needs Pillow, which is not installed: pip install pillow") from None
    try:
        with Image.open(path) as image:
            return use(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{shown(path)}: cannot be read as an image ({printable(str(error))}); remove or repair it") from error


def _look(image: Any) -> tuple[tuple[int, int], str]:
    """Width and height, and Pillow's name for the kind of pixels; nothing is decoded for it."""
    return image.size, image.mode


def _images(files: list[tuple[Path, str]], size: tuple[int, int], mode: str) -> Array:
    """The images (samples, channels, height, width), 0..255."""
    stacked = np.stack([_opened(path, lambda image: np.asarray(_resized(image.convert(mode), size))) for path, _ in files])
    return stacked[:, None] if mode == "L" else np.moveaxis(stacked, 3, 1)


def _resized(image: Any, size: tuple[int, int]) -> Any:
    return image if image.size == size else image.resize(size)


def _labels(files: list[tuple[Path, str]]) -> Array:
    return np.array([name for _, name in files], dtype=object)
