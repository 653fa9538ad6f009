import math

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from advisor.config import parse
from advisor.errors import AdvisorError, ConfigError, DataError
from advisor.training.data import load_data
from advisor.training.models import build, build_model

DATA = {kind: load_data(parse({"model": {"kind": kind}})) for kind in ("mlp", "cnn")}


def built(seed=0, base=None, **model):
    config = parse({"model": model, "train": {"seed": seed}}, base)
    return build_model(config, DATA["cnn" if model.get("kind") == "cnn" else "mlp"])


def names(module):
    return [name for name, child in module.named_modules() if not any(child.children())]


def test_layers_have_names_that_read_well():
    assert names(built(norm="batch", dropout=0.1, hidden=[8])) == [
        "hidden1.linear",
        "hidden1.norm",
        "hidden1.activation",
        "hidden1.dropout",
        "head",
    ]
    assert names(built(kind="cnn", hidden=[4])) == ["conv1.conv", "conv1.activation", "conv1.pool", "average", "head"]
    assert names(built(kind="perceptron", output="softmax")) == ["head", "output"]


def test_an_mlp_computes_what_the_same_layers_of_pytorch_do():
    ours = built(hidden=[16, 8], activation="tanh")
    torch.manual_seed(0)
    theirs = nn.Sequential(nn.Linear(64, 16), nn.Tanh(), nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 10))
    x = DATA["mlp"].x_val
    assert torch.equal(ours(x), theirs(x))


def test_a_cnn_pools_while_the_image_allows_it():
    model = built(kind="cnn", hidden=[4, 4, 4, 4, 4])
    assert sum(isinstance(module, nn.MaxPool2d) for module in model.modules()) == 3  # 8 → 4 → 2 → 1
    assert model(DATA["cnn"].x_val).shape == (len(DATA["cnn"].x_val), 10)
    assert [layer.conv.out_channels for layer in built(kind="cnn")[:2]] == [16, 32]


def test_images_are_flattened_for_an_mlp():
    model = build_model(parse({}), DATA["cnn"])
    assert model(DATA["cnn"].x_val).shape == (len(DATA["cnn"].x_val), 10)


def test_a_cnn_on_columns_is_refused():
    with pytest.raises(DataError, match="needs images"):
        build_model(parse({"model": {"kind": "cnn"}}), DATA["mlp"])


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_a_skip_adds_the_input_or_its_projection(kind):
    model = built(kind=kind, hidden=[16, 16], residual=True)
    first, second = model[0], model[1]
    assert not isinstance(first.skip, nn.Identity)
    assert isinstance(second.skip, nn.Identity)
    y = first(DATA[kind].x_val)
    second.pool = None
    body = second.activation(next(second.children())(y))
    assert torch.equal(second(y), body + y)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "linear"])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_every_activation_and_norm_trains_in_mlp_and_cnn(activation, norm):
    for kind in ("mlp", "cnn"):
        model = built(kind=kind, activation=activation, norm=norm, dropout=0.5, residual=True, hidden=[4, 6])
        model(DATA[kind].x_train[:8]).sum().backward()
        assert all(parameter.grad is not None for parameter in model.parameters())


SPREADS = {
    "kaiming": lambda inputs, outputs: math.sqrt(2 / inputs),
    "xavier": lambda inputs, outputs: math.sqrt(2 / (inputs + outputs)),
    "large": lambda inputs, outputs: 1.0,
    "tiny": lambda inputs, outputs: 0.001,
    "zeros": lambda inputs, outputs: 0.0,
}


@pytest.mark.parametrize("init", SPREADS)
def test_weights_have_the_spread_that_the_initialisation_names(init):
    model = built(init=init, hidden=[256, 300])
    for layer in (model.hidden1.linear, model.hidden2.linear, model.head):
        outputs, inputs = layer.weight.shape
        assert float(layer.weight.detach().std()) == pytest.approx(SPREADS[init](inputs, outputs), rel=0.1)
        assert not layer.bias.any()


