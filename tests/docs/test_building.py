"""Every page is there, says what its docstring says, and no link leads nowhere."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from advisor import catalogue
from advisor.config.names import paths
from docs.building.house import drawn, floors, imports, layers
from docs.building.html import html, menu
from docs.building.links import anchor, broken
from docs.building.markdown import prose
from docs.building.sources import all_pages

ROOT = Path(__file__).parents[2]
PAGES = all_pages()


class Reader(HTMLParser):
    """What a page links to, what can be linked to in it, and whether its elements close."""

    EMPTY = frozenset({"meta", "br", "hr", "img"})

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.open = [], set(), []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.links += [told["href"]] if tag == "a" else []
        self.ids |= {told["id"]} if "id" in told else set()
        self.open += [] if tag in self.EMPTY else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(text):
    reader = Reader()
    reader.feed(text)
    assert not reader.open
    return reader


def test_no_link_leads_nowhere():
    assert broken(PAGES) == []


def test_a_link_that_leads_nowhere_is_told():
    pages = {"a.md": "[b](b.md) [c](b/c.md#there) [d](b/c.md#not-there) [e](../README.md) [f](../NONE.md)", "b/c.md": "# There\n"}
    assert broken(pages) == ["a.md: b.md leads nowhere", "a.md: b/c.md#not-there leads nowhere", "a.md: ../NONE.md leads nowhere"]


@pytest.mark.parametrize("room", ["rules", "fixes"])
def test_every_rule_and_fix_has_a_page_that_the_list_links(room):
    for name in catalogue.names(room):
        assert f"{room}/{name}.md" in PAGES
        assert f"({name}.md)" in PAGES[f"{room}/index.md"]


def test_every_key_of_the_config_has_its_place():
    for path in paths():
        assert f"## {path}\n" in PAGES[f"config/{path.partition('.')[0]}.md"]
        assert f"#{anchor(path)})" in PAGES["config/index.md"]


def test_the_menu_leads_to_every_page_that_was_written_itself_or_by_the_page_above_it():
    named = dict(menu(PAGES | {"more.md": "# More `of` it\n"}))
    below = set(re.findall(r"\((loop-[^)#]+)\)", PAGES["own-loop.md"]))
    assert set(named) | below >= {name for name in PAGES if "/" not in name}
    assert named["more.md"] == "More of it"
    assert set(named) <= {*PAGES, "more.md"}


@pytest.mark.parametrize(("name", "above"), [("loop-keras.md", "own-loop"), ("rules/overfitting.md", "index"), ("tasks.md", "tasks")])
def test_a_page_shows_where_in_the_menu_it_belongs(name, above):
    ((marked,),) = [re.findall(r'href="([^"]*)" aria-current', html(name, PAGES[name], menu(PAGES)))]
    assert marked == f"{above}.html"


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "examples/README.md"])
def test_no_link_of_the_repository_leads_nowhere(name):
    assert broken(PAGES | {f"../{name}": (ROOT / name).read_text(encoding="utf-8")}) == []


def test_a_rule_shows_where_it_fires_and_where_not():
    page = PAGES["rules/overfitting.md"]
    assert "## Where it fires\n" in page
    assert "## Where it stays silent" in page
    assert "[stop-early](../fixes/stop-early.md)" in page


def test_the_html_of_every_page_closes_and_leads_to_pages():
    read_pages = {name: read(html(name, text, menu(PAGES))) for name, text in PAGES.items()}
    for name, reader in read_pages.items():
        folder = Path(name).parent
        for link in reader.links:
            path, _, heading = link.partition("#")
            if "://" in link or path.startswith("../../"):
                continue
            target = re.sub(r"[\w-]+/\.\./", "", (folder / path).as_posix()).removesuffix(".html") + ".md" if path else name
            assert target in PAGES, f"{name}: {link}"
            assert not heading or heading in read_pages[target].ids, f"{name}: {link}"


def test_html_needs_no_network_and_no_script():
    text = html("index.md", PAGES["index.md"])
    assert "<script" not in text
    assert not re.findall(r'(?:src|<link[^>]*href)="', text)


def test_the_picture_of_the_house_puts_each_room_above_all_that_it_imports():
    order = layers()
    uses = {room: imports(room) & set(order) for room in order}
    level = {room: number for number, rooms in enumerate(floors(order, uses)) for room in rooms}
    assert set(level) == set(order)
    assert all(level[used] < level[room] for room in order for used in uses[room])
    picture = drawn(floors(order, uses))
    assert {len(line) for line in picture.splitlines()} == {78}
    assert set(re.findall(r"\w+", picture)) == set(order)


def test_signs_that_markdown_would_take_stay_as_they_are():
    assert prose("a*b <c> [d] `e_f*` g_h") == "a\\*b \\<c\\> \\[d\\] `e_f*` g\\_h"
    assert prose("one\ntwo\n\n  x = 1") == "one two\n\n```text\nx = 1\n```"


def test_the_command_builds_all_of_it(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "docs.building", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")} == set(PAGES)
    assert len(list(tmp_path.rglob("*.html"))) == len(PAGES)
