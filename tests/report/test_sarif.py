"""SARIF 2.1.0: what code scanning asks for, and what the schema asks for of the parts that are written."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor import catalogue
from advisor.report import Stage

LEVELS = {"none", "note", "warning", "error"}


def log(*outcomes):
    text = catalogue.entry("report", "sarif").render(outcomes, Stage())
    return json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))


@pytest.fixture
def document(sick, healthy, unreadable):
    return log(sick, healthy, unreadable)


def test_is_one_run_of_the_tool_with_a_result_a_finding(document):
    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    assert [result["ruleId"] for result in document["runs"][0]["results"]] == ["G101", "F102", "F101"]


def test_each_result_has_what_code_scanning_asks_for(document):
    (run,) = document["runs"]
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert result["level"] in LEVELS
        assert result["message"]["text"].startswith("runs/one: what ")
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert place["region"]["endLine"] >= place["region"]["startLine"] >= 1
        assert all(result["partialFingerprints"].values())


def test_each_rule_says_what_it_is_and_helps(document):
    for rule in document["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert "What helps" in rule["help"]["text"]
        assert "## What helps" in rule["help"]["markdown"]


def test_what_could_not_be_read_is_said_without_a_result(document):
    (invocation,) = document["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "an empty file" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_fingerprints_hold_neither_lines_nor_numbers(sick):
    moved = replace(sick.findings[0], measured=7.0, evidence=replace(sick.findings[0].evidence, lines=(9, 99)))
    before, after = (log(replace(sick, findings=(one,)))["runs"][0]["results"][0] for one in (sick.findings[0], moved))
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["locations"] != after["locations"]


def test_two_findings_of_a_rule_have_fingerprints_of_their_own(sick):
    first, second = log(replace(sick, findings=(sick.findings[0],) * 2))["runs"][0]["results"]
    assert not set(first["partialFingerprints"].values()) & set(second["partialFingerprints"].values())


def test_numbers_that_are_not_finite_are_texts(sick):
    evil = replace(sick.findings[0], measured=float("nan"), threshold=float("inf"))
    properties = log(replace(sick, findings=(evil,)))["runs"][0]["results"][0]["properties"]
    assert (properties["measured"], properties["threshold"]) == ("nan", "inf")


@pytest.mark.parametrize(
    ("name", "uri"), [("a b<c>.csv", "a%20b%3Cc%3E.csv"), ("50%.csv", "50%25.csv"), ("손실.csv", "%EC%86%90%EC%8B%A4.csv")]
)
def test_paths_are_uris(name, uri, sick):
    evil = replace(sick.findings[0], evidence=replace(sick.findings[0].evidence, file=name))
    place = log(replace(sick, findings=(evil,)))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == uri


def test_a_file_outside_of_the_repository_has_its_whole_path_without_ways_back(sick, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr("advisor.outcome.ROOTS", ())
    (finding,) = sick.findings[:1]
    evidence = replace(finding.evidence, file="../there/run.csv")
    (result,) = log(replace(sick, findings=(replace(finding, evidence=evidence),)))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": f"file:///{(tmp_path / 'there' / 'run.csv').as_posix().lstrip('/')}"}


def test_standard_input_has_no_file(sick):
    run = replace(sick.run, path=Path("-"), name="-")
    finding = replace(sick.findings[0], evidence=replace(sick.findings[0].evidence, file="-"))
    (location,) = log(replace(sick, run=run, findings=(finding,)))["runs"][0]["results"][0]["locations"]
    assert set(location) == {"logicalLocations"}
