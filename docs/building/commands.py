"""The page of commands: what each says of itself under --help."""

from collections.abc import Iterator

import click

from advisor.cli import commands
from docs.building.markdown import code, document

COLUMNS = 80


def command_pages() -> dict[str, str]:
    """One page with all of them."""
    told = "What `--help` says of each; exit statuses stand in the text."
    parts = [part for path, text in _helps(commands, ("advisor",)) for part in (f"## {' '.join(path)}", code(text))]
    return {"commands.md": document("# Commands", told, *parts)}


def _helps(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    context = click.Context(command, info_name=" ".join(path), max_content_width=COLUMNS, terminal_width=COLUMNS)
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _helps(inner, (*path, name))