def test_orthogonal_weights_keep_lengths():
    weight = built(init="orthogonal", hidden=[64]).hidden1.linear.weight
    torch.testing.assert_close(weight @ weight.T, torch.eye(64), atol=1e-5, rtol=0)


def test_the_training_seed_decides_the_weights():
    assert torch.equal(built(seed=1).head.weight, built(seed=1).head.weight)
    assert not torch.equal(built(seed=1).head.weight, built(seed=2).head.weight)


def test_leading_layers_are_frozen_with_their_norms_and_skips():
    model = built(freeze=1, norm="batch", residual=True, hidden=[8, 8])
    frozen = {name for name, parameter in model.named_parameters() if not parameter.requires_grad}
    assert frozen == {name for name, _ in model.named_parameters() if name.startswith("hidden1.")}


def test_freezing_everything_is_refused():
    with pytest.raises(ConfigError, match=r"model\.freeze"):
        built(freeze=3)


def test_layers_that_fit_are_taken_from_another_run(tmp_path):
    donor = built(seed=5, hidden=[32, 16])
    save_file(donor.state_dict(), tmp_path / "model.safetensors")
    config = parse({"model": {"hidden": [32, 8], "pretrained": "model.safetensors"}}, tmp_path)
    taken = build(config, DATA["mlp"])
    assert torch.equal(taken.module.hidden1.linear.weight, donor.hidden1.linear.weight)
    assert torch.equal(taken.module.head.bias, donor.head.bias)
    assert "3 of 6 tensors" in taken.notes[0]
    assert "hidden2.linear.weight (16, 32) there, (8, 32) here" in taken.notes[0]
    folder = parse({"model": {"hidden": [32, 16], "pretrained": str(tmp_path)}})
    assert torch.equal(build_model(folder, DATA["mlp"]).head.weight, donor.head.weight)


def test_weights_that_cannot_be_taken_are_refused(tmp_path):
    (tmp_path / "broken.safetensors").write_bytes(b"not weights")
    save_file({"other": torch.zeros(2)}, tmp_path / "other.safetensors")
    for name, message in {"broken": "is no .safetensors file", "other": "no tensor fits", "absent": "no such file"}.items():
        with pytest.raises(AdvisorError, match=message):
            built(base=tmp_path, pretrained=f"{name}.safetensors")


MINE = """
from torch import nn
def net(input_shape, outputs):
    return nn.Linear(input_shape[0], outputs)
def plain():
    return nn.Sequential(nn.Linear(64, 10))
def anything(**sizes):
    return nn.Linear(*sizes["input_shape"], sizes["outputs"])
def narrow():
    return nn.Linear(64, 3)
def misfit():
    return nn.Linear(5, 10)
def number():
    return 7
"""


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["net", "plain", "anything"])
def test_a_function_gets_the_sizes_that_it_takes(mine, name):
    assert built(base=mine, kind=f"mine.py:{name}")(DATA["mlp"].x_val).shape[1] == 10


def test_trying_a_module_changes_neither_its_mode_nor_the_random_numbers(mine):
    model = built(base=mine, kind="mine.py:net")
    after = torch.rand(1)
    assert model.training
    torch.manual_seed(0)
    nn.Linear(64, 10)
    assert torch.equal(after, torch.rand(1))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("narrow", r"found outputs of shape \(2, 3\) for 2 samples, expected \(2, 10\)"),
        ("misfit", "raised RuntimeError"),
        ("number", r"returned int, expected a torch\.nn\.Module"),
    ],
)
def test_a_module_that_does_not_fit_the_data_is_refused_in_one_line(mine, name, message):
    with pytest.raises(AdvisorError, match=message) as refusal:
        built(base=mine, kind=f"mine.py:{name}")
    assert "\n" not in str(refusal.value)
