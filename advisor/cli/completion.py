"""Print the script that lets a shell complete commands, options, rules, fixes and keys."""

import click
from click.shell_completion import get_completion_class

SHELLS = [shell for shell in ("bash", "zsh", "fish", "powershell") if get_completion_class(shell)]
VARIABLE = "_ADVISOR_COMPLETE"
# click's script for fish takes a value up to its first comma; values here are lists with commas.
CUT, WHOLE = 'string split ","', 'string split --max 1 ","'


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete what is typed behind `advisor`. Exit status: 0.

    \b
    Put the line of your shell into the file that it reads first:
      ~/.bashrc                     eval "$(advisor completion bash)"
      ~/.zshrc (after compinit)     eval "$(advisor completion zsh)"
      ~/.config/fish/config.fish    advisor completion fish | source
      $PROFILE  advisor completion powershell | Out-String | Invoke-Expression
    """
    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(ctx.find_root().command, {}, "advisor", VARIABLE).source().replace(CUT, WHOLE))
