"""Show or check a Config, or print its schema."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor.cli._group import Group
from advisor.cli._shared import Place, note
from advisor.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.config import Config
    from advisor.findings import Finding
    from advisor.settings import Settings

CLEAN, FOUND = 0, 1
ABOUT_SETTINGS = "C"  # the codes of rules that can tell from a Config alone
CONFIG_FILE = click.argument("file", metavar="[CONFIG.toml]", type=Place(path_type=Path), required=False)


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def config(ctx: click.Context) -> None:
    """Show or check a Config, or print its schema. Without a file: ./advisor.toml if there, else the defaults.

    \b
    Examples:
      advisor config check my.toml
      advisor config show
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@config.command()
@CONFIG_FILE
def show(file: Path | None) -> None:
    """Print every key with the value that a training would take, then the settings of diagnose; behind each, where it was set.

    Exit status: 0, or 2 where either has mistakes.

    \b
    Examples:
      advisor config show
      advisor config show my.toml
    """
    from advisor.cli._origins import config_text, settings_text
    from advisor.config import load
    from advisor.config.files import file_for
    from advisor.settings import settings

    loaded, chosen = load(file), settings()
    note(*loaded.notes)
    click.echo(f"{config_text(loaded, file_for(file))}\n{settings_text(chosen)}", nl=False)


@config.command()
@CONFIG_FILE
def check(file: Path | None) -> int:
    """Find all mistakes in a Config without training it, and settings that rarely go well. Its functions are imported.

    Exit status: 0 nothing found, 1 settings to think over, 2 a Config that cannot be trained.

    \b
    Examples:
      advisor config check
      advisor config check my.toml
    """
    from advisor.config import load
    from advisor.findings import Severity
    from advisor.settings import settings

    loaded, chosen = load(file), settings()
    note(*loaded.notes)
    _import_functions(loaded)
    click.echo(f"{printable(str(file or 'the Config'))} is valid")
    findings = _foretold(loaded, chosen)
    for finding in findings:
        click.echo(f"{finding.code} {finding.rule} {finding.severity}: {printable(finding.message)}")
    return FOUND if any(finding.severity >= Severity.WARNING for finding in findings) else CLEAN


@config.command()
def schema() -> None:
    """Print the JSON schema of a Config with its settings, for editors that complete and check TOML.

    Exit status: 0.

    \b
    Examples:
      advisor config schema > advisor.schema.json
    """
    from advisor.config import Config
    from advisor.settings import schema as settings_schema

    whole = Config.model_json_schema()
    whole["properties"]["advisor"] = settings_schema()
    click.echo(json.dumps(whole, indent=2, ensure_ascii=False))


def _foretold(loaded: "Config", chosen: "Settings") -> "Sequence[Finding]":
    """What the rules about settings say of a training that has not begun: a Run with a Config and nothing recorded."""
    from advisor.diagnose import diagnose
    from advisor.run import Run

    planned = Run("planned", Path(), "config", {}, config=loaded.tree())
    return diagnose(planned, [rule for rule in chosen.rules() if rule.code.startswith(ABOUT_SETTINGS)]).findings


def _import_functions(loaded: "Config") -> None:
    """A function that is missing, or whose file breaks, shows before a training would."""
    from advisor.config.places import split_function

    for key, text in (("data.source", loaded.data.source), ("model.kind", loaded.model.kind)):
        if function := split_function(text):
            from advisor.training.functions import imported

            note(f"{key} imports {function[0]}")
            imported(text, loaded, key)
