"""Every page by its place in the documentation: those that people wrote, and those made from docstrings."""

from pathlib import Path

from docs.building.commands import command_pages
from docs.building.house import house_page
from docs.building.reference import config_pages, fix_pages, format_pages, rule_pages

DOCS = Path(__file__).parents[1]


def all_pages() -> dict[str, str]:
    """Markdown by path."""
    written = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    return written | house_page() | rule_pages() | fix_pages() | config_pages() | format_pages() | command_pages()
