"""Tables as TOML, with a comment behind each key that says where it was set."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from advisor.config import to_toml
from advisor.config.whole import Config
from advisor.config.writing import tree_to_toml
from advisor.decoding import decoded
from advisor.outcome import shown
from advisor.settings import Settings
from advisor.text import printable
from advisor.toml_files import keys_of, line_of

COLUMN = 40  # where comments begin
DEFAULT = "default"
Origin = Callable[[tuple[str, ...]], str]


def config_text(config: Config, file: Path | None) -> str:
    """Every key of a Config, with the line of its file that sets it."""
    text = decoded(file.read_bytes()) if file else ""

    def origin(keys: tuple[str, ...]) -> str:
        return f"{shown(file)}:{line_of(text, keys)}" if file and config.names(".".join(keys)) else DEFAULT

    return _commented(to_toml(config), origin)


def settings_text(settings: Settings) -> str:
    """Every key of the settings, with the line of its file that sets it."""
    table: Mapping[str, Any] = {
        "select": list(settings.select), "ignore": list(settings.ignore), "fail-on": settings.fail_on,
        "per-run-ignores": {glob: list(rules) for glob, rules in settings.per_run_ignores},
    }  # fmt: skip
    return _commented(tree_to_toml({"advisor": table}), lambda keys: settings.origins.get(keys[1:], DEFAULT))


def _commented(text: str, origin: Origin) -> str:
    rows: list[str] = []
    table: tuple[str, ...] = ()
    for row in text.splitlines():
        keys = keys_of(row)
        table = keys if row.startswith("[") else table
        is_key = bool(keys) and not row.startswith("[")
        rows.append(f"{row:<{COLUMN}}  # {printable(origin((*table, *keys)))}" if is_key else row)
    return "\n".join(rows) + "\n"
