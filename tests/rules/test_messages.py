"""What a message quotes can be found in the log."""

import re
from dataclasses import replace

import numpy as np
import pytest

from advisor.diagnose import diagnose
from advisor.rules.examples import falling, joined, layered, record, shaken, straight
from advisor.rules.huge_updates import HugeUpdates


def first(run):
    return diagnose(run).findings[0]


def test_overfitting_names_the_true_best_epoch_and_its_value():
    val = shaken(joined(falling(2.3, 0.8, 12, pace=3.0), straight(0.82, 1.4, 18)), by=0.02)
    finding = first(record(train_loss=falling(2.3, 0.1, 30), val_loss=val))
    best = int(np.argmin(val))
    assert finding.rule == "overfitting"
    assert f"best at {val[best]:.4g} (epoch {best + 1})" in finding.message
    assert f"at {np.median(val[-5:]):.4g} (median of the last 5)" in finding.message
    assert finding.evidence.start == best + 1


def test_divergence_names_the_true_best_epoch_and_its_value():
    loss = shaken(joined(falling(2.3, 0.5, 20), straight(0.5, 2.0, 15)), by=0.02)
    finding = first(record(train_loss=loss))
    best = int(np.argmin(loss))
    assert finding.rule == "diverging-loss"
    assert f"best at {loss[best]:.4g} (epoch {best + 1})" in finding.message
    assert f"at {np.median(loss[-3:]):.4g} (median of the last 3)" in finding.message


def test_a_run_that_left_its_first_loss_upwards_for_good_diverged_and_is_not_called_stuck():
    chance = joined([0.67, 0.4, 0.14], [0.1] * 27)
    run = record(train_loss=joined([1.462, 2.977, 2.583], [2.324] * 27), train_accuracy=chance, facts={"class_shares": [0.1] * 10})
    findings = {finding.rule: finding.message for finding in diagnose(run).findings}
    assert "not-learning" not in findings
    assert "best at 1.462 (epoch 1)" in findings["diverging-loss"]


def test_accuracies_are_quoted_as_they_were_logged():
    right = joined(falling(0.3, 0.9, 12, pace=2.0), straight(0.9, 0.7, 18))
    finding = first(record(train_accuracy=falling(0.3, 1.0, 30), val_accuracy=right))
    assert finding.rule == "overfitting"
    assert f"The validation accuracy was best at {right.max():.4g} (epoch" in finding.message


def test_long_logs_are_quoted_by_medians_that_say_so():
    loss = shaken(joined(falling(2.3, 0.5, 2000, pace=300.0), straight(0.5, 2.0, 1500)), by=0.02)
    finding = first(record(train_loss=loss))
    told = re.search(r"best at (\S+) \(median of (\d+) up to epoch (\d+)\)", finding.message)
    assert told, finding.message
    value, each, last = float(told[1]), int(told[2]), int(told[3])
    assert value == pytest.approx(np.median(loss[last - each : last]), rel=1e-3)


@pytest.mark.parametrize(
    ("losses", "told"),
    [([2.3, 2.29, 2.29], "and the loss did not come down"), ([2.3, 1.9, 1.9], "by 17% only"), (None, "0.1% is usual. First")],
)
def test_huge_updates_say_how_far_the_loss_came_down_where_it_was_logged(losses, told):
    layers = layered(("first", "second", "head"), update_ratio=np.full((20, 3), 0.3))
    run = record(layers=layers, val_loss=[1.0, 1.0, 1.0]) if losses is None else record(layers=layers, train_loss=losses)
    (finding,) = HugeUpdates().check(run)
    assert told in finding.message


def test_a_loss_that_falls_ever_faster_below_zero_is_not_sent_on_training():
    loss = -(np.linspace(1.0, 60.0, 30) ** 3)
    finding = next(found for found in diagnose(record(train_loss=loss, val_loss=2 * loss)).findings if found.rule == "stopped-too-early")
    assert "as if it had no floor" in finding.message
    assert "First train longer" not in finding.message


def test_a_loss_below_zero_that_slows_down_is():
    loss = falling(-4.0, -12.0, 30, pace=15.0)
    finding = next(found for found in diagnose(record(train_loss=loss, val_loss=loss)).findings if found.rule == "stopped-too-early")
    assert "First train longer" in finding.message


def test_a_loss_that_never_was_a_number_cannot_be_gone_back_from():
    finding = first(record(train_loss=[float("nan")] * 5))
    assert finding.rule == "non-finite-loss"
    assert "Start again from before that point" not in finding.message
    assert "first look at one batch" in finding.message


def test_a_guess_is_told_with_its_number_of_classes():
    finding = first(record(train_loss=straight(2.36, 2.303, 10), train_accuracy=joined([0.07], [0.1] * 9)))
    assert finding.rule == "not-learning"
    assert "a guess among 10 classes" in finding.message


@pytest.mark.parametrize(("kind", "told"), [("ReLU", "add residual connections"), ("Sigmoid", "by ReLU"), ("Linear", "by ReLU")])
def test_nobody_whose_units_are_relu_is_told_to_take_relu(kind, told):
    names = [f"layers.{i}" for i in range(10)]
    kinds = ["Linear"] * 9 + [kind]
    norms = np.broadcast_to(0.2 ** np.arange(9.0, -1.0, -1.0), (20, 10))
    run = record(layers=layered(names, kinds, grad_norm=norms, weight_norm=np.ones(10)), train_loss=falling(2.31, 2.3, 20))
    assert told in next(found for found in diagnose(run).findings if found.rule == "vanishing-gradient").message


def test_steps_are_told_to_the_last_digit_so_that_the_checkpoint_can_be_found():
    val = joined(falling(2.3, 0.8, 12, pace=3.0), straight(0.82, 1.6, 18))
    by_epoch = record(train_loss=falling(2.3, 0.1, 30), val_loss=val)
    steps = {role: replace(one, epochs=one.epochs + np.nan, steps=12_345 * one.epochs) for role, one in by_epoch.series.items()}
    finding = first(replace(by_epoch, series=steps))
    assert finding.rule == "overfitting"
    assert f"First keep the weights of step {12_345 * (np.argmin(val) + 1)}" in finding.message
