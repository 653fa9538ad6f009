"""Explain a rule, a fix or a key of the Config."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from advisor.cli._shared import headed
from advisor.errors import AdvisorError
from advisor.text import printable

if TYPE_CHECKING:
    from advisor.config.pages import Key
    from advisor.fixes.base import Fix
    from advisor.rules.base import Rule

CODE = re.compile(r"[A-Za-z]\d{3}")
# Headings with their texts, in the order in which they are read.
Sections = Iterator[tuple[str, str]]


@click.command()
@click.argument("name", metavar="RULE|CODE|FIX|CONFIG_PATH")
def explain(name: str) -> None:
    """Explain a rule (overfitting or F101), a fix (use-relu), or a key or section of the Config (optim.lr, optim)."""
    title, sections = _rule(name) or _fix(name) or _key(name) or _section(name) or _unknown(name)
    headed(title, sections)


def _rule(name: str) -> tuple[str, Sections] | None:
    from advisor import catalogue

    if name.lower() not in catalogue.names("rules") and not CODE.fullmatch(name):
        return None
    from advisor.diagnose import all_rules

    rule = next((rule for rule in all_rules() if name.lower() in (rule.name, rule.code.lower())), None)
    return (f"{rule.code} {rule.name} ({rule.severity})", _of_rule(rule)) if rule else None


def _of_rule(rule: "Rule") -> Sections:
    from advisor.fixes.base import named
    from advisor.pages import page

    yield "", rule.summary
    yield from page(type(rule)).sections.items()
    yield "Needs", rule.needs
    width = max(map(len, rule.fixes))
    yield "Fixes, best first", "\n".join(f" {fix:{width}}  {named(fix).title}" for fix in rule.fixes)


def _fix(name: str) -> tuple[str, Sections] | None:
    from advisor import catalogue
    from advisor.fixes.base import named

    return (name.lower(), _of_fix(named(name.lower()))) if name.lower() in catalogue.names("fixes") else None


def _of_fix(fix: "Fix") -> Sections:
    from advisor.diagnose import all_rules
    from advisor.pages import page

    yield "", page(type(fix)).summary
    yield from page(type(fix)).sections.items()
    yield "Proposed for", ", ".join(rule.name for rule in all_rules() if fix.name in rule.fixes) or "no rule yet"
    yield "PyTorch", f"  {fix.pytorch}"
    yield "Keras", f"  {fix.keras}"


def _key(name: str) -> tuple[str, Sections] | None:
    from advisor.config.names import paths
    from advisor.config.pages import key_page, paths_of

    path, *others = [name.lower()] if name.lower() in paths() else paths_of(name.lower()) or ("",)
    return (path, _of_key(key_page(path))) if path and not others else None


def _of_key(key: "Key") -> Sections:
    from advisor.config.expected import shown

    yield "", key.page.summary
    yield from key.page.sections.items()
    yield "Values", f"{key.values} (default: {shown(key.default)})"


def _section(name: str) -> tuple[str, Sections] | None:
    from advisor.config.names import sections
    from advisor.config.pages import section_keys

    if name.lower() not in sections():
        return None
    return f"[{name.lower()}]", ((key.path, key.page.summary) for key in section_keys(name.lower()))


def _unknown(name: str) -> tuple[str, Sections]:
    from advisor import catalogue
    from advisor.config.names import nearest, paths
    from advisor.config.pages import paths_of

    near = get_close_matches(name.lower(), [*catalogue.names("rules"), *catalogue.names("fixes"), *paths()], n=3)
    near = list(dict.fromkeys([*near, *paths_of(name.lower()), *filter(None, [nearest(name)])]))
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `advisor rules` lists the rules"
    raise AdvisorError(f'found "{printable(name)}", expected a rule, a code, a fix or a key of the Config{hint}')
