"""Explain a rule, a fix or a key of the Config."""

from difflib import get_close_matches
from typing import NoReturn

import click

from advisor.cli._completing import pages
from advisor.cli._shared import headed, stage
from advisor.errors import AdvisorError
from advisor.text import printable


@click.command()
@click.argument("name", metavar="RULE|CODE|FIX|CONFIG_PATH", shell_complete=pages)
def explain(name: str) -> None:
    """Explain a rule (overfitting or F101), a fix (use-relu), or a key, section or value of the Config (optim.lr, optim, adam).

    Exit status: 0, or 2 for a name that means nothing here.

    \b
    Examples:
      advisor explain overfitting
      advisor explain F101
      advisor explain clip-gradients
      advisor explain optim.momentum
    """
    from advisor.report._explained import drawings, explained
    from advisor.report._layout import written

    page = explained(name) or _unknown(name)
    headed(page.title, page.sections)
    where = stage()
    for rows in drawings(page.rule, where) if page.rule else ():
        click.echo("\n" + written(rows, where.colours), nl=False, color=True)


def _unknown(name: str) -> NoReturn:
    from advisor import catalogue
    from advisor.config.names import nearest, paths
    from advisor.config.pages import paths_of, paths_taking

    near = get_close_matches(name.lower(), [*catalogue.names("rules"), *catalogue.names("fixes"), *paths()], n=3)
    near = list(dict.fromkeys([*near, *paths_of(name.lower()), *paths_taking(name.lower()), *filter(None, [nearest(name)])]))
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `advisor rules` lists the rules"
    raise AdvisorError(f'found "{printable(name)}", expected a rule, a code, a fix or a key of the Config{hint}')
