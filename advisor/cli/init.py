"""Write a Config to start from."""

from pathlib import Path

import click

from advisor.cli._completing import sources
from advisor.cli._shared import Place
from advisor.errors import AdvisorError


@click.command()
@click.option(
    "--dataset", metavar="NAME", default="digits", show_default=True, shell_complete=sources,
    help="A built-in data set, a file, a folder or a function.",
)  # fmt: skip
@click.option(
    "-o", "--output", "file", metavar="FILE", type=Place(path_type=Path), default=Path("advisor.toml"), show_default=True,
    help="The file to write.",
)  # fmt: skip
def init(dataset: str, file: Path) -> None:
    """Write a Config with comments that say what each key does. An existing file is never overwritten.

    Exit status: 0, or 2 where the file exists or the data are not there.

    \b
    Examples:
      advisor init                                  ./advisor.toml, for the digits
      advisor init --dataset prices.csv -o prices.toml
    """
    from advisor.config import starter

    text = starter(dataset, file.parent)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError:
        raise AdvisorError(
            f"{file}: found a file of that name, expected a new one; init overwrites nothing, give another with -o"
        ) from None
    train = "advisor train" if file == Path("advisor.toml") else f"advisor train {file}"
    click.echo(f"{file} is written; `{train}` trains it")
