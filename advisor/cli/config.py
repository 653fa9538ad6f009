"""Show or check a Config, or print its schema."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.cli._shared import note

if TYPE_CHECKING:
    from advisor.config import Config

CONFIG_FILE = click.argument("file", metavar="[CONFIG.toml]", type=click.Path(path_type=Path), required=False)


@click.group()
def config() -> None:
    """Show or check a Config, or print its schema. Without a file: ./advisor.toml if there, else the defaults."""


@config.command()
@CONFIG_FILE
def show(file: Path | None) -> None:
    """Print every key with the value that a training would take."""
    from advisor.config import load, to_toml

    loaded = load(file)
    note(*loaded.notes)
    click.echo(to_toml(loaded), nl=False)


@config.command()
@CONFIG_FILE
def check(file: Path | None) -> None:
    """Find all mistakes in a Config without training it. Its functions are imported."""
    from advisor.config import load

    loaded = load(file)
    note(*loaded.notes)
    _import_functions(loaded)
    click.echo(f"{file or 'the Config'} is valid")


@config.command()
def schema() -> None:
    """Print the JSON schema of a Config, for editors that complete and check TOML."""
    from advisor.config import Config

    click.echo(json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False))


def _import_functions(loaded: "Config") -> None:
    """A function that is missing, or whose file breaks, shows before a training would."""
    from advisor.config.places import split_function

    for key, text in (("data.source", loaded.data.source), ("model.kind", loaded.model.kind)):
        if function := split_function(text):
            from advisor.training.functions import imported

            note(f"{key} imports {function[0]}")
            imported(text, loaded, key)
