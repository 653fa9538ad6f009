"""The report for programs."""

import json

from advisor import catalogue
from advisor.report import Stage


def test_is_one_strict_document_of_all_outcomes(sick, healthy, unreadable):
    text = catalogue.entry("report", "json").render([sick, healthy, unreadable], Stage())
    document = json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
    assert document["schema"] == 1
    assert [run["status"] for run in document["runs"]] == ["findings", "healthy", "unreadable"]
    assert document["runs"][0]["findings"][1]["because"] == "vanishing-gradient"
    assert document["runs"][0]["findings"][0]["evidence"]["lines"] == [2, 6]
    assert text.endswith("}\n")
