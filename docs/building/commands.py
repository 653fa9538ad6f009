"""The page of commands: what each says of itself under --help."""

from collections.abc import Iterator

import click

from advisor.cli import commands
from docs.building.markdown import code, document

COLUMNS = 80


def command_pages() -> dict[str, str]:
    """One page with all of them."""
    told = "What `--help` says of each; exit statuses stand in the text."
    parts = [part for path, text in _helps(commands, "advisor", None) for part in (f"## {path}", code(text))]
    return {"commands.md": document("# Commands", told, *parts)}


def _helps(command: click.Command, name: str, above: click.Context | None) -> Iterator[tuple[str, str]]:
    """Each command's whole name and help; the context is made as for a call, for click remembers its options."""
    context = click.Context(command, parent=above, info_name=name, terminal_width=COLUMNS, **command.context_settings)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _helps(found, inner, context)
