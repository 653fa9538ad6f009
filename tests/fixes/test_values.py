"""Values that come from the run."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.config import parse
from advisor.diagnose import diagnose
from advisor.findings import Evidence, Finding, Severity
from advisor.fixes.base import named
from advisor.rules.examples import layered, record, straight

ANY = Finding("any", "X000", Severity.WARNING, 1.0, "", "", 1.0, 0.0, Evidence((), "epoch", 1, 1))


def value(fix, tree=None, **recorded):
    proposal = named(fix).propose(record(config=parse(tree or {}).tree(), **recorded), ANY)
    return None if proposal is None else proposal.edits[0].value


def test_the_patience_outlasts_the_longest_wait_for_a_better_epoch():
    waits_five = [2.0, 1.5, 1.6, 1.7, 1.6, 1.7, 1.0, 1.2, 1.3]
    assert value("stop-early", val_loss=waits_five) == 6
    assert value("stop-early", val_loss=[2.0, 1.0, 0.9, 1.2, 1.4]) == 3


def test_stopping_early_is_no_use_where_the_last_epoch_is_the_best():
    assert value("stop-early", val_loss=straight(2.0, 1.0, 10)) is None
    assert value("stop-early", train_loss=straight(2.0, 1.0, 10)) is None


def test_gradients_are_clipped_at_the_norm_of_calm_steps():
    norms = [*[2.0] * 20, *[500.0] * 20]
    assert value("clip-gradients", train_loss=[1.0, 0.5, 3.0, 9.0], steps_grad_norm=norms) == 2.0


def test_a_bound_that_keeps_steps_small_goes_up_to_the_usual_norms():
    run = record(config=parse({"optim": {"clip_norm": 0.01}}).tree(), train_loss=[1.0, 0.9], grad_norm=[2.0, 3.0])
    (edit,) = named("clip-gradients").propose(run, replace(ANY, rule="slow-learning")).edits
    assert edit.value == 2.9


def test_where_the_first_epoch_broke_gradients_are_clipped_at_the_norm_before_it_did():
    steps = {"steps_train_loss": [0.7, 3e4, 1e14, np.inf], "steps_grad_norm": [0.2, 2e3, 8e9, 1e19]}
    assert value("clip-gradients", train_loss=[np.nan], **steps) == 0.2


def test_clipping_that_was_on_is_tightened():
    assert value("clip-gradients", {"optim": {"clip_norm": 1.0}}, train_loss=[1.0, 0.5], grad_norm=[2.0, 2.0]) == 0.5


@pytest.mark.parametrize(("ratio", "rate"), [(0.01, 0.1), (1000.0, 0.003), (0.001, 0.3)])
def test_the_rate_is_lowered_until_updates_are_a_thousandth_of_the_weights(ratio, rate):
    layers = layered(("0", "1"), update_ratio=[ratio, ratio])
    assert value("lower-learning-rate", {"optim": {"lr": 1.0}}, layers=layers) == pytest.approx(rate)


@pytest.mark.parametrize(("shares", "weights"), [([0.9, 0.1], "balanced"), ([0.099, 0.101, 0.8], "balanced"), ([0.52, 0.48], None)])
def test_classes_are_weighed_where_some_are_rarer(shares, weights):
    assert value("balance-classes", train_loss=[1.0, 0.9], facts={"task": "classification", "class_shares": shares}) == weights


def test_dropout_follows_the_gap():
    assert value("add-dropout", train_accuracy=[1.0], val_accuracy=[0.6]) == 0.5
    assert value("add-dropout", train_accuracy=[1.0], val_accuracy=[0.9]) == 0.25


def test_width_follows_the_fit():
    assert value("widen-model", {"model": {"hidden": [24]}}, train_accuracy=[0.3]) == [96]
    assert value("widen-model", {"model": {"hidden": [24]}}, train_accuracy=[0.8]) == [48]
    assert value("widen-model", {"model": {"hidden": [2, 48]}}, train_accuracy=[0.8]) == [32, 96]
    assert value("widen-model", {"model": {"kind": "cnn", "hidden": [2, 16]}}, train_accuracy=[0.8]) == [8, 32]


def test_parameters_are_brought_near_the_samples():
    wide = {"model": {"hidden": [64, 64]}}
    assert value("shrink-model", wide, facts={"samples": 400, "parameters": 6400}) == [16, 16]


def test_a_curve_that_hardly_slows_down_gets_the_most_epochs():
    assert value("train-longer", val_loss=straight(2.0, 1.0, 20)) == 120
    assert value("train-longer", val_loss=1 + np.exp(-np.arange(20.0))) == 45


def test_few_epochs_show_no_pace_and_become_four_times_as_many():
    assert value("train-longer", val_loss=[2.0, 1.2, 1.0, 0.95, 0.93]) == 120


def test_a_run_that_early_stopping_ended_is_given_patience_and_not_epochs():
    hasty = {"train": {"epochs": 30, "early_stopping": 1}}
    assert value("train-longer", hasty, val_loss=[2.0, 1.2, 1.0, 1.1]) == 4
    assert value("train-longer", hasty, val_loss=straight(2.0, 1.0, 30)) == 120


def test_a_penalty_follows_the_length_of_the_run():
    assert value("add-l2", {"optim": {"lr": 0.1}}, train_loss=straight(2.0, 1.0, 200)) == pytest.approx(0.005)


def test_heavy_momentum_is_lowered_before_the_rate():
    heavy = {"optim": {"name": "sgd", "lr": 0.05, "momentum": 0.99}}
    (edit,) = named("lower-learning-rate").edits(record(config=parse(heavy).tree(), train_loss=[1.0]), ANY)
    assert (edit.path, edit.value) == ("optim.momentum", 0.9)
    (edit,) = named("lower-learning-rate").edits(
        record(config=parse({"optim": {**heavy["optim"], "momentum": 0.95}}).tree(), train_loss=[1.0]), ANY
    )
    assert edit.path == "optim.lr"


def test_unsound_weights_of_a_shallow_network_become_pytorchs_own():
    assert value("reinitialize", {"model": {"init": "large", "hidden": [8, 8]}}) == "default"
    assert value("reinitialize", {"model": {"init": "large", "hidden": [8] * 6}}) == "kaiming"
    assert value("reinitialize", {"model": {"init": "default", "hidden": [8, 8], "activation": "tanh"}}) == "xavier"


def test_tiny_batches_become_the_usual_ones_where_steps_are_too_large():
    noisy = replace(ANY, rule="learning-rate-too-high")
    run = record(config=parse({"data": {"batch_size": 2}}).tree(), facts={"samples": 1000}, train_loss=[1.0])
    assert named("change-batch-size").edits(run, noisy)[0].value == 32


def test_dropout_goes_where_no_unit_is_to_spare():
    assert value("lower-regularization", {"model": {"dropout": 0.8, "hidden": [128, 128]}}) == 0.2
    assert value("lower-regularization", {"model": {"dropout": 0.8, "hidden": [128, 32]}}) == 0.0


def relu_edits(rule="vanishing-gradient", layers=None, **model):
    run = record(config=parse({"model": model}).tree(), train_loss=[1.0], layers=layers)
    return {edit.path: edit.value for edit in named("use-relu").edits(run, replace(ANY, rule=rule)) or ()}


def test_relu_draws_new_weights_for_deep_networks_alone():
    assert relu_edits(hidden=[8] * 6, activation="sigmoid") == {"model.activation": "relu", "model.init": "kaiming"}
    assert relu_edits(hidden=[8] * 4, activation="sigmoid") == {"model.activation": "relu"}
    assert relu_edits(hidden=[8] * 4, activation="sigmoid", init="tiny") == {"model.activation": "relu", "model.init": "default"}


def test_the_recorded_layers_tell_how_deep_a_module_of_ones_own_is():
    own = {"kind": "nets.py:mine"}
    assert relu_edits(layers=layered(("a", "b", "head"), grad_norm=np.ones(3)), **own) == {"model.activation": "relu"}
    assert "model.init" in relu_edits(layers=layered(tuple("abcdefg"), grad_norm=np.ones(7)), **own)
    assert "model.init" in relu_edits(**own)  # nothing tells


def test_relu_is_offered_against_underfitting_where_units_are_linear():
    assert relu_edits("underfitting", hidden=[8], activation="linear") == {"model.activation": "relu"}
    assert relu_edits("underfitting", hidden=[8], activation="tanh") == {}


@pytest.mark.parametrize(("ends_in", "output"), [("logits", None), (None, None), ("softmax", "logits")])
def test_only_an_activation_that_was_seen_in_a_module_of_ones_own_is_taken_off(ends_in, output):
    tree = {"model": {"kind": "net.py:build"}, "data": {"task": "classification"}, "train": {"loss": "mse"}}
    run = record(config=tree, facts={"class_shares": [0.5, 0.5], "module": {"output": ends_in}}, train_loss=[1.0])
    assert {edit.path: edit.value for edit in named("change-loss").propose(run, ANY).edits}.get("model.output") == output
    crossed = replace(run, config={**tree, "train": {"loss": "auto"}})
    assert (named("correct-output").propose(crossed, ANY) is not None) == (output is not None)


def test_a_module_that_froze_itself_and_does_not_learn_is_let_learn_first():
    facts = {"class_shares": [0.1] * 10, "parameters": 1000, "trainable_parameters": 200}
    config = {"model": {"kind": "net.py:build"}, "optim": {"name": "adam", "lr": 0.001}}
    flat = [2.3] * 20
    found = diagnose(record(config=config, facts=facts, train_loss=flat, train_accuracy=[0.1] * 20)).findings
    fixes = next(finding.fixes for finding in found if finding.rule == "not-learning")
    assert fixes[0].fix == "unfreeze-layers"
