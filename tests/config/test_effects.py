"""Keys in vain are noted, and can be removed."""

import pytest

from advisor.config import effectless, parse, without_effectless
from advisor.config.effects import REASONS
from advisor.config.names import paths


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"optim": {"momentum": 0.9}}, "optim.momentum"),
        ({"model": {"kind": "perceptron", "hidden": [8]}}, "model.hidden"),
        ({"model": {"kind": "perceptron", "dropout": 0.5}}, "model.dropout"),
        ({"model": {"kind": "n.py:f", "residual": True}}, "model.residual"),
        ({"model": {"kind": "n.py:f", "output": "softmax"}}, "model.output"),
        ({"data": {"samples": 10}}, "data.samples"),
        ({"data": {"noise": 0.3}}, "data.noise"),
        ({"data": {"target": "y"}}, "data.target"),
        ({"data": {"shuffle": False, "batch_size": "full"}}, "data.shuffle"),
        ({"data": {"task": "regression"}, "train": {"class_weights": "balanced"}}, "train.class_weights"),
        ({"data": {"task": "classification", "scale_target": "none"}}, "data.scale_target"),
    ],
)
def test_a_key_without_effect_is_a_note(tree, path):
    assert effectless(tree) == (path,)
    assert [note.partition(" ")[0] for note in parse(tree).notes] == [path]
    assert effectless(without_effectless(tree)) == ()


@pytest.mark.parametrize(
    "tree",
    [
        {"optim": {"name": "sgd", "momentum": 0.9}},
        {"optim": {"momentum": 0.0}},
        {"data": {"source": "moons", "samples": 10, "noise": 0.3}},
        {"data": {"source": "x.csv", "target": "y", "missing": "drop"}},
        {"model": {"kind": "n.py:f", "dropout": 0.5, "activation": "tanh"}},
        {"data": {"shuffle": False}},
    ],
)
def test_keys_with_an_effect_and_defaults_are_left_alone(tree):
    assert effectless(tree) == ()
    assert without_effectless(tree) == tree


def test_only_known_keys_can_be_in_vain():
    assert set(REASONS) <= set(paths())
