"""Settings: which file counts, what they change, and how a mistake in them is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from advisor.errors import ConfigError
from advisor.settings import KEYS, Settings, schema, settings

PYPROJECT = '[project]\nname = "nets"\n\n[tool.advisor]\nignore = ["Q"]\nfail-on = "error"\n'


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_hold(tmp_path):
    assert settings(tmp_path) == Settings()


def test_the_nearest_file_counts_and_says_where_each_key_was_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "pyproject.toml", PYPROJECT)
    (tmp_path / "a" / "b").mkdir(parents=True)
    found = settings(tmp_path / "a" / "b")
    assert (found.ignore, found.fail_on, found.select) == (("Q",), "error", ("ALL",))
    assert found.origins == {("ignore",): "pyproject.toml:5", ("fail-on",): "pyproject.toml:6"}
    write(tmp_path / "a" / "advisor.toml", '[advisor]\nselect = ["F"]\n')
    nearer = settings(tmp_path / "a" / "b")
    assert (nearer.select, nearer.ignore) == (("F",), ())


def test_files_without_the_table_are_passed_over(tmp_path):
    write(tmp_path / "pyproject.toml", PYPROJECT)
    write(tmp_path / "a" / "advisor.toml", "[train]\nepochs = 3\n")
    write(tmp_path / "a" / "b" / "pyproject.toml", '[project]\nname = "training-advisor-demo"\n')
    assert settings(tmp_path / "a" / "b").fail_on == "error"


def test_advisor_toml_comes_before_pyproject_in_one_folder(tmp_path):
    write(tmp_path / "pyproject.toml", PYPROJECT)
    write(tmp_path / "advisor.toml", '[advisor]\nfail-on = "info"\n')
    assert settings(tmp_path).fail_on == "info"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[advisor]\nselect = ["ALL"]\nfail-on = "errors"\n', 'line 3: fail-on: found "errors", expected one of error'),
        ('[advisor]\nfail-on = "errors"\n', "did you mean error?"),
        ('[advisor]\nfail_on = "error"\n', "line 2: fail_on: found an unknown key"),
        ('[advisor]\nfail_on = "error"\n', "did you mean fail-on?"),
        ('[advisor]\n\nignroe = ["Q"]\n', "line 3: ignroe: found an unknown key"),
        ('[advisor]\nignroe = ["Q"]\n', "did you mean ignore?"),
        ('[advisor]\nignore = "Q"\n', 'line 2: ignore: found "Q", expected rules as a list'),
        ('[advisor]\nignore = ["Q", 1]\n', "expected rules as a list"),
        ('[advisor]\nselect = ["overfiting"]\n', 'line 2: select: found "overfiting", expected a rule'),
        ('[advisor]\nselect = ["overfiting"]\n', "did you mean overfitting?"),
        ('[advisor]\nselect = [""]\n', 'found "", expected a rule'),
        ('[advisor.per-run-ignores]\n"runs/a" = ["X9"]\n', 'line 2: per-run-ignores.runs/a: found "X9"'),
        ("[advisor]\nper-run-ignores = 3\n", "line 2: per-run-ignores: found 3, expected a table of globs"),
        ("advisor = 3\n", "line 1: advisor: found 3, expected a table"),
        ("[advisor]\nignore = [\n", "line 2"),
        ('[advisor]\n"a\\u001bb" = 1\n', "a\\x1bb"),
    ],
)
def test_a_mistake_is_told_on_one_line_with_its_file_and_line(tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "advisor.toml", text)
    with pytest.raises(ConfigError) as refused:
        settings()
    (line,) = str(refused.value).splitlines()
    assert line.startswith("advisor.toml: line ")
    assert said in line


def test_every_mistake_is_told(tmp_path):
    write(tmp_path / "pyproject.toml", '[tool.advisor]\nfail-on = 1\nselect = ["nothing", "F101", "none"]\n')
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path)
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("glob", "run", "ignored"),
    [
        ("runs/short-*", "runs/short-1", True),
        ("runs/short-*", "runs/long", False),
        ("runs/short-*", "runs/short-1/run.csv", True),
        ("short-*", "runs/short-1", True),
        ("runs", "runs/deep/a.csv", True),
        ("runs/", "runs/deep/a.csv", True),
        ("*.jsonl", "a/b/log.jsonl", True),
        ("*.jsonl", "a/b/log.csv", False),
        ("log.csv", "a/log.csv", True),
        ("a", "b/a/log.csv", False),
    ],
)
def test_a_glob_matches_the_path_a_folder_above_or_the_last_name(tmp_path, glob, run, ignored):
    write(tmp_path / "advisor.toml", f'[advisor.per-run-ignores]\n"{glob}" = ["F101"]\n')
    found = settings(tmp_path)
    assert (found.ignored_for(tmp_path / run) == {"overfitting"}) is ignored


def test_the_command_line_wins_key_by_key(tmp_path):
    write(tmp_path / "pyproject.toml", PYPROJECT)
    found = settings(tmp_path).overridden(None, "F101,Q", None)
    assert (found.ignore, found.fail_on) == (("F101", "Q"), "error")
    assert "overfitting" not in {rule.name for rule in found.rules()}
    assert settings(tmp_path).overridden(None, "", "never").ignore == ("",)


def test_settings_are_looked_for_in_the_working_folder(tmp_path, monkeypatch):
    write(tmp_path / "pyproject.toml", PYPROJECT)
    monkeypatch.chdir(tmp_path)
    assert settings().fail_on == "error"
    assert Path(settings().base) == tmp_path


def test_the_schema_has_the_keys_that_are_taken():
    assert tuple(schema()["properties"]) == KEYS
    assert all(key["description"] for key in schema()["properties"].values())


def test_nothing_that_takes_time_is_imported_where_no_settings_are(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "nets"\n', encoding="utf-8")
    code = "import sys; from advisor.settings import settings; settings(); print(*{'tomllib', 'pydantic', 'tomlkit'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "\n"
