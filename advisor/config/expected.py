"""What a key takes, in words: from its JSON schema, so that words and checks cannot part."""

import json
from collections.abc import Mapping
from typing import Any

from advisor.config.base import EXPECTED
from advisor.text import printable

LONGEST_SHOWN = 60
Schema = Mapping[str, Any]


def expected(schema: Schema, plural: bool = False) -> str:
    """The values a schema accepts.

    >>> expected({"type": "number", "minimum": 0, "maximum": 0.9})
    'a number from 0 to 0.9'
    >>> expected({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "full"}]})
    'a whole number of at least 1 or "full"'
    """
    if EXPECTED in schema:
        return str(schema[EXPECTED])
    if "anyOf" in schema:
        return " or ".join(expected(member) for member in schema["anyOf"] if member.get("const") != "")
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return json.dumps(schema["const"])
    return _of_type(schema, plural)


def _of_type(schema: Schema, plural: bool) -> str:
    if schema["type"] == "array":
        return f"a list of {expected(schema['items'], plural=True)}"
    if schema["type"] == "boolean":
        return "true or false"
    noun = {"integer": "whole number", "number": "number"}[schema["type"]]
    return f"{noun}s{_range(schema)}" if plural else f"a {noun}{_range(schema)}"


def _range(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if "exclusiveMaximum" in schema:
        return f" from {low} to below {schema['exclusiveMaximum']}"
    if "exclusiveMinimum" in schema:
        return f" above {schema['exclusiveMinimum']}"
    return "" if low is None else f" of at least {low}"


def shown(value: Any) -> str:
    """A value as TOML has it, short enough for a line.

    >>> shown("relu"), shown([64, -1]), shown(True), shown({"a": 1})
    ('"relu"', '[64, -1]', 'true', 'a table')
    """
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, float):
        return repr(float(value))
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
