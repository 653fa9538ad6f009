"""Watch runs in the terminal: curves, findings, what to do."""

import shutil
import sys
from pathlib import Path

import click

from advisor.cli._judging import growing_by_settings
from advisor.cli._shared import Place, columns, need_terminal
from advisor.errors import AdvisorError


@click.command()
@click.argument("paths", metavar="[PATH]...", type=Place(path_type=Path), nargs=-1)
@click.option("--once", "is_once", is_flag=True, help="Print the first screen as text and end.")
@click.option("--readonly", is_flag=True, help="Show only: no fix is tried.")
def dashboard(paths: tuple[Path, ...], is_once: bool, readonly: bool) -> int:
    """Watch the runs at PATH: log files, run folders, folders that hold runs (default: runs if there, else this folder).

    Files that grow are followed and new runs found. Nothing is written but what a fix trains that you say yes to,
    beside its run. `?` explains, `q` quits.
    Exit status: 0, or 2 without a terminal or where nothing can be read.

    \b
    Examples:
      advisor dashboard
      advisor dashboard runs/mine lightning_logs
      advisor dashboard --once                      the first screen, as text
    """
    from advisor.following import Follower

    follower = Follower(_chosen(paths), judge=growing_by_settings())
    follower.first()
    from advisor.dashboard import once, show

    if is_once:
        click.echo(once(follower, (columns(sys.stdout), shutil.get_terminal_size((80, 24)).lines)), nl=False)
    else:
        need_terminal()
        from advisor.cli._apart import FixesApart

        with FixesApart() as fixes:
            show(follower, launch=None if readonly else fixes)
    return 0


def _chosen(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    if Path("-") in paths:
        raise AdvisorError("-: found standard input, which the dashboard needs for its keys; expected files or folders, save the log first")
    return paths or ((Path("runs"),) if Path("runs").is_dir() else (Path(),))
