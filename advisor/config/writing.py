"""Config → TOML."""

from pathlib import Path

from advisor.config.paths import rewritten
from advisor.config.whole import Config, Tree


def to_toml(config: Config) -> str:
    """The whole Config, every key with its value, as TOML.

    >>> from advisor.config import defaults
    >>> to_toml(defaults()).splitlines()[:2]
    ['[data]', 'source = "digits"']
    """
    return tree_to_toml(config.tree())


def write(config: Config, path: Path) -> None:
    """Write the whole Config to a file; its relative paths are rewritten to stay true from there."""
    text = tree_to_toml(rewritten(config, path.parent))
    path.write_text(text, encoding="utf-8", newline="\n")


def tree_to_toml(tree: Tree) -> str:
    """Nested plain tables as TOML."""
    import tomlkit

    return tomlkit.dumps(tree)
