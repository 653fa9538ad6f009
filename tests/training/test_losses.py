from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional

from advisor.config import parse
from advisor.errors import ConfigError
from advisor.training.data import load_data
from advisor.training.losses import build_loss

IRIS = load_data(parse({"data": {"source": "iris"}}))
MOONS = load_data(parse({"data": {"source": "moons"}, "train": {"loss": "bce"}}))
DIABETES = load_data(parse({"data": {"source": "diabetes"}}))


def loss_of(data, **train):
    return build_loss(parse({"train": train}), data)


def test_auto_follows_the_task():
    assert loss_of(IRIS).name == "cross_entropy"
    assert loss_of(DIABETES).name == "mse"
    output = parse({"model": {"output": "softmax"}})
    assert build_loss(output, IRIS).name == "cross_entropy"


def test_losses_are_those_of_pytorch():
    torch.manual_seed(0)
    outputs, labels = torch.randn(len(IRIS.y_train), 3), IRIS.y_train
    numbers, targets = torch.randn(len(DIABETES.y_train), 1), DIABETES.y_train
    logits = torch.randn(len(MOONS.y_train), 1)
    assert torch.equal(loss_of(IRIS)(outputs, labels), nn.CrossEntropyLoss()(outputs, labels))
    for name, module in {"mse": nn.MSELoss(), "mae": nn.L1Loss(), "huber": nn.HuberLoss()}.items():
        assert torch.equal(loss_of(DIABETES, loss=name)(numbers, targets), module(numbers, targets))
        one_hot = functional.one_hot(labels, 3).float()
        assert torch.equal(loss_of(IRIS, loss=name)(outputs, labels), module(outputs, one_hot))
    assert torch.equal(loss_of(MOONS, loss="bce")(logits, MOONS.y_train), nn.BCEWithLogitsLoss()(logits[:, 0], MOONS.y_train.float()))


def test_balanced_weights_are_pytorchs_and_only_in_the_training_loss():
    labels = torch.tensor([0] * 60 + [1] * 30 + [2] * 10)
    data = replace(IRIS, y_train=labels)
    loss, plain = loss_of(data, class_weights="balanced"), loss_of(data)
    outputs = torch.randn(100, 3, generator=torch.Generator().manual_seed(0))
    weights = torch.tensor([100 / 180, 100 / 90, 100 / 30])
    torch.testing.assert_close(loss(outputs, labels), nn.CrossEntropyLoss(weight=weights)(outputs, labels))
    assert torch.equal(loss.unweighted(outputs, labels), plain(outputs, labels))


def test_balanced_weights_count_each_class_the_same_under_any_loss():
    data = replace(MOONS, y_train=torch.tensor([0] * 90 + [1] * 10))
    loss = loss_of(data, loss="bce", class_weights="balanced")
    logits = torch.randn(100, 1, generator=torch.Generator().manual_seed(0))
    by_class = [functional.softplus(logits[:90, 0]).mean(), functional.softplus(-logits[90:, 0]).mean()]
    torch.testing.assert_close(loss(logits, data.y_train), sum(by_class) / 2)


def test_classes_are_read_as_the_loss_reads_them():
    assert loss_of(IRIS).predict(torch.tensor([[0.1, 2.0, 1.0], [3.0, 2.0, 1.0]])).tolist() == [1, 0]
    assert loss_of(MOONS, loss="bce").predict(torch.tensor([[0.2], [-0.2]])).tolist() == [1, 0]
    assert loss_of(DIABETES).predict(torch.tensor([[0.5], [2.0]])).tolist() == [[0.5], [2.0]]


def test_each_place_of_an_image_may_have_a_class_of_its_own():
    outputs, labels = torch.randn(2, 3, 4, 4), torch.randint(0, 3, (2, 4, 4))
    assert torch.equal(loss_of(IRIS)(outputs, labels), nn.CrossEntropyLoss()(outputs, labels))
    assert loss_of(IRIS).predict(outputs).shape == (2, 4, 4)


@pytest.mark.parametrize(("data", "loss"), [(IRIS, "bce"), (DIABETES, "bce"), (DIABETES, "cross_entropy")])
def test_a_loss_that_does_not_suit_the_data_is_refused(data, loss):
    with pytest.raises(ConfigError, match=r"train\.loss: found"):
        loss_of(data, loss=loss)
