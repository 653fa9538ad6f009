"""One line a finding."""

from advisor import catalogue
from advisor.report import Stage


def test_says_place_rule_severity_and_message(sick, healthy, unreadable):
    lines = catalogue.entry("report", "concise").render([sick, healthy, unreadable], Stage()).splitlines()
    assert lines == [
        "runs/one/layers.csv:2: G101 vanishing-gradient error: what vanishing-gradient saw, with 3 numbers",
        "runs/one/run.csv:13: F102 underfitting warning: what underfitting saw, with 3 numbers",
        "runs/one/run.csv:13: F101 overfitting info: what overfitting saw, with 3 numbers",
        "broken.csv: unreadable: an empty file; give a log",
    ]


def test_a_healthy_run_takes_no_line(healthy):
    assert catalogue.entry("report", "concise").render([healthy], Stage()) == ""
