"""What the pages show is what the commands print today."""

import pytest

from docs.building.sessions import ELIDED, differences, refreshed, same, without_numbers
from docs.building.sources import DOCS

SHOWING = sorted(path.name for path in DOCS.glob("*.md") if "```console" in path.read_text(encoding="utf-8"))
TRAINING = [pytest.param(name, marks=pytest.mark.slow) if name == "tasks.md" else name for name in SHOWING]


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_page_of_tasks_has_ten_and_each_is_shown():
    parts = text_of("tasks.md").split("\n## ")[1:11]
    assert [part.partition(".")[0] for part in parts] == [str(number) for number in range(1, 11)]
    assert all("```console\n$ advisor " in part for part in parts)


@pytest.mark.parametrize("name", TRAINING)
def test_a_page_shows_what_is_printed(name):
    assert list(differences(text_of(name))) == []


PAGE = "<!-- file: advisor.toml -->\n```toml\n[advisor]\nfail-on = 3\n```\n\n```console\n$ advisor rules --nonsense\n$ echo $?\n```\n"


def test_a_session_is_filled_with_what_the_command_prints():
    filled = refreshed(PAGE)
    assert "$ advisor rules --nonsense\nerror: " in filled
    assert "$ echo $?\n2\n```" in filled
    assert list(differences(filled)) == []
    assert len(list(differences(filled.replace("nonsense;", "nothing;").replace("\n2\n", "\n0\n")))) >= 1


def test_only_an_elision_may_leave_lines_out():
    assert same(f"a\n{ELIDED}\nd", "a\nb\nc\nd")
    assert not same("a\nd", "a\nb\nd")
    assert same("took 3.1 s", "took 12 s", without_numbers)
