"""The language behind `/`: which runs, or which names, a text asks for.

Words stand beside each other for "and", `|` between them for "or", `!` before one for "not". A word with * ? or [ is a glob
over the whole name, `KEY<NUMBER` (also <= > >= = !=) compares a value of the run, any other word is looked for in all that is said of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from advisor.errors import AdvisorError
from advisor.text import printable

COMPARISON = re.compile(r"([\w.:/-]+?)(<=|>=|!=|<|>|=)(.*)", re.DOTALL)
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@dataclass(frozen=True)
class Described:
    """What a filter can ask of a run."""

    name: str
    words: tuple[str, ...] = ()  # its state, its rules ...
    values: Mapping[str, Any] = field(default_factory=dict)  # numbers and words by key


Filter = Callable[[Described], bool]


def parsed(text: str) -> Filter:
    """The filter that a text means; raises AdvisorError where a number is wanted and something else found.

    >>> wanted = parsed("deep* !relu lr<0.01")
    >>> wanted(Described("deep-tanh", values={"lr": 0.001})), wanted(Described("deep-relu", values={"lr": 0.001}))
    (True, False)
    """
    choices = [[_word(word) for word in part.split()] for part in text.split("|")]
    choices = [words for words in choices if words] or [[]]
    return lambda run: any(all(word(run) for word in words) for words in choices)


def _word(word: str) -> Filter:
    if word.startswith("!"):
        wanted = _word(word[1:])
        return lambda run: not wanted(run)
    if found := COMPARISON.fullmatch(word):
        return _comparison(*found.groups())
    low = word.lower()
    if any(sign in low for sign in "*?["):
        return lambda run: fnmatchcase(run.name.lower(), low)
    return lambda run: any(low in said.lower() for said in (run.name, *run.words))


def _comparison(key: str, sign: str, wanted: str) -> Filter:
    number = _number(wanted)
    if number is None and sign not in ("=", "!="):
        raise AdvisorError(f"{printable(key + sign)}: found {printable(wanted) or 'nothing'!r} behind it, expected a number")
    holds = OPERATORS[sign]

    def compare(run: Described) -> bool:
        value = _value(run.values, key.lower())
        if value is None:
            return False
        known = _number(value)
        if number is not None and known is not None:
            return holds(known, number)
        return sign in ("=", "!=") and (str(value).lower() == wanted.lower()) is (sign == "=")

    return compare


def _value(values: Mapping[str, Any], key: str) -> Any:
    """By its whole key, else by the last part of a dotted one: `lr` is `optim.lr`."""
    if key in values:
        return values[key]
    return next((value for path, value in values.items() if path.rpartition(".")[2] == key), None)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
