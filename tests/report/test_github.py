"""Annotations of a GitHub workflow."""

from dataclasses import replace

import pytest

from advisor import catalogue
from advisor.outcome import Unreadable
from advisor.report import Stage


def lines(*outcomes):
    return catalogue.entry("report", "github").render(outcomes, Stage()).splitlines()


def test_the_worst_come_first_each_at_its_line(sick, healthy, unreadable):
    assert lines(healthy, sick, unreadable) == [
        "::error file=broken.csv,title=unreadable::an empty file; give a log",
        "::error file=runs/one/layers.csv,line=2,endLine=6,title=G101 vanishing-gradient::"
        "runs/one: what vanishing-gradient saw, with 3 numbers",
        "::warning file=runs/one/run.csv,line=13,endLine=31,title=F102 underfitting::runs/one: what underfitting saw, with 3 numbers",
        "::notice file=runs/one/run.csv,line=13,endLine=31,title=F101 overfitting::runs/one: what overfitting saw, with 3 numbers",
        "3 runs: 1 healthy, 1 with findings, 1 unreadable",
    ]


def test_nothing_ends_a_command_or_a_property(sick, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (finding, *_) = sick.findings
    evidence = replace(finding.evidence, file="50%, a:b\r\n::error::c.csv")
    evil = replace(finding, message="100% of\n::error::it\r", evidence=evidence)
    (command, _) = lines(replace(sick, findings=(evil,)))
    assert "file=50%25%2C a%3Ab\\r\\n%3A%3Aerror%3A%3Ac.csv,line=2" in command
    assert command.endswith("100%25 of\\n::error::it\\r")


def test_beyond_ten_of_a_level_they_are_lines_of_the_log(sick):
    told = lines(*[sick] * 12)
    assert [sum(line.startswith(f"::{level} ") for line in told) for level in ("error", "warning", "notice")] == [10, 10, 10]
    assert sum("G101" in line for line in told) == 12


@pytest.mark.parametrize("name", ["::error::x", "a ##[error]x", " ::stop-commands::x"])
def test_a_line_of_the_log_holds_no_command(name, sick):
    one = replace(sick.findings[0], evidence=replace(sick.findings[0].evidence, file=name))
    (line,) = (line for line in lines(replace(sick, findings=(one,) * 11)) if not line.startswith("::") and "G101" in line)
    assert not line.lstrip().startswith("::")
    assert "##[" not in line


def test_a_file_outside_the_repository_is_named_in_the_message_only(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (command, _) = lines(Unreadable(tmp_path / "other.csv", "an empty file"))
    assert command == "::error title=unreadable::an empty file"
