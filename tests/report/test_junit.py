"""JUnit: a suite a run, a case a rule."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from advisor import catalogue
from advisor.outcome import Skipped
from advisor.report import Stage


def rendered(*outcomes):
    return catalogue.entry("report", "junit").render(outcomes, Stage())


@pytest.fixture
def suites(sick, healthy, unreadable):
    return list(ElementTree.fromstring(rendered(sick, healthy, unreadable)))


def test_counts_what_failed_what_could_not_be_read_and_what_was_skipped(suites):
    counts = [{name: suite.get(name) for name in ("name", "tests", "failures", "errors", "skipped")} for suite in suites]
    assert counts == [
        {"name": "runs/one", "tests": "6", "failures": "2", "errors": "0", "skipped": "2"},
        {"name": "example.csv", "tests": "3", "failures": "0", "errors": "0", "skipped": "1"},
        {"name": "broken.csv", "tests": "1", "failures": "0", "errors": "1", "skipped": "0"},
    ]


def test_a_rule_is_a_case_with_what_became_of_it(suites):
    told = {case.get("name"): [child.tag for child in case] for case in suites[0]}
    assert told == {
        "vanishing-gradient": ["failure"], "underfitting": ["failure"], "overfitting": ["system-out"], "diverging-loss": [],
        "dead-units": ["skipped"], "huge-updates": ["skipped"],
    }  # fmt: skip
    assert suites[0].find("testcase[@name='dead-units']/skipped").get("message") == "no zero_share was recorded"
    assert "do first: use-relu" in suites[0].find("testcase/failure").text


def test_two_findings_of_a_rule_are_one_case(sick):
    suite = ElementTree.fromstring(rendered(replace(sick, findings=(sick.findings[0],) * 2)))[0]
    assert [case.get("name") for case in suite].count("vanishing-gradient") == 1


@pytest.mark.parametrize("evil", ["]]>", "<a/>", "\x00\x1b[31m\x08", "\ud800", "\ufffe", "\"&'", "손실 \n x"])
def test_is_xml_whatever_stands_in_a_log(evil, sick):
    run = replace(sick.run, name=evil)
    finding = replace(sick.findings[0], message=evil)
    text = rendered(replace(sick, run=run, findings=(finding,), skipped=(Skipped("dead-units", evil),)))
    assert text.isascii()
    assert len(ElementTree.fromstring(text)[0]) > 0
