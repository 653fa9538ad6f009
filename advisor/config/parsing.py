"""Tables → Config: all mistakes are reported at once."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from advisor.config.clashes import clashes
from advisor.config.effects import notes
from advisor.config.problems import Place, problems
from advisor.config.whole import Config, Tree, with_origin
from advisor.errors import ConfigError, ConfigProblem


def parse(tree: Tree, base: Path | None = None, source: str = "config") -> Config:
    """The Config that nested tables hold; relative paths start from `base` (the working folder).

    Raises ConfigError with all problems; `source` says in them where the tables come from.

    >>> parse({"optim": {"lr": 0.1}}).optim.lr
    0.1
    """
    folder = base or Path.cwd()
    config, found = check(tree, folder)
    if found:
        raise ConfigError(found, source)
    return with_origin(config, folder, notes(config))


def defaults() -> Config:
    """The Config in which nothing is named."""
    return parse({})


def check(tree: Tree, base: Path) -> tuple[Config, list[ConfigProblem]]:
    """The Config of all that is right in `tree`, and what is wrong with the rest; relative paths start from `base`."""
    try:
        config, wrong = Config.model_validate(tree, context=base), {}
    except ValidationError as error:
        wrong = problems(error, tree)
        config = Config.model_validate(_right(tree, wrong), context=base)
    return config, [*wrong.values(), *clashes(config, {".".join(place) for place in wrong})]


def _right(tree: Tree, wrong: Iterable[Place]) -> dict[str, Any]:
    """The tree without the sections and keys that are wrong."""
    sections = {name: table for name, table in tree.items() if (name,) not in wrong}
    return {name: {key: value for key, value in table.items() if (name, key) not in wrong} for name, table in sections.items()}
