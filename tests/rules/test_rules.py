"""Every rule, whatever it is: it fires on its examples, stays silent on its near misses, and teaches."""

import json
from pathlib import Path

import pytest

from advisor import catalogue
from advisor.diagnose import all_rules, diagnose
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.fixes.base import named
from advisor.outcome import strict
from advisor.pages import page
from advisor.rules.base import Example, Rule
from advisor.run import Run

RULES = all_rules()
SECTIONS = ["What it measures", "Why it matters", "What helps", "References"]
WHO_FIRES = Path(__file__).parent / "who_fires_on_whom.txt"

by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def fired(rule: Rule, run: Run) -> list[Finding]:
    try:
        return list(rule.check(run))
    except SignalUnavailable:
        return []


def outcome(rule: Rule, run: Run) -> list[tuple[str, ...]]:
    try:
        return [(str(finding.severity),) for finding in rule.check(run)]
    except SignalUnavailable as reason:
        return [("undecided", str(reason))]


def cases(rule: Rule) -> tuple[Example, ...]:
    return rule.examples() + rule.near_misses()


@by_rule
def test_a_rule_fires_on_its_examples(rule):
    silent = [example.title for example in rule.examples() if not fired(rule, example.run)]
    assert not silent
    assert len(rule.examples()) >= 2


@by_rule
def test_a_rule_is_silent_on_its_near_misses(rule):
    alarms = [example.title for example in rule.near_misses() if fired(rule, example.run)]
    assert not alarms
    assert len(rule.near_misses()) >= 2


@by_rule
def test_titles_tell_examples_apart(rule):
    titles = [example.title for example in cases(rule)]
    assert len(titles) == len(set(titles))


@by_rule
def test_the_page_of_a_rule_is_complete(rule):
    shown = page(type(rule))
    assert shown.summary.endswith(".")
    assert list(shown.sections) == SECTIONS
    assert all(shown.sections.values())


@by_rule
def test_a_rule_names_fixes_that_exist(rule):
    assert rule.fixes
    for fix in rule.fixes:
        assert named(fix).name == fix


def test_codes_are_unique():
    assert len({rule.code for rule in RULES}) == len(RULES)


@by_rule
def test_a_finding_says_what_was_measured_and_what_to_do_first(rule):
    for example in rule.examples():
        for finding in fired(rule, example.run):
            assert (finding.rule, finding.code) == (rule.name, rule.code)
            assert 0 < finding.confidence <= 1
            assert any(character.isdigit() for character in finding.message), finding.message
            assert finding.message.endswith(".")
            assert len(finding.message) < 400
            assert finding.why
            assert finding.evidence.start <= finding.evidence.end
            assert finding.evidence.series or finding.evidence.layers or not example.run.series  # a Config alone has no place to show
            json.dumps(strict(diagnose(example.run).document()), allow_nan=False)


@by_rule
def test_what_is_measured_lies_beyond_the_threshold_only_where_the_rule_fires(rule):
    for example in rule.examples():
        for finding in fired(rule, example.run):
            assert finding.measured == pytest.approx(rule.measure(example.run), nan_ok=True)
            assert finding.measured != finding.threshold


def thresholds() -> list[tuple[Rule, str]]:
    return [(rule, name) for rule in RULES for name in vars(type(rule)) if name.isupper()]


@pytest.mark.parametrize(("rule", "threshold"), thresholds(), ids=lambda value: value if isinstance(value, str) else value.name)
def test_doubling_or_halving_a_threshold_changes_the_outcome_of_an_example(rule, threshold, monkeypatch):
    value = getattr(type(rule), threshold)
    before = [outcome(rule, example.run) for example in cases(rule)]
    after = []
    for factor in (2, 0.5):
        monkeypatch.setattr(type(rule), threshold, type(value)(value * factor))
        after.append([outcome(rule, example.run) for example in cases(rule)])
    assert any(changed != before for changed in after)


@by_rule
def test_every_threshold_says_where_it_comes_from(rule):
    source = Path(catalogue.PACKAGE / "rules" / f"{rule.name.replace('-', '_')}.py").read_text(encoding="utf-8").splitlines()
    for name in vars(type(rule)):
        if name.isupper():
            line = next(line for line in source if line.startswith(f"    {name} = "))
            assert "# " in line, line


@by_rule
def test_a_rule_says_the_same_twice(rule):
    for example in cases(rule):
        assert outcome(rule, example.run) == outcome(rule, example.run)


def test_who_fires_on_whom():
    """Reading the table shows which failing states look alike. After a deliberate change: write the new text to the file."""
    assert who_fires_on_whom() == WHO_FIRES.read_text(encoding="utf-8")


def who_fires_on_whom() -> str:
    lines = []
    for rule in RULES:
        for kind, examples in (("fires", rule.examples()), ("near miss", rule.near_misses())):
            for example in examples:
                said = ", ".join(f"{one.rule} ({one.severity})" for one in diagnose(example.run).findings)
                lines.append(f"{rule.name}, {kind}: {example.title}\n    {said or 'nothing'}\n")
    return "".join(lines)
