"""Every mistake in a Config, each as one line: where it is, what was found, what was expected."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from advisor.config.expected import expected, shown
from advisor.config.names import nearest, nearest_section, schemas, sections
from advisor.errors import ConfigProblem
from advisor.text import printable

# A section, or a section and a key in it, as the tables have them: a quoted key may hold dots.
Place = tuple[str, ...]


def problems(error: ValidationError, tree: Mapping[str, Any]) -> dict[Place, ConfigProblem]:
    """What pydantic found, in our words: one problem a key."""
    found = (details["loc"][:2] for details in error.errors(include_url=False, include_context=False))
    places = [tuple(str(part) for part in loc) for loc in found]
    return {place: _problem(place, tree) for place in places}


def _problem(place: Place, tree: Mapping[str, Any]) -> ConfigProblem:
    section = place[0]
    if len(place) == 1:
        return _section_problem(section, tree[section])
    schema = schemas().get(".".join(place))
    if schema is None:
        return _unknown_key(place)
    found = tree[section][place[1]]
    return ConfigProblem(".".join(place), shown(found), expected(schema) + _suggestion(found, _choices(schema)))


def _section_problem(name: str, found: Any) -> ConfigProblem:
    if name in sections():
        return ConfigProblem(name, shown(found), f"a table [{name}] with keys such as {_keys(name)[0]}")
    if not isinstance(found, Mapping):
        return _unknown_key((name,))
    near = nearest_section(name)
    hint = f"; did you mean [{near}]?" if near else ""
    return ConfigProblem(printable(name) or '""', "an unknown section", f"one of {', '.join(sections())}{hint}")


def _unknown_key(place: Place) -> ConfigProblem:
    path = ".".join(place)
    near = nearest(path)
    known = f"one of {', '.join(_keys(place[0]))}" if len(place) > 1 else f"keys within a section ({', '.join(sections())})"
    return ConfigProblem(printable(path) or '""', "an unknown key", f"a known one; did you mean {near}?" if near else known)


def _keys(section: str) -> list[str]:
    return list(sections()[section].model_fields)


def _choices(schema: Mapping[str, Any]) -> Iterable[str]:
    """The words that a key takes."""
    members = schema.get("anyOf", [schema])
    words = [word for member in members for word in (*member.get("enum", ()), member.get("const"), *member.get("examples", ()))]
    return [word for word in words if isinstance(word, str)]


def _suggestion(found: Any, choices: Iterable[str]) -> str:
    near = difflib.get_close_matches(found.lower(), choices, n=1) if isinstance(found, str) else []
    return f'; did you mean "{near[0]}"?' if near else ""
