"""Markdown → a page for a browser: no script, no network, light and dark."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from docs.building.links import anchor

Menu = Sequence[tuple[str, str]]  # pages with their names
FIRST = (
    ("index.md", "Start"), ("install.md", "Install"), ("tasks.md", "Tasks"), ("lessons.md", "Lessons"), ("dashboard.md", "Dashboard"),
    ("pipelines.md", "Pipelines"),
    ("own-loop.md", "Own loops"), ("rules/index.md", "Rules"), ("fixes/index.md", "Fixes"), ("config/index.md", "Config"),
    ("formats.md", "Formats"), ("commands.md", "Commands"), ("adding.md", "Adding"), ("house.md", "House"),
)  # fmt: skip
BELOW = {"loop-": "own-loop.md", "rules/": "rules/index.md", "fixes/": "fixes/index.md", "config/": "config/index.md"}  # pages of a kind
REPOSITORY = "../../"  # from build/docs to the files that the pages speak of
STYLE = """
:root { color-scheme: light dark; --line: #8884; --shade: #8881; --link: light-dark(#0550ae, #6cb6ff);
  --paper: light-dark(#fff, #14181f); --ink: light-dark(#1c2330, #e4e8ee); }
body { background: var(--paper); color: var(--ink); }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 58rem; margin: 0 auto; padding: 0 1rem 4rem; }
nav { display: flex; flex-wrap: wrap; gap: .2rem .9rem; font-size: .95rem; padding: 1rem 0; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
nav a[aria-current] { font-weight: bold; text-decoration: none; }
pre { background: var(--shade); border: 1px solid var(--line); border-radius: 6px; padding: .8rem; overflow-x: auto; line-height: 1.25; }
code { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
@media (min-width: 50rem) { pre { white-space: pre-wrap; overflow-wrap: anywhere; } }
pre i { display: inline-block; width: 1ch; font-style: normal; white-space: pre; text-indent: 0; }
"""
# Signs that fonts for code often lack, and take from one of another width: each gets a cell of its own, or charts would not line up.
CELLS = re.compile("[⠀-⣿●▲★┊▼■◆]")


def menu(pages: Mapping[str, str]) -> Menu:
    """What stands above every page: the usual way through them, then whatever else lies beside the start and below no page."""
    known = {name for name, _ in FIRST}
    return [*FIRST, *((name, title(text)) for name, text in pages.items() if name not in known and _chapter(name) == name)]


def _chapter(name: str) -> str:
    """The page in the menu that leads to a page."""
    return next((above for start, above in BELOW.items() if name.startswith(start)), name)


def title(text: str) -> str:
    """The heading of a page."""
    return text.partition("\n")[0].lstrip("# ").replace("\\", "").replace("`", "")


def html(name: str, text: str, entries: Menu = FIRST) -> str:
    """A whole page; links between Markdown files lead to their pages."""
    body = _parser(name).render(text)
    head = f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>{escape(title(text))} · advisor</title>'
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n{_menu(name, entries)}\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _parser(name: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.add_render_rule("fence", _block)
    parser.core.ruler.push("house links", lambda state: _linked(state, name))
    return parser


def _block(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    text = CELLS.sub(r"<i>\g<0></i>", escape(tokens[at].content))
    return f'<pre tabindex="0"><code>{text}</code></pre>\n'


def _linked(state: StateCore, name: str) -> None:
    """Headings get the names that links use, and links the names that pages have."""
    for at, token in enumerate(state.tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(state.tokens[at + 1].content))
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("href", _address(str(inner.attrGet("href")), name))


def _address(link: str, name: str) -> str:
    path, sign, heading = link.partition("#")
    if "://" in link or not path:
        return link
    if posixpath.normpath(posixpath.join(posixpath.dirname(name), path)).startswith(".."):
        return f"{REPOSITORY}{path.removeprefix('../')}"  # a file of the repository, not a page
    return f"{path.removesuffix('.md')}.html{sign}{heading}" if path.endswith(".md") else link


def _menu(name: str, entries: Menu) -> str:
    links = []
    for page, shown in entries:
        here = f' aria-current="{"page" if page == name else "true"}"' if page == _chapter(name) else ""
        address = posixpath.relpath(page, posixpath.dirname(name) or ".").removesuffix(".md")
        links.append(f'<a href="{address}.html"{here}>{escape(shown)}</a>')
    return f"<nav>{''.join(links)}</nav>"
