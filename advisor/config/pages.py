"""What `advisor explain` says of a key of the Config."""

from dataclasses import dataclass
from typing import Any

from advisor.config.effects import default
from advisor.config.expected import expected
from advisor.config.names import paths, schemas, sections
from advisor.pages import Page, first_paragraph

HEADINGS = ("When to change it", "What to look at afterwards")


@dataclass(frozen=True)
class Key:
    """One key of the Config: what it takes, what it is unless named, and its page."""

    path: str
    values: str  # in words
    default: Any
    page: Page


def key_page(path: str) -> Key:
    """The key at a dotted path, explained; raises KeyError where there is none.

    >>> key_page("optim.momentum").values
    'a number from 0 to below 1'
    """
    schema = schemas()[path]
    does, *rest = str(schema["description"]).split("\n\n")
    page = Page(first_paragraph(does), dict(zip(HEADINGS, map(first_paragraph, rest), strict=True)))
    return Key(path, expected(schema), default(path), page)


def section_keys(section: str) -> tuple[Key, ...]:
    """All keys of a section, in order."""
    return tuple(key_page(f"{section}.{key}") for key in sections()[section].model_fields)


def paths_of(key: str) -> tuple[str, ...]:
    """The dotted paths that end in a key's own name.

    >>> paths_of("momentum"), paths_of("seed")
    (('optim.momentum',), ('data.seed', 'train.seed'))
    """
    return tuple(path for path in paths() if path.rpartition(".")[2] == key)


def paths_taking(value: str) -> tuple[str, ...]:
    """The dotted paths of the keys that may have this word as their value.

    >>> paths_taking("adam"), paths_taking("tanh")
    (('optim.name',), ('model.activation', 'model.output'))
    """
    return tuple(path for path, schema in schemas().items() if value in schema.get("enum", ()))
