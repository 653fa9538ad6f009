"""Files of TOML → tables; a refusal says the line and, in the words of someone who is new to TOML, what belongs there."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.decoding import decoded, is_binary
from advisor.errors import ConfigError, ConfigProblem
from advisor.text import cut, printable

TOML_MESSAGE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)
WORD = re.compile(r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w-]+))\s*(?P<dot>\.)?""")


def tables(data: bytes, file: Path, wanted: str) -> dict[str, Any]:
    """The tables that the bytes of a TOML file hold; raises ConfigError, which says what was `wanted`, where it is none."""
    if is_binary(data):
        raise ConfigError([ConfigProblem("", "bytes that are no text", wanted)], printable(str(file)))
    text = decoded(data)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_problem(str(error), text)], printable(str(file))) from None


def _syntax_problem(message: str, text: str) -> ConfigProblem:
    match = TOML_MESSAGE.fullmatch(message)
    lines = text.splitlines() or [""]
    number = int(match["line"]) if match and match["line"] else len(lines)
    found = cut(printable(lines[min(number, len(lines)) - 1].strip()), 60)
    return ConfigProblem(f"line {number}", f"`{found}`", _wanted(match["what"] if match else message, found))


def _wanted(what: str, line: str) -> str:
    """What TOML wants there, in the words of someone who is new to it."""
    if what.startswith("Expected "):
        return what.removeprefix("Expected ")
    if what == "Invalid value":
        return 'a TOML value: 0.1, true, [64, 64], or "text" in quotes'
    if what == "Cannot overwrite a value":
        return "each key once"
    if "\\" in line:
        return "/ or \\\\ in paths: in double quotes a single \\ starts an escape"
    return f"TOML ({what[:1].lower()}{what[1:]})"


def line_of(text: str, keys: Sequence[str]) -> int:
    """The line, from 1, on which a TOML text sets a key, or the innermost table above it that is there.

    >>> line_of('[tool.advisor]\\nfail-on = "error"', ["tool", "advisor", "fail-on"])
    2
    """
    wanted, best, line = tuple(keys), 0, 1
    header: tuple[str, ...] = ()
    for number, row in enumerate(text.splitlines(), 1):
        words = keys_of(row)
        header, path = (words, words) if row.lstrip().startswith("[") else (header, (*header, *words))
        if words and path == wanted[: len(path)] and len(path) > best:
            best, line = len(path), number
    return line


def keys_of(row: str) -> tuple[str, ...]:
    """The keys that a row of TOML sets, or the table that it begins; none where it does neither.

    >>> keys_of('per-run-ignores."runs/a.b" = 1'), keys_of("[tool.advisor]"), keys_of("# a = 1")
    (('per-run-ignores', 'runs/a.b'), ('tool', 'advisor'), ())
    """
    row, words, at = row.lstrip(" \t["), [], 0
    match = WORD.match(row)
    while match:
        words.append(next(group for group in match.group("double", "single", "bare") if group is not None))
        at, match = match.end(), WORD.match(row, match.end()) if match["dot"] else None
    return tuple(words) if row[at : at + 1] in ("=", "]") else ()
