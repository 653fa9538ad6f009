"""Each topic of the lessons is something to set, something to see and something to cure."""

import re
from pathlib import Path

import pytest

from advisor.config.names import paths
from advisor.diagnose import all_rules

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][1:]


def names(cell):
    return re.findall(r"\[([^]]+)\]", cell)


def test_every_lesson_has_a_topic():
    told = {name for row in ROWS for name in names(row[1])}
    assert {path.stem for path in (ROOT / "examples").glob("*.toml")} - {"transfer-first"} == told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_topic_is_set_in_its_lesson_and_its_rules_propose_its_fixes(row):
    _, lesson, keys, rules, fixes = map(names, row)
    assert set(keys) <= set(paths())
    commands = (ROOT / "examples" / f"{lesson[0]}.toml").read_text(encoding="utf-8")
    assert keys[0].partition(".")[2] in commands
    proposed = {rule.name: set(rule.fixes) for rule in all_rules()}
    assert all(proposed[rule] & set(fixes) for rule in rules)
    assert set().union(*(proposed[rule] for rule in rules)) >= set(fixes)
