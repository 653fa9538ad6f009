"""Functions of the user's own that return the data."""

from typing import Any

from advisor.config import Config
from advisor.errors import DataError
from advisor.text import printable
from advisor.training.formats._pairs import part_of
from advisor.training.formats.base import SOURCE, Format
from advisor.training.functions import called, imported, seed_everything
from advisor.training.sources.base import Part, RawData

EXPECTED = "expected (x, y) or ((x, y), (x_val, y_val))"


class Function(Format):
    """`FILE.py:FUNCTION` or `package.module:FUNCTION`, called without arguments after seeding with data.seed."""

    def read(self, texts: dict[str, str], config: Config) -> RawData:
        returned = {key: _returned(text, key, config) for key, text in texts.items()}
        parts = {key: _part(pairs[0], texts[key]) for key, pairs in returned.items()}
        own = returned[SOURCE]
        if len(own) == 2 and "validation" not in parts:
            parts["validation"] = _part(own[1], texts[SOURCE])
        whole = parts.pop(SOURCE)
        are_tokens = whole.x.dtype.kind in "iu"
        return RawData(whole, parts, are_tokens=are_tokens)


def _returned(text: str, key: str, config: Config) -> list[Any]:
    """The pairs that a function returns: one, or two with the validation part."""
    function = imported(text, config, f"data.{key}")
    seed_everything(config.data.seed)
    value = called(function, text, f"data.{key}")
    if not _is_pair(value):
        raise DataError(f'data.{key} = "{printable(text)}" returned {type(value).__name__}, {EXPECTED}')
    # two samples of two numbers each are no pair of pairs, unless they come as tuples
    nested = all(isinstance(each, tuple | list) and _is_pair(each) and not _is_number(each[0]) for each in value)
    return [*value] if nested else [value]


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | str)


def _part(pair: Any, text: str) -> Part:
    return part_of(pair[0], pair[1], f'"{printable(text)}"')
