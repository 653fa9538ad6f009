"""What docs/adding.md adds is added, in a copy of the package, and does what the page says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILES = dict(FILE.findall((ROOT / "docs" / "adding.md").read_text(encoding="utf-8")))
LOG = "<log>\n" + "".join(f'<epoch n="{n}" loss="{2.3 if n < 12 else 2.3 * 0.8 ** (n - 11):.4f}"/>\n' for n in range(1, 31)) + "</log>\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "advisor", folder / "advisor", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FILES.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "log.xml").write_text(LOG, encoding="utf-8")
    return folder


def called(folder, *arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


def advisor(folder, *arguments):
    return called(folder, "-m", "advisor", *arguments)


def test_the_page_adds_one_of_each():
    assert [Path(name).parent.as_posix() for name in FILES] == ["advisor/rules", "advisor/fixes", "advisor/readers/formats"]


def test_the_rule_is_listed_and_explained_with_its_examples(copy):
    assert "L190" in advisor(copy, "rules").stdout
    page = advisor(copy, "explain", "L190").stdout
    assert "Goyal" in page
    assert "ten flat epochs of thirty" in page


def test_the_rule_speaks_of_a_log_that_the_reader_reads(copy):
    said = advisor(copy, "diagnose", "log.xml", "--select", "L190", "--fail-on", "info", "--format", "concise")
    assert (said.returncode, said.stderr) == (1, "")
    assert said.stdout.startswith("log.xml:2: L190 flat-start info: For the first 37% of the epochs")


def test_the_fix_is_explained_and_proposed(copy):
    page = advisor(copy, "explain", "shorten-warmup").stdout
    assert "flat-start" in page
    assert "shorten-warmup" in advisor(copy, "diagnose", "log.xml", "--select", "L190").stdout


def test_a_broken_file_is_refused_by_the_new_reader(copy):
    (copy / "cut.xml").write_text("<log>\n<epoch n=\n", encoding="utf-8")
    refused = advisor(copy, "diagnose", "cut.xml")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr + refused.stdout


@pytest.mark.slow
def test_what_holds_for_every_rule_and_fix_holds_for_the_new_ones(copy):
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    files = ["tests/rules/test_rules.py", "tests/rules/test_messages.py", "tests/fixes/test_all_fixes.py", "tests/test_house.py"]
    ended = called(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *files, "-k", "flat or shorten or xml")
    assert ended.returncode == 0, ended.stdout
    assert int(re.search(r"(\d+) passed", ended.stdout)[1]) > 15
