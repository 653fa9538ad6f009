"""A page for each rule, fix and section of the Config, from their own docstrings; formats in a table."""

import ast

from advisor import catalogue
from advisor.config.expected import shown
from advisor.config.names import sections
from advisor.config.pages import section_keys
from advisor.diagnose import all_rules, diagnose
from advisor.fixes.base import Fix, named
from advisor.pages import page
from advisor.report import Stage, draw_example, written
from advisor.report._bounds import HEADING, TERMS, bounds
from advisor.rules.base import FAMILIES, Rule
from docs.building.markdown import code, document, prose, table

EXAMPLES = 1  # drawn of each kind


def rule_pages() -> dict[str, str]:
    """A page a rule, and one that lists them by family."""
    rules = all_rules()
    listed = [
        f"## {code_} {name.capitalize()}\n\n" + table(("code", "rule", "severity", "the failing state"), rows)
        for code_, name in FAMILIES.items()
        if (rows := [_row(rule) for rule in rules if rule.code[0] == code_])
    ]
    index = document("# Rules", f"{len(rules)} failing states; `advisor explain RULE` shows each page in the terminal.", *listed)
    return {"rules/index.md": index} | {f"rules/{rule.name}.md": _rule(rule) for rule in rules}


def _row(rule: Rule) -> tuple[str, ...]:
    return (rule.code, f"[{rule.name}]({rule.name}.md)", str(rule.severity), prose(rule.summary))


def _rule(rule: Rule) -> str:
    fixes = "\n".join(f"- [{fix}](../fixes/{fix}.md): {prose(named(fix).title)}" for fix in rule.fixes)
    told = [f"## {heading}\n\n{prose(text)}" for heading, text in page(type(rule)).sections.items()]
    facts = f"**{rule.severity}** · {FAMILIES[rule.code[0]]} · needs {prose(rule.needs)}"
    told.append(f"## Fixes, best first\n\n{fixes}")
    return document(f"# {rule.code} {rule.name}", prose(rule.summary), facts, *told, *_examples(rule), *_bounds(rule))


def _bounds(rule: Rule) -> list[str]:
    rows = [(f"`{name}`", value, prose(source)) for name, value, source in bounds(rule)]
    return [f"## {HEADING}\n\n{TERMS}\n\n" + table(("threshold", "value", "where it comes from"), rows)] if rows else []


def _examples(rule: Rule) -> list[str]:
    drawn = {
        "Where it fires": rule.examples()[:EXAMPLES],
        "Where it stays silent, though it looks alike": rule.near_misses()[:EXAMPLES],
    }
    return [
        f"## {heading}\n\n" + code(written(draw_example(example.title, diagnose(example.run, [rule]), Stage()), None))
        for heading, examples in drawn.items()
        for example in examples
    ]


def fix_pages() -> dict[str, str]:
    """A page a fix, and one that lists them."""
    fixes = [named(name) for name in catalogue.names("fixes")]
    rows = [(f"[{fix.name}]({fix.name}.md)", prose(fix.title)) for fix in fixes]
    index = document("# Fixes", "`advisor fix RUN` tries them and keeps what is proven to help.", table(("fix", "what it does"), rows))
    return {"fixes/index.md": index} | {f"fixes/{fix.name}.md": _fix(fix) for fix in fixes}


def _fix(fix: Fix) -> str:
    told = [f"## {heading}\n\n{prose(text)}" for heading, text in page(type(fix)).sections.items()]
    rules = [f"[{rule.name}](../rules/{rule.name}.md)" for rule in all_rules() if fix.name in rule.fixes]
    proposed = f"## Proposed for\n\n{', '.join(rules)}" if rules else ""
    snippets = [f"## {name}\n\n{code(text, 'python')}" for name, text in (("PyTorch", fix.pytorch), ("Keras", fix.keras))]
    return document(f"# {fix.name}", prose(page(type(fix)).summary), *told, proposed, *snippets)


def config_pages() -> dict[str, str]:
    """A page a section of the Config, with every key in it."""
    pages = {f"config/{section}.md": _section(section) for section in sections()}
    rows = [
        (f"[{key.path}]({section}.md#{_anchor(key.path)})", prose(key.page.summary), f"`{shown(key.default)}`")
        for section in sections()
        for key in section_keys(section)
    ]
    told = "All that `advisor train` takes from a TOML file; `advisor init` writes one to start from."
    return {"config/index.md": document("# Config", told, table(("key", "what it does", "default"), rows))} | pages


def _section(section: str) -> str:
    parts = [f"# [{section}]".replace("[", "\\[")]
    for key in section_keys(section):
        parts += [f"## {key.path}", prose(key.page.summary), f"Values: {prose(key.values)} (default `{shown(key.default)}`)"]
        parts += [f"**{heading}.** {prose(text)}" for heading, text in key.page.sections.items()]
    return document(*parts)


def _anchor(heading: str) -> str:
    return heading.replace(".", "")


def format_pages() -> dict[str, str]:
    """What is read, and what is written."""
    parts = ["# Formats"]
    for heading, room in (("What is read", "readers.formats"), ("What `advisor diagnose --format` writes", "report")):
        rows = [(f"`{name}`", prose(_said(room, name))) for name in catalogue.names(room)]
        parts += [f"## {heading}", table(("format", "what it is"), rows)]
    return {"formats.md": document(*parts)}


def _said(room: str, name: str) -> str:
    """What the file of a format says of it behind its name."""
    path = catalogue.PACKAGE.joinpath(*room.split("."), f"{name.replace('-', '_')}.py")
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return told.partition("\n\n")[0].removeprefix(f"{name}: ")
