"""What steps that are too large leave behind."""

import numpy as np

from advisor.diagnose import diagnose
from advisor.rules.examples import falling, layered, record, straight
from advisor.signals.marks import dead_share


def test_layers_whose_units_are_never_zero_have_no_dead_share():
    assert dead_share(record(layers=layered(("hidden",), "Tanh", zero_share=[np.nan]))) == 0.0


def test_a_rate_that_is_too_high_is_told_of_tanh_layers_too():
    layers = layered(("hidden",), "Tanh", zero_share=[np.nan], saturated_share=[0.9])
    config = {"optim": {"name": "sgd", "lr": 8.0, "momentum": 0.0}}
    right, facts = falling(0.1, 0.4, 20), {"class_shares": [0.1] * 10}
    run = record(train_loss=falling(2.3, 2.1, 20), train_accuracy=right, config=config, layers=layers, facts=facts)
    assert "learning-rate-too-high" in {finding.rule for finding in diagnose(run).findings}


def test_a_run_that_was_thrown_off_has_no_rate_that_is_too_low():
    layers = layered(("first", "head"), update_ratio=np.full((20, 2), 1e-6))
    config = {"optim": {"name": "sgd", "lr": 8.0, "momentum": 0.0}}
    run = record(train_loss=straight(2.3, 9.2, 20), config=config, layers=layers)
    said = {finding.rule for finding in diagnose(run).findings}
    assert "learning-rate-too-high" in said
    assert not said & {"tiny-updates", "learning-rate-too-low"}


def test_what_is_on_its_way_explains_one_answer_for_all():
    shares = {"class_shares": [0.6, 0.4]}
    balanced, columns = np.full(40, 0.5), {"val_metric": "val_balanced_accuracy"}
    slow = straight(0.69, 0.64, 40)
    run = record(train_loss=slow, val_loss=slow, train_accuracy=np.full(40, 0.6), val_metric=balanced, facts=shares, columns=columns)
    collapse = next(finding for finding in diagnose(run).findings if finding.rule == "class-collapse")
    assert collapse.because == "slow-learning"


def test_one_answer_for_all_makes_no_validation_suspicious():
    columns, plain = {"val_metric": "val_balanced_accuracy"}, {"model": {"kind": "mlp", "dropout": 0.0, "norm": "none"}}
    known = {"class_shares": [0.6, 0.4], "validation_samples": 400}
    curves = {"train_accuracy": np.full(20, 0.6), "val_accuracy": np.full(20, 0.75), "val_metric": np.full(20, 0.5)}
    run = record(train_loss=falling(0.9, 0.68, 20), val_loss=falling(0.9, 0.66, 20), facts=known, config=plain, columns=columns, **curves)
    said = {finding.rule for finding in diagnose(run).findings}
    assert "class-collapse" in said
    assert "suspicious-validation" not in said
