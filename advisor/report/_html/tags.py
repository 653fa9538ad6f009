"""Markup by construction: text becomes markup in one place only, where it is escaped, so that no name can inject anything."""

from collections.abc import Iterable
from html import escape

from advisor.text import printable

Value = str | float | None
VOID = frozenset({"meta", "br"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(element: str, /, *children: str, **attributes: Value) -> Markup:
    """An element; children that are no Markup are escaped. `class_` and `aria_label` are `class` and `aria-label`.

    >>> tag("p", "a < b", tag("b", "c"), class_="why", id=None)
    '<p class="why">a &lt; b<b>c</b></p>'
    """
    told = "".join(f' {_name(key)}="{_text(value)}"' for key, value in attributes.items() if value is not None)
    return Markup(f"<{element}{told}>" if element in VOID else f"<{element}{told}>{together(children)}</{element}>")


def together(parts: Iterable[str], between: str = "") -> Markup:
    """Parts one after the other; those that are no Markup are escaped."""
    return Markup(between.join(part if isinstance(part, Markup) else _text(part) for part in parts))


def items(texts: Iterable[str], **attributes: Value) -> Markup:
    """A list, or nothing where there is nothing to list."""
    entries = [tag("li", text) for text in texts]
    return tag("ul", *entries, **attributes) if entries else Markup("")


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    """Rows under heads, the first cell of each the row's own head; scrolls sideways where it is too wide."""
    head = tag("tr", *(tag("th", text, scope="col") for text in heads))
    body = (_row(list(row)) for row in rows)
    inner = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", inner, class_="scrolls", tabindex=0, role="region", aria_label=caption)


def folded(summary: str, *children: str, **attributes: Value) -> Markup:
    """What is only shown when it is asked for."""
    return tag("details", tag("summary", summary), *children, **attributes)


def _row(cells: list[str]) -> Markup:
    return tag("tr", tag("th", cells[0], scope="row"), *(tag("td", cell) for cell in cells[1:]))


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: str | float) -> str:
    return escape(printable(value) if isinstance(value, str) else f"{value:.6g}")
