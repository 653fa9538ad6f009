"""What holds for every fix, whoever wrote it."""

import numpy as np
import pytest

from advisor import catalogue, dotted
from advisor.config import parse
from advisor.config.effects import effectless
from advisor.edits import MEASURE_PATHS, Safety, apply, safety
from advisor.findings import Evidence, Finding, Severity
from advisor.fixes.base import named
from advisor.pages import page
from advisor.run import Layers, Run, Series

NAMES = catalogue.names("fixes")
SECTIONS = ["What it does", "When it helps", "What to watch afterwards", "References"]
ADVICE = {"get-more-data", "check-labels", "separate-logs", "hold-out-validation", "connect-layers", "clear-gradients", "use-pretrained"}
CATALOGUE = [
    "use-relu", "use-leaky-relu", "add-batch-norm", "add-layer-norm", "add-residual", "reinitialize", "clip-gradients",
    "lower-learning-rate", "raise-learning-rate", "find-learning-rate", "add-schedule", "add-warmup", "switch-optimizer",
    "change-batch-size", "add-dropout", "add-l2", "add-l1", "lower-regularization", "stop-early", "train-longer", "scale-inputs",
    "shuffle-data", "correct-output", "change-loss", "balance-classes", "widen-model", "deepen-model", "shrink-model",
    "unfreeze-layers", "add-noise", "use-pretrained", "default-recipe", "get-more-data", "check-labels", "hold-out-validation",
    "connect-layers", "clear-gradients", "separate-logs",
]  # fmt: skip

CONFIGS = {
    "defaults": {},
    "deep sigmoid": {"model": {"hidden": [32] * 10, "activation": "sigmoid"}, "optim": {"name": "sgd", "lr": 0.1, "momentum": 0.9}},
    "perceptron": {"model": {"kind": "perceptron"}},
    "no hidden layer": {"model": {"hidden": []}},
    "cnn": {"model": {"kind": "cnn", "activation": "tanh", "init": "large"}},
    "function": {"model": {"kind": "nets.py:make"}},
    "numbers": {"data": {"source": "diabetes", "task": "regression"}, "train": {"loss": "mse"}},
    "held down": {"model": {"dropout": 0.8}, "optim": {"name": "adamw", "l1": 0.1, "l2": 1.0, "clip_norm": 1.0}},
    "badly scaled": {"data": {"scale": "none", "multiply": 100.0, "batch_size": "full"}},
    "one by one": {"data": {"batch_size": 1, "shuffle": False}, "optim": {"schedule": "onecycle"}},
    "wrong loss": {"model": {"output": "softmax", "freeze": 1}, "train": {"loss": "mse", "early_stopping": 5}},
    "no validation": {"data": {"validation": 0.0, "limit": 20}, "train": {"class_weights": "balanced"}},
    "all normed": {"model": {"norm": "batch", "residual": True, "activation": "leaky_relu", "init": "kaiming"}},
}  # fmt: skip


def _series(role, values):
    count = np.arange(1, len(values) + 1)
    return Series(role, np.array(values), count, count * 10.0, count + 1)


def _run(tree, recorded=True):
    config = parse(tree)
    classes = config.data.task != "regression"
    values = {"train_loss": [2.0, 1.0, 0.5, 0.4, 0.3], "val_loss": [2.0, 1.2, 1.1, 1.3, 1.5], "grad_norm": [5.0, 2.0, 1.0, 3.0, np.inf]}
    scores = {"train_accuracy": [0.2, 0.5, 0.8, 0.9, 1.0], "val_accuracy": [0.2, 0.5, 0.6, 0.6, 0.6]}
    values |= scores if classes else {}
    held_out = config.data.validation != 0
    series = {role: _series(role, points) for role, points in values.items() if held_out or not role.startswith("val_")}
    ratios = np.full((2, 1), 0.05)
    layers = Layers(("0",), ("Linear",), np.array([1.0, 2.0]), np.array([1.0, 2.0]), {"update_ratio": ratios}, {"update_ratio": ratios > 0},
                    np.array([[2, 2], [3, 3]]))  # fmt: skip
    facts = {"samples": 100, "parameters": 5000, "task": "classification" if classes else "regression"}
    if not recorded:
        return Run("r", ".", "advisor", {}, config=config.tree())
    return Run("r", ".", "advisor", series, config=config.tree(), facts=facts, layers=layers)


def _finding(rule="plateau"):
    return Finding(rule, "X000", Severity.WARNING, 1.0, "", "", 1.0, 0.0, Evidence((), "epoch", 1, 1))


def _proposals(name):
    for tree in CONFIGS.values():
        for recorded in (True, False):
            for rule in ("plateau", "oscillating-loss"):
                run = _run(tree, recorded)
                proposal = named(name).propose(run, _finding(rule))
                if proposal is not None:
                    yield run, proposal


def test_the_catalogue_is_complete():
    assert sorted(CATALOGUE) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_its_page_is_complete(name):
    described = page(type(named(name)))
    assert described.summary.endswith(".")
    assert list(described.sections) == SECTIONS
    assert all(described.sections.values())


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_to_write_without_a_config(name):
    proposal = named(name).propose(Run("log", ".", "csv", {}), _finding())
    assert proposal.pytorch and proposal.keras
    assert proposal.safety is Safety.MANUAL


@pytest.mark.parametrize("name", NAMES)
def test_its_edits_make_another_valid_config_without_new_keys_in_vain(name):
    for run, proposal in _proposals(name):
        changed = apply(proposal.edits, run.config)
        after = parse(changed)
        assert after.tree() != parse(run.config).tree() or any(edit.measure for edit in proposal.edits) or name in ADVICE
        assert set(effectless(changed)) <= set(effectless(run.config))


@pytest.mark.parametrize("name", NAMES)
def test_it_changes_nothing_that_the_result_is_measured_on(name):
    assert not {edit.path for _, proposal in _proposals(name) for edit in proposal.edits} & MEASURE_PATHS


@pytest.mark.parametrize("name", NAMES)
def test_every_edit_changes_a_value_or_measures_one(name):
    for run, proposal in _proposals(name):
        assert all(edit.measure or dotted.get(run.config, edit.path) != edit.value for edit in proposal.edits)


@pytest.mark.parametrize("name", NAMES)
def test_its_safety_follows_from_the_paths_it_edits(name):
    safeties = {proposal.safety for _, proposal in _proposals(name)}
    assert all(proposal.safety is safety(proposal.edits) for _, proposal in _proposals(name))
    assert safeties == {Safety.MANUAL} if name in ADVICE else Safety.MANUAL not in safeties


@pytest.mark.parametrize("name", sorted(set(NAMES) - ADVICE - {"find-learning-rate", "lower-learning-rate", "raise-learning-rate"}))
def test_it_is_not_proposed_once_it_was_made(name):
    """Fixes that go on by factors come to an end; all others are made once."""
    for run, _ in _proposals(name):
        tree = run.config
        for _ in range(12):
            again = named(name).propose(_with(run, tree), _finding())
            if again is None:
                break
            tree = apply(again.edits, tree)
        endless = {"switch-optimizer", "widen-model", "deepen-model", "train-longer", "clip-gradients", "change-batch-size"}
        assert again is None or name in endless


def _with(run, tree):
    return Run(run.name, run.path, run.format, run.series, config=tree, facts=run.facts, layers=run.layers)
