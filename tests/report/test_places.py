"""Paths and lines for programs that open files."""

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.outcome import repository_path
from advisor.report._places import config_line, spots

CONFIG = "[model]\nhidden = [8]\nactivation = 'sigmoid'\n\n[optim]  # how\nlr = 0.1\nlr_end = 0\n\n[model.extra]\nactivation = 1\n"


@pytest.mark.parametrize(
    ("path", "line"),
    [("model.activation", 3), ("optim.lr", 6), ("optim.lr_end", 7), ("model.init", 1), ("train.loss", None), ("train", None)],
)
def test_finds_the_line_of_a_key_or_of_its_table(path, line):
    assert config_line(CONFIG, path) == line


def test_paths_begin_at_the_repository_wherever_the_command_is_given(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a")
    assert repository_path(tmp_path / "a" / "b" / "run.csv") == "a/b/run.csv"
    assert repository_path(tmp_path.parent / "run.csv") is None
    assert repository_path(Path("..") / "run.csv") == "run.csv"


@pytest.fixture
def in_folder(sick, tmp_path):
    """The run of `sick` as a real folder with a Config."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return replace(sick.run, path=tmp_path)


def test_the_log_comes_first_then_the_lines_that_a_fix_would_change(sick, in_folder):
    found = spots(sick.findings[0], in_folder)
    assert [(spot.file.name, spot.lines) for spot in found] == [("layers.csv", (2, 6)), ("config.toml", (3, 3)), ("config.toml", (1, 1))]
    assert found[1].about == "use-relu would change model.activation"


def test_findings_about_settings_point_at_the_config_first(sick, in_folder):
    found = spots(replace(sick.findings[0], code="C102"), in_folder)
    assert [(spot.file.name, spot.lines) for spot in found[:2]] == [("config.toml", (3, 3)), ("config.toml", (1, 1))]
