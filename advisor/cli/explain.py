"""Explain a rule, a fix or a key of the Config."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from textwrap import indent
from typing import TYPE_CHECKING

import click

from advisor.cli._completing import pages
from advisor.cli._shared import headed, stage
from advisor.errors import AdvisorError
from advisor.text import printable

if TYPE_CHECKING:
    from advisor.config.pages import Key
    from advisor.fixes.base import Fix
    from advisor.rules.base import Rule

CODE = re.compile(r"[a-z]\d{3}")
EXAMPLES = 2  # drawn of each kind
# Headings with their texts, in the order in which they are read.
Sections = Iterator[tuple[str, str]]


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
    rule = _rule(name.lower())
    if rule:
        headed(f"{rule.code} {rule.name} ({rule.severity})", _of_rule(rule))
        _draw_examples(rule)
    else:
        headed(*(_fix(name.lower()) or _key(name.lower()) or _section(name.lower()) or _unknown(name)))


def _rule(name: str) -> "Rule | None":
    from advisor import catalogue

    if name not in catalogue.names("rules") and not CODE.fullmatch(name):
        return None
    from advisor.diagnose import all_rules

    return next((rule for rule in all_rules() if name in (rule.name, rule.code.lower())), None)


def _of_rule(rule: "Rule") -> Sections:
    from advisor.fixes.base import named
    from advisor.pages import page

    yield "", rule.summary
    yield from page(type(rule)).sections.items()
    yield "Needs", rule.needs
    width = max(map(len, rule.fixes))
    yield "Fixes, best first", "\n".join(f" {fix:{width}}  {named(fix).title}" for fix in rule.fixes)


def _draw_examples(rule: "Rule") -> None:
    """Runs on which the rule fires, and ones that look alike on which it does not."""
    from advisor.diagnose import diagnose
    from advisor.report import draw_example, written

    where = stage()
    for example in (*rule.examples()[:EXAMPLES], *rule.near_misses()[:EXAMPLES]):
        rows = draw_example(example.title, diagnose(example.run, [rule]), where)
        click.echo("\n" + written(rows, where.colours), nl=False, color=True)


def _fix(name: str) -> tuple[str, Sections] | None:
    from advisor import catalogue
    from advisor.fixes.base import named

    return (name, _of_fix(named(name))) if name in catalogue.names("fixes") else None


def _of_fix(fix: "Fix") -> Sections:
    from advisor.diagnose import all_rules
    from advisor.pages import page

    yield "", page(type(fix)).summary
    yield from page(type(fix)).sections.items()
    yield "Proposed for", ", ".join(rule.name for rule in all_rules() if fix.name in rule.fixes) or "no rule yet"
    yield "PyTorch", indent(fix.pytorch, " ")
    yield "Keras", indent(fix.keras, " ")


def _key(name: str) -> tuple[str, Sections] | None:
    from advisor.config.names import paths
    from advisor.config.pages import key_page, paths_of, paths_taking

    path, *others = [name] if name in paths() else paths_of(name) or paths_taking(name) or ("",)
    return (path, _of_key(key_page(path))) if path and not others else None


def _of_key(key: "Key") -> Sections:
    from advisor.config.expected import shown

    yield "", key.page.summary
    yield from key.page.sections.items()
    yield "Values", f"{key.values} (default: {shown(key.default)})"


def _section(name: str) -> tuple[str, Sections] | None:
    from advisor.config.names import sections
    from advisor.config.pages import section_keys

    if name not in sections():
        return None
    return f"[{name}]", ((key.path, key.page.summary) for key in section_keys(name))


def _unknown(name: str) -> tuple[str, Sections]:
    from advisor import catalogue
    from advisor.config.names import nearest, paths
    from advisor.config.pages import paths_of, paths_taking

    near = get_close_matches(name.lower(), [*catalogue.names("rules"), *catalogue.names("fixes"), *paths()], n=3)
    near = list(dict.fromkeys([*near, *paths_of(name.lower()), *paths_taking(name.lower()), *filter(None, [nearest(name)])]))
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `advisor rules` lists the rules"
    raise AdvisorError(f'found "{printable(name)}", expected a rule, a code, a fix or a key of the Config{hint}')
