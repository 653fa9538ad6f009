"""The commands: load, call one core function, print.

A file here is a command of the same name, holding a click command of that name; its first line is what `--help` says of it.
It returns its exit status, and imports what it needs where it needs it, so that no command pays for another.
"""

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from advisor.cli._group import Group
from advisor.version import VERSION

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FOLDER = Path(__file__).parent
FIRST_COMMANDS = [
    ("advisor train", "train a small network on the digits and record it"),
    ("advisor diagnose runs", "say what went wrong in it, and how that is known"),
    ("advisor fix runs/NAME", "try what helps, and prove that it did"),
]


class Commands(Group):
    """Finds commands by their files and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands by name."""
        return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(importlib.import_module(f"advisor.cli.{cmd_name}"), cmd_name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Commands for a shell to offer, without importing any."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [*(CompletionItem(name, help=_first_line(name)) for name in names), *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command does, and three to begin with."""
        super().format_commands(ctx, formatter)
        with formatter.section("First commands"):
            formatter.write_dl(FIRST_COMMANDS)

    def summary(self, ctx: click.Context, name: str) -> str:
        """What a command does, without importing it."""
        return _first_line(name)


def _first_line(command: str) -> str:
    """What a command's file says first, without importing it."""
    source = FOLDER.joinpath(f"{command}.py").read_text(encoding="utf-8")
    return source.removeprefix('"""').partition("\n")[0].removesuffix('"""').rstrip(".")


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="advisor", message="%(prog)s %(version)s")
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Say what is going wrong in a neural network's training, how it is known, and prove that the fix helped."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit status."""
    from advisor.cli._rim import run

    sys.exit(run(commands, arguments))
