"""Markdown for a step summary."""

from dataclasses import replace

import pytest

from advisor import catalogue
from advisor.outcome import Unreadable
from advisor.report import Stage
from advisor.report._markdown import escaped, fenced


def rendered(*outcomes):
    return catalogue.entry("report", "markdown").render(outcomes, Stage())


def test_is_as_it_was_looked_at(golden, sick, healthy, undecided, unreadable):
    golden("markdown", rendered(healthy, sick, undecided, unreadable))


def test_a_run_alone_is_told_of_without_a_table_of_runs(healthy):
    text = rendered(healthy)
    assert text.startswith("# 1 run, healthy\n\n## ✓")
    assert "<details><summary>2 rules found nothing, 1 could not judge</summary>" in text


def test_what_does_not_fit_into_a_summary_is_counted(sick, monkeypatch):
    monkeypatch.setattr("advisor.report.markdown.MOST_BYTES", 6000)
    text = rendered(*[sick] * 20)
    assert len(text.encode()) < 6500
    assert "more runs with findings" in text.splitlines()[-1]
    assert text.count("\n## ") + int(text.splitlines()[-1].split()[0]) == 20


@pytest.mark.parametrize("evil", ["<script>", "[x](y)", "*a*", "`a`", "a|b", "#1", "~~a~~", "$a$", "&lt;", "_a_"])
def test_nothing_in_a_name_means_anything(evil, sick):
    text = rendered(replace(sick, run=replace(sick.run, name=evil)))
    assert escaped(evil) in text
    assert evil not in text.replace(escaped(evil), "")


def test_nobody_is_mentioned_and_nothing_linked():
    assert "@bob" not in escaped("@bob")
    assert "https://" not in escaped("https://evil.example")
    assert "www." not in escaped("www.evil.example")


def test_an_error_cannot_break_out_of_its_cell(healthy):
    text = rendered(healthy, Unreadable(healthy.run.path, "a | b\n| c"))
    assert "a \\| b\\\\n\\| c" in text


def test_no_line_closes_a_fence():
    assert fenced(["a ``` b"]).splitlines()[0] == "````"
