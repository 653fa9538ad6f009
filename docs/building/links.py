"""Links between pages: each leads to a page that is there, and to a heading in it."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def broken(pages: Mapping[str, str]) -> list[str]:
    """A line for each link that leads nowhere."""
    return [f"{name}: {link} leads nowhere" for name, text in pages.items() for link in links(text) if not _leads(name, link, pages)]


def links(text: str) -> list[str]:
    """Where the links of a page lead, those in code left out."""
    return LINK.findall(INLINE_CODE.sub("", FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """The headings of a page, as links name them."""
    return {anchor(heading) for heading in HEADING.findall(FENCE.sub("", text))}


def anchor(heading: str) -> str:
    """A heading as a link names it: lower case, words joined, signs left out."""
    return re.sub(r"[^\w\- ]", "", heading.lower().replace("\\", "")).strip().replace(" ", "-")


def _leads(name: str, link: str, pages: Mapping[str, str]) -> bool:
    if "://" in link or link.startswith("mailto:"):
        return True
    path, _, heading = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    if target in pages:
        return not heading or heading in anchors(pages[target])
    return target.startswith("..") and (ROOT / "docs" / target).exists()
