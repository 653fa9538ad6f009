"""JSON as people have it: with NaN, cut in the middle, or nested without end."""

import json
from collections.abc import Iterator
from typing import Any


def parsed(text: str) -> Any:
    """The document in a text; None where it is no complete JSON."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def items_of(text: str, key: str = "") -> Iterator[Any]:
    """The items of the list behind a key (quoted), or of the first list, as far as they are complete."""
    start = text.find("[", text.find(key) + len(key) if key else 0)
    decoder = json.JSONDecoder()
    place = start + 1
    while 0 < place < len(text):
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield item
