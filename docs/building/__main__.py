"""Build all pages into a folder (build/docs), as Markdown and as HTML; with --refresh write what the commands print today into docs/."""

import sys
from pathlib import Path

from docs.building.html import html, menu
from docs.building.links import broken
from docs.building.sessions import refreshed
from docs.building.sources import DOCS, all_pages


def main(arguments: list[str]) -> int:
    """Ends with 1 where a link leads nowhere."""
    if "--refresh" in arguments:
        return refresh()
    folder = Path(arguments[0] if arguments else "build/docs")
    pages = all_pages()
    entries = menu(pages)
    for name, text in pages.items():
        write(folder / name, text)
        write((folder / name).with_suffix(".html"), html(name, text, entries))
    wrong = broken(pages)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(pages)} pages: {folder / 'index.html'}")
    return 1 if wrong else 0


def refresh() -> int:
    """Write what the commands print today into the pages of docs/."""
    for path in sorted(DOCS.glob("*.md")):
        write(path, refreshed(path.read_text(encoding="utf-8")))
    return 0


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


sys.exit(main(sys.argv[1:]))
