"""`advisor explain` and `advisor rules`."""

import json
import re

import pytest

from advisor import catalogue
from advisor.config.names import paths
from advisor.diagnose import all_rules
from advisor.report._bounds import bounds


@pytest.mark.parametrize("name", [*catalogue.names("rules"), *catalogue.names("fixes"), *paths(), "data", "model", "optim", "train"])
def test_everything_that_has_a_name_can_be_explained(advisor, name):
    result = advisor("explain", name)
    assert (result.status, result.err) == (0, "")
    assert name in result.out.splitlines()[0]
    assert len(result.out.splitlines()) >= 8
    assert max(map(len, result.out.splitlines())) <= 80


def test_a_rule_is_found_by_its_code_in_any_case(advisor):
    assert advisor("explain", "f101").out == advisor("explain", "overfitting").out


def test_a_key_is_found_by_its_own_name_where_there_is_one_of_it(advisor):
    assert advisor("explain", "momentum").out == advisor("explain", "optim.momentum").out
    assert "did you mean data.seed or train.seed?" in advisor("explain", "seed").err


def test_a_rule_draws_runs_on_which_it_fires_and_on_which_it_does_not(advisor):
    rule = next(rule for rule in all_rules() if rule.name == "overfitting")
    out = advisor("explain", "overfitting").out
    shown = [example.title for example in (*rule.examples()[:2], *rule.near_misses()[:2])]
    assert [line for line in out.splitlines() if line in shown] == shown
    assert out.count("stays silent") == 2
    assert out.count("└") == 4


@pytest.mark.parametrize(
    ("name", "meant"),
    [("overfiting", "overfitting"), ("use-rellu", "use-relu"), ("optim.learning_rate", "optim.lr"), ("F999", "advisor rules")],
)
def test_an_unknown_name_is_told_the_near_ones(advisor, name, meant):
    result = advisor("explain", name)
    assert (result.status, result.out) == (2, "")
    assert meant in result.err


def test_code_of_a_fix_keeps_its_lines_and_their_indentation(advisor):
    lines = advisor("explain", "stop-early").out.splitlines()
    at = lines.index("  if val_loss < best:")
    assert lines[at + 1] == "      best, waited = val_loss, 0"


def test_a_key_says_its_values_and_default(advisor):
    assert "a number from 0 to below 1 (default: 0.0)" in advisor("explain", "optim.momentum").out


def test_rules_as_json_have_the_documented_keys(advisor):
    entries = json.loads(advisor("rules", "--format", "json").out)
    assert {tuple(entry) for entry in entries} == {("code", "rule", "family", "severity", "summary", "needs", "fixes")}
    assert {entry["rule"] for entry in entries} == set(catalogue.names("rules"))
    overfitting = next(entry for entry in entries if entry["rule"] == "overfitting")
    assert (overfitting["code"], overfitting["family"], overfitting["severity"]) == ("F101", "fit", "warning")


def test_rules_as_text_are_an_aligned_table_in_80_columns(advisor):
    lines = advisor("rules").out.splitlines()
    assert lines[0].split() == ["CODE", "RULE", "SEVERITY", "SUMMARY"]
    assert max(map(len, lines)) <= 80
    column = lines[0].index("RULE")
    assert {line[column:].split()[0] for line in lines[1:] if line[0] != " "} == {rule.name for rule in all_rules()}


def test_a_value_is_explained_by_the_one_key_that_takes_it(advisor):
    assert advisor("explain", "adam").out == advisor("explain", "optim.name").out


def test_a_value_of_several_keys_names_them(advisor):
    assert "did you mean model.activation or model.output?" in advisor("explain", "tanh").err


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_threshold_of_a_rule_is_told_with_its_source(rule):
    assert [name for name, _, _ in bounds(rule)] == [name for name in vars(type(rule)) if name.isupper()]


def test_thresholds_stand_behind_the_examples(advisor):
    after = advisor("explain", "oversized-model").out.partition("\nThresholds\n")[2].splitlines()
    assert after[-1].strip().endswith("parameters")
    assert any(line.startswith("  MANY  20.0  parameters a sample;") for line in after)


def test_layers_are_drawn_over_what_the_finding_speaks_of(advisor):
    drawn = advisor("explain", "huge-updates").out
    assert "moves by 20% of its" in drawn
    assert re.search(r"^first │─+● +0\.2$", drawn, re.MULTILINE)


def test_near_misses_show_what_sets_them_apart(advisor):
    near_miss = advisor("explain", "underfitting").out.partition("\nstill improving\n")[2]
    assert "train_accuracy 0.45\n" in near_miss.partition("stays silent")[0]
    assert "Config    data.batch_size 1\n" in advisor("explain", "dead-units").out
    assert advisor("explain", "gradients-not-cleared").out.count("grad_norm   grad_norm") == 4
