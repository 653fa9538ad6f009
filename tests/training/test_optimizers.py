import copy
import math
import subprocess
import sys

import pytest
import torch
from torch import nn, optim

from advisor.config import parse
from advisor.training.optimizers import build_optimizer, clip_gradients

X = torch.randn(32, 6, generator=torch.Generator().manual_seed(0))


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))


def weights(model):
    return [model[0].weight, model[3].weight]


def others(model):
    return [model[0].bias, model[1].weight, model[1].bias, model[3].bias]


def trained(model, optimizer, steps=5, penalty=lambda model: 0.0):
    for _ in range(steps):
        optimizer.zero_grad()
        (model(X).square().mean() + penalty(model)).backward()
        optimizer.step()
    return list(model.parameters())


def ours(**keys):
    model = network()
    return trained(model, build_optimizer(parse({"optim": {"lr": 0.05, **keys}}), model))


def theirs(create, penalty=lambda model: 0.0):
    model = network()
    return trained(model, create(model), penalty=penalty)


def assert_same(first, second, **tolerance):
    for a, b in zip(first, second, strict=True):
        torch.testing.assert_close(a, b, **tolerance or {"rtol": 0, "atol": 0})


PLAIN = {
    "sgd": optim.SGD,
    "adam": optim.Adam,
    "adamw": lambda parameters, lr: optim.AdamW(parameters, lr=lr, weight_decay=0),
    "rmsprop": optim.RMSprop,
    "adagrad": optim.Adagrad,
}


@pytest.mark.parametrize("name", PLAIN)
def test_each_optimiser_is_that_of_pytorch(name):
    assert_same(ours(name=name), theirs(lambda model: PLAIN[name](model.parameters(), lr=0.05)))


@pytest.mark.parametrize("name", ["sgd", "rmsprop"])
def test_momentum_is_passed_on(name):
    plain = {"sgd": optim.SGD, "rmsprop": optim.RMSprop}[name]
    assert_same(ours(name=name, momentum=0.9), theirs(lambda model: plain(model.parameters(), lr=0.05, momentum=0.9)))


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_l2_is_pytorchs_weight_decay_on_weights_alone(name):
    plain = {"sgd": optim.SGD, "adam": optim.Adam, "adamw": optim.AdamW}[name]

    def create(model):
        return plain([{"params": weights(model), "weight_decay": 0.1}, {"params": others(model), "weight_decay": 0.0}], lr=0.05)

    assert_same(ours(name=name, l2=0.1), theirs(create))


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_l1_is_the_gradient_of_the_sum_of_absolute_weights(name):
    def penalty(model):
        return 0.01 * sum(weight.abs().sum() for weight in weights(model))

    expected = theirs(lambda model: PLAIN[name](model.parameters(), lr=0.05), penalty)
    assert_same(ours(name=name, l1=0.01), expected, rtol=1e-5, atol=1e-6)


def test_adamw_takes_l1_off_the_weights_directly():
    model = network()
    before = copy.deepcopy(model)
    optimizer = build_optimizer(parse({"optim": {"name": "adamw", "lr": 0.05, "l1": 0.2}}), model)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    for after, start in zip(weights(model), weights(before), strict=True):
        torch.testing.assert_close(after, start - 0.05 * 0.2 * start.sign())
    assert_same(others(model), others(before))


def test_penalties_are_not_seen_in_the_gradients():
    model = network()
    optimizer = build_optimizer(parse({"optim": {"l1": 1.0, "l2": 1.0}}), model)
    model(X).square().mean().backward()
    gradients = [parameter.grad.clone() for parameter in model.parameters()]
    optimizer.step()
    assert_same([parameter.grad for parameter in model.parameters()], gradients)


def test_frozen_parameters_are_left_out():
    model = network()
    model[0].weight.requires_grad_(False)
    optimizer = build_optimizer(parse({}), model)
    assert sum(len(group["params"]) for group in optimizer.param_groups) == 5


def test_a_model_without_any_weights_still_trains():
    norm = nn.BatchNorm1d(6)
    assert len(build_optimizer(parse({}), norm).param_groups) == 1


@pytest.mark.parametrize("largest", [0.0, 0.1, 100.0])
def test_gradients_are_shortened_as_pytorch_does(largest):
    first, second = network(), network()
    for model in (first, second):
        model(X).square().mean().backward()
    norm = clip_gradients(list(first.parameters()), largest)
    expected = nn.utils.clip_grad_norm_(second.parameters(), largest or math.inf)
    assert torch.equal(norm, expected)
    assert_same([parameter.grad for parameter in first.parameters()], [parameter.grad for parameter in second.parameters()])


def test_training_does_without_the_compiler_of_pytorch():
    code = (
        "import sys; from advisor.config import load; from advisor.training import train; from pathlib import Path; import tempfile\n"
        "with tempfile.TemporaryDirectory() as folder: train(load(None, ['train.epochs=1']), Path(folder) / 'run')\n"
        "print(*sorted({'torch._dynamo', 'torch._inductor', 'sklearn', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == ""
