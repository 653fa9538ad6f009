"""A group of commands that suggests near names for unknown ones, and whose help cuts no line short."""

import click

from advisor.text import nearest

LONGEST = 1000  # characters of a summary; it wraps


class Group(click.Group):
    """Commands under one name; alone it shows its help."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments call; a near name is suggested for an unknown one."""
        known = self.list_commands(ctx)
        if args[0] not in known:
            hint = nearest(args[0], known) or f"expected one of {', '.join(known)}"
            ctx.fail(f"found no command {args[0]!r}, {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command does."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.summary(ctx, name)) for name in self.list_commands(ctx)])

    def summary(self, ctx: click.Context, name: str) -> str:
        """The first sentence about a command."""
        command = self.get_command(ctx, name)
        return command.get_short_help_str(LONGEST).rstrip(".") if command else ""
