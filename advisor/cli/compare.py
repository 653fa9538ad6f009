"""Show runs over each other: what differs, and which is best beyond noise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from advisor import catalogue
from advisor.cli._counted import waited
from advisor.cli._shared import Place, stage

if TYPE_CHECKING:
    from advisor.run import Run

FORMATS = "report._comparison"


@click.command()
@click.argument("paths", metavar="RUN RUN...", type=Place(), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(catalogue.names(FORMATS)), default="text", show_default=True, help="How to say it.")
def compare(paths: tuple[str, ...], form: str) -> None:
    """Show runs over each other: run folders, log files of any tool, or folders that hold runs.

    What decides: balanced accuracy on the validation part for classes, R² for numbers, else a loss. Runs that differ in train.seed
    only count as one Config. Exit status: 0, or 2 where there is nothing to compare.

    \b
    Examples:
      advisor compare runs/a runs/b
      advisor compare runs --format markdown
    """
    from advisor.compare import compare as put_together

    click.echo(catalogue.entry(FORMATS, form).render(put_together(_runs(paths)), stage()), nl=False, color=True)


def _runs(paths: Sequence[str]) -> "list[Run]":
    """Every run in the paths, each once."""
    from advisor.readers import load_all

    with waited("reading"):
        found = {(run.path.absolute(), run.name): run for path in paths for run in load_all(path)}
    return list(found.values())
