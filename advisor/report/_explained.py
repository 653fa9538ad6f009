"""What there is to learn of a rule, a fix or a key of the Config: texts under headings, and the rule whose examples are drawn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent
from typing import TYPE_CHECKING

from advisor import catalogue
from advisor.charts import Row
from advisor.report._bounds import bound_rows
from advisor.report._examples import draw_example
from advisor.report._layout import BLANK, code, paragraph
from advisor.report.base import Stage

if TYPE_CHECKING:
    from advisor.config.pages import Key
    from advisor.fixes.base import Fix
    from advisor.rules.base import Rule

CODE = re.compile(r"[a-z]\d{3}")
EXAMPLES = 2  # drawn of each kind
# Headings with their texts, in the order in which they are read.
Sections = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Explained:
    """A page."""

    title: str
    sections: tuple[tuple[str, str], ...]
    rule: "Rule | None" = None
    related: tuple[str, ...] = ()  # pages to go on to


def explained(name: str) -> Explained | None:
    """The page of a rule, its code, a fix, or a key, section or value of the Config; None where the name means nothing."""
    low = name.lower()
    if rule := _rule(low):
        return Explained(f"{rule.code} {rule.name} ({rule.severity})", tuple(_of_rule(rule)), rule)
    found = _fix(low) or _key(low) or _section(low)
    return Explained(found[0], tuple(found[1]), related=_related(low)) if found else None


def _related(name: str) -> tuple[str, ...]:
    """For a fix, the rules that propose it."""
    from advisor.diagnose import all_rules

    return tuple(rule.name for rule in all_rules() if name in rule.fixes)


def drawings(rule: "Rule", stage: Stage) -> Iterator[list[Row]]:
    """Runs on which the rule fires, and ones that look alike on which it does not, drawn; then the rule's thresholds."""
    from advisor.diagnose import diagnose

    for example in (*rule.examples()[:EXAMPLES], *rule.near_misses()[:EXAMPLES]):
        yield draw_example(example.title, diagnose(example.run, [rule]), stage)
    if bounds := bound_rows(rule, stage):
        yield bounds


def explained_rows(page: Explained, stage: Stage) -> list[Row]:
    """A page as rows, its examples drawn."""
    rows = paragraph(page.title, stage.width, style="title")
    for heading, text in page.sections:
        rows += [BLANK, *(paragraph(heading, stage.width, style="title") if heading else [])]
        for part in text.split("\n\n"):
            rows += _part(part, stage.width)
    for drawn in drawings(page.rule, stage) if page.rule else ():
        rows += [BLANK, *drawn]
    return rows


def _part(text: str, width: int) -> list[Row]:
    """Running text filled, indented lines as they are."""
    if text.startswith(" "):
        return [row for line in text.splitlines() for row in code(line, width, " ", "curve1")]
    return paragraph(" ".join(text.split()), width, "  ")


def _rule(name: str) -> "Rule | None":
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
