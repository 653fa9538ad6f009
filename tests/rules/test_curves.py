"""What no curve rule may do: depend on the unit of a loss, guess from too little, or be misled by how a run was logged."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from advisor.diagnose import all_rules, diagnose
from advisor.outcome import Status
from advisor.rules.examples import falling, record, shaken, straight
from advisor.run import Run, Series

CASES = [(rule, example) for rule in all_rules() for example in rule.examples() + rule.near_misses()]

# A cross entropy that is known to be one has its unit.
OF_ANY_UNIT = [(rule, example) for rule, example in CASES if "loss" not in example.run.facts]


def scaled(run: Run, kind: str, factor: float) -> Run:
    def times(series: Series) -> Series:
        return replace(series, values=series.values * factor)

    epochs = {role: times(series) if kind in role else series for role, series in run.series.items()}
    steps = {role: times(series) if kind in role else series for role, series in run.step_series.items()}
    return replace(run, series=epochs, step_series=steps, facts=with_losses_times(run.facts, factor) if kind == "_loss" else run.facts)


def with_losses_times(facts: Mapping[str, Any], factor: float) -> dict[str, Any]:
    probes = {name: times(value, factor) for name, value in facts.get("probes", {}).items()}
    return {**facts, "probes": probes} if probes else dict(facts)


def times(told: Any, factor: float) -> Any:
    """A loss, or losses of short trials beside their number of steps."""
    if isinstance(told, Mapping):
        return {name: value if name == "steps" else value * factor for name, value in told.items()}
    return told * factor


def said(run: Run) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.severity)) for finding in diagnose(run).findings]


@pytest.mark.parametrize("factor", [1000.0, 0.001])
@pytest.mark.parametrize(("rule", "example"), OF_ANY_UNIT, ids=lambda case: getattr(case, "title", getattr(case, "name", "")))
def test_the_unit_of_the_loss_does_not_matter(rule, example, factor):
    assert said(scaled(example.run, "_loss", factor)) == said(example.run)


@pytest.mark.parametrize(("rule", "example"), CASES, ids=lambda case: getattr(case, "title", getattr(case, "name", "")))
def test_accuracies_may_be_shares_or_percentages(rule, example):
    assert said(scaled(example.run, "_accuracy", 100.0)) == said(example.run)


@pytest.mark.parametrize("points", [0, 1, 2])
def test_too_few_points_are_undecided_and_never_guessed(points):
    report = diagnose(record(train_loss=[2.3, 9.0][:points], val_loss=[2.3, 9.0][:points]))
    assert not report.findings
    assert report.status is Status.UNDECIDED


def test_every_rule_that_cannot_judge_says_why():
    report = diagnose(record(lr=[0.1, 0.1]))
    assert {skipped.rule for skipped in report.skipped} == {rule.name for rule in all_rules() if rule.needs != "–"}
    assert all(skipped.reason for skipped in report.skipped)


def test_a_step_log_of_training_is_judged_with_an_epoch_log_of_validation():
    steps, epochs = 600, 30
    train = Series(
        "loss", shaken(falling(2.3, 0.1, steps, 100), 0.1), np.full(steps, np.nan), np.arange(1.0, steps + 1), np.arange(steps) + 2
    )
    val = np.concatenate([falling(2.3, 0.8, 12, 3.0), straight(0.82, 1.4, 18)])
    at = np.arange(1.0, epochs + 1)
    run = record()
    run = replace(run, series={"train_loss": train, "val_loss": Series("val", val, at, at * 20, np.arange(epochs) + 2)})
    assert said(run) == [("overfitting", "warning")]


def test_a_restart_in_the_log_is_not_taken_for_divergence():
    loss = np.concatenate([falling(2.3, 0.1, 20), falling(2.3, 1.5, 10)])
    epochs = np.concatenate([np.arange(1.0, 21), np.arange(1.0, 11)])
    run = replace(record(), series={"train_loss": Series("loss", loss, epochs, np.full(30, np.nan), np.arange(30) + 2)})
    assert said(run) == [("no-validation", "info")]


def test_overfitting_of_a_run_that_kept_its_best_epoch_is_worth_no_warning():
    curves = {"train_loss": falling(2.3, 0.1, 30), "val_loss": np.concatenate([falling(2.3, 0.8, 12, 3.0), straight(0.82, 1.4, 18)])}
    assert said(record(**curves)) == [("overfitting", "warning")]
    assert said(record(**curves, about={"result": {"epoch": 12}})) == [("overfitting", "info")]
    assert said(record(**curves, about={"result": {"epoch": 30}})) == [("overfitting", "warning")]


def test_a_wholly_nan_run_has_one_finding():
    assert said(record(train_loss=[np.nan] * 10, val_loss=[np.nan] * 10)) == [("non-finite-loss", "error")]
