"""List what can be found wrong with a training."""

import json
from typing import Any

import click

from advisor.cli._shared import table


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
def rules(form: str) -> None:
    """List every rule: its code, how bad it is, and the failing state that it recognises.

    `advisor explain RULE` shows one in full. Exit status: 0.

    \b
    Examples:
      advisor rules
      advisor rules --format json
    """
    entries = _entries()
    if form == "json":
        click.echo(json.dumps(entries, indent=2, ensure_ascii=False))
    else:
        titles = ("CODE", "RULE", "SEVERITY", "SUMMARY")
        table([[entry[title.lower()] for title in titles] for entry in entries], titles)


def _entries() -> list[dict[str, Any]]:
    from advisor.diagnose import all_rules
    from advisor.rules.base import FAMILIES

    families = list(FAMILIES)
    return [
        {
            "code": rule.code, "rule": rule.name, "family": rule.family, "severity": str(rule.severity),
            "summary": rule.summary, "needs": rule.needs, "fixes": list(rule.fixes),
        }
        for rule in sorted(all_rules(), key=lambda rule: (families.index(rule.code[0]), rule.code))
    ]  # fmt: skip
