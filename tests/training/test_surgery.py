"""Modules as users write them: MLP, VGG, ResNet, recurrent, transformer, U-Net."""

import copy

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from advisor.config import parse
from advisor.errors import AdvisorError
from advisor.own_code import refused
from advisor.readers import load as load_run
from advisor.training import train
from advisor.training.data import load_data
from advisor.training.models import build
from advisor.training.surgery import operate
from advisor.training.tracing import trace
from advisor.training.within import within

IMAGES = load_data(parse({"model": {"kind": "cnn"}}))

ZOO = '''
import warnings

import torch
from torch import nn
from torch.nn import functional as F

def mlp(outputs):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.Sigmoid(), nn.Linear(32, 16), nn.Sigmoid(), nn.Linear(16, outputs))

def vgg(outputs):
    first = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2))
    second = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(inplace=True))
    return nn.Sequential(first, second, nn.Flatten(), nn.Linear(256, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, outputs))

class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
    def forward(self, x):
        return self.relu(x + self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))

def resnet(outputs):
    stem = nn.Conv2d(1, 8, 3, padding=1)
    return nn.Sequential(stem, Residual(8), Residual(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, outputs))

class Rows(nn.Module):
    """Reads an image row by row."""
    def __init__(self, cell, outputs):
        super().__init__()
        self.embed, self.act, self.rnn, self.head = nn.Linear(8, 16), nn.Tanh(), cell(16, 16, batch_first=True), nn.Linear(16, outputs)
    def forward(self, x):
        return self.head(self.rnn(self.act(self.embed(x[:, 0])))[0][:, -1])

def gru(outputs):
    return Rows(nn.GRU, outputs)

def lstm(outputs):
    return Rows(nn.LSTM, outputs)

class Attentive(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.embed, self.head = nn.Linear(8, 16), nn.Linear(16, outputs)
        layer = nn.TransformerEncoderLayer(16, 4, 32, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    def forward(self, x):
        return self.head(self.encoder(self.embed(x[:, 0])).mean(1))

def transformer(outputs):
    return Attentive(outputs)

class UNet(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.down, self.middle = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        self.up, self.join = nn.ConvTranspose2d(16, 8, 2, stride=2), nn.Conv2d(16, 8, 3, padding=1)
        self.act, self.head = nn.ReLU(), nn.Conv2d(8, outputs, 1)
    def forward(self, x):
        down = self.act(self.down(x))
        up = self.up(self.act(self.middle(F.max_pool2d(down, 2))))
        return self.head(self.act(self.join(torch.cat([down, up], 1)))).mean((2, 3))

def unet(outputs):
    return UNet(outputs)

class Functional(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.first, self.head = nn.Linear(64, 16), nn.Linear(16, outputs)
    def forward(self, x):
        return self.head(F.relu(self.first(x.flatten(1))))

def functional(outputs):
    return Functional(outputs)

class RowAttention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
    def forward(self, x):
        weights = (self.query(x) @ self.key(x).transpose(1, 2) / x.shape[-1] ** 0.5).softmax(-1)
        return weights @ self.value(x)

class AttentionBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mix, self.up, self.act, self.down = RowAttention(width), nn.Linear(width, 32), nn.GELU(), nn.Linear(32, width)
    def forward(self, x):
        x = x + self.mix(x)
        return x + self.down(self.act(self.up(x)))

class AttentionNet(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.embed, self.block, self.head = nn.Linear(8, 16), AttentionBlock(16), nn.Linear(16, outputs)
    def forward(self, x):
        return self.head(self.block(self.block(self.embed(x[:, 0]))).mean(1))  # the same block twice

def half_frozen(outputs):
    first = nn.Linear(64, 16)
    first.requires_grad_(False)
    return nn.Sequential(nn.Flatten(), first, nn.ReLU(), nn.Linear(16, outputs))

def attention_net(outputs):
    return AttentionNet(outputs)

class Looped(nn.Module):
    """A function for each layer of a loop, a gate, and a softmax before a loss that applies its own."""
    def __init__(self, outputs):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(3)])
        self.mix, self.gate, self.head = nn.Linear(64, 64), nn.Linear(64, 64), nn.Linear(64, outputs)
    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = torch.sigmoid(layer(x))
        x = F.dropout(x, 0.9, training=self.training)
        return F.softmax(self.head(self.mix(x) * torch.sigmoid(self.gate(x))), dim=1)

def looped(outputs):
    return Looped(outputs)

def ended(outputs):
    hidden = [nn.Linear(64, 16), nn.ReLU(), nn.Dropout(0.8), nn.LayerNorm(16), nn.Dropout(0.7), nn.Linear(16, outputs)]
    return nn.Sequential(nn.Flatten(), *hidden, nn.Sigmoid())

class Affine(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.matrix, self.shift = nn.Parameter(torch.ones(inputs, outputs)), nn.Parameter(torch.zeros(outputs))
    def forward(self, x):
        return x @ self.matrix + self.shift

def affine(outputs):
    return nn.Sequential(nn.Flatten(), Affine(64, 16), nn.Tanh(), Affine(16, outputs))

def weight_normed(outputs):
    with warnings.catch_warnings(action="ignore"):
        older = nn.utils.weight_norm(nn.Linear(16, 16))
    first = nn.utils.parametrizations.weight_norm(nn.Linear(64, 16))
    return nn.Sequential(nn.Flatten(), first, nn.Tanh(), older, nn.Tanh(), nn.Linear(16, outputs))
'''
OWN = ["looped", "ended", "affine", "weight_normed"]
NAMES = ["mlp", "vgg", "resnet", "gru", "lstm", "transformer", "unet", "functional", "attention_net", *OWN]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zoo")
    (folder / "zoo.py").write_text(ZOO, encoding="utf-8")
    return folder


def made(zoo, name, **model):
    return build(parse({"model": {"kind": f"zoo.py:{name}", **model}}, zoo), IMAGES)


def kinds(module):
    return [type(child).__name__ for child in module.modules()]


@pytest.mark.parametrize("name", NAMES)
def test_without_named_keys_a_module_stays_as_it_was(zoo, name):
    first, second = made(zoo, name), made(zoo, name)
    assert first.notes == ()
    assert "Followed" not in kinds(first.module)
    for one, other in zip(first.module.parameters(), second.module.parameters(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("norm", ["batch", "layer"])
@pytest.mark.parametrize("name", NAMES)
def test_every_module_trains_with_everything_named(zoo, name, norm):
    model = made(zoo, name, activation="gelu", norm=norm, dropout=0.2, init="kaiming", freeze=1).module
    loss = model(IMAGES.x_train[:16]).logsumexp(1).sum()
    loss.backward()
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    assert trainable
    assert all(parameter.grad is not None for parameter in trainable)


def test_a_named_zero_lets_learn_what_a_module_froze_itself(zoo):
    plain, unfrozen = (made(zoo, "half_frozen", **named).module for named in ({}, {"freeze": 0}))
    assert [parameter.requires_grad for parameter in plain.parameters()] == [False, False, True, True]
    assert all(parameter.requires_grad for parameter in unfrozen.parameters())


def test_hidden_activations_are_replaced(zoo):
    assert kinds(made(zoo, "mlp", activation="relu").module).count("ReLU") == 2
    assert "Sigmoid" not in kinds(made(zoo, "mlp", activation="relu").module)


def test_norms_stand_behind_each_layer_but_the_last_and_behind_none_that_has_one(zoo):
    assert kinds(made(zoo, "vgg", norm="batch").module).count("BatchNorm2d") == 2
    assert kinds(made(zoo, "vgg", norm="batch").module).count("BatchNorm1d") == 1
    resnet = made(zoo, "resnet", norm="batch").module
    assert kinds(resnet).count("BatchNorm2d") == 5
    assert isinstance(resnet[-1], nn.Linear)
    assert kinds(made(zoo, "unet", norm="layer").module).count("GroupNorm") == 4


def test_dropout_stands_behind_activations_and_takes_over_what_is_there(zoo):
    model = made(zoo, "vgg", dropout=0.2).module
    assert kinds(model).count("Dropout2d") == 2
    assert [child.p for child in model.modules() if isinstance(child, nn.Dropout)] == [0.2]
    assert "Dropout2d" not in kinds(made(zoo, "vgg", dropout=0.0).module)


def test_sequences_are_normalised_row_by_row(zoo):
    model = made(zoo, "gru", norm="batch").module
    rows = model.embed(IMAGES.x_train[:64, 0]).reshape(-1, 16)
    torch.testing.assert_close(rows.mean(0), torch.zeros(16), atol=1e-5, rtol=0)


def test_nothing_is_put_into_recurrent_and_attention_layers_and_that_is_said(zoo):
    for name, inner, kind in (("lstm", "rnn", "LSTM"), ("transformer", "encoder.layers.0", "TransformerEncoderLayer")):
        plain, changed = made(zoo, name), made(zoo, name, dropout=0.3, init="zeros")
        assert str(plain.module.get_submodule(inner)) == str(changed.module.get_submodule(inner))
        assert all(parameter.any() for key, parameter in changed.module.get_submodule(inner).named_parameters() if "weight" in key)
        assert any(f"model.dropout was not applied inside {inner} ({kind})" in note and "dropout=0.3" in note for note in changed.notes)


def test_what_is_only_named_after_the_attention_that_it_holds_is_changed(zoo):
    plain, changed = made(zoo, "attention_net").module, made(zoo, "attention_net", activation="relu", norm="layer", init="kaiming")
    assert kinds(changed.module.block.mix) == kinds(plain.block.mix)
    assert torch.equal(changed.module.block.mix.query.weight, plain.block.mix.query.weight)
    assert kinds(changed.module).count("ReLU") == 1
    assert kinds(changed.module).count("LayerNorm") == 3  # behind embed, up and down
    assert not torch.equal(changed.module.head.weight, plain.head.weight)
    assert any("inside block.mix (RowAttention): write self." in note for note in changed.notes)
    assert not any("nn.RowAttention" in note for note in made(zoo, "attention_net", dropout=0.2).notes)


def called(module):
    """The functions that a module calls, and the activation that gives its outputs."""
    traced = trace(module, IMAGES.x_train[:2])
    return [each.name for each in traced.functions], traced.ending and traced.ending.name


def test_activations_called_as_functions_are_answered_by_the_named_one(zoo):
    assert called(made(zoo, "functional").module) == (["relu"], None)
    assert called(made(zoo, "functional", activation="tanh").module) == (["tanh"], None)
    plain, changed = (made(zoo, "functional", **named).module for named in ({}, {"activation": "tanh"}))
    x = IMAGES.x_train[:4]
    torch.testing.assert_close(changed(x), plain.head(plain.first(x.flatten(1)).tanh()))


def test_gates_stay_what_they_are_and_that_is_said(zoo):
    changed = made(zoo, "looped", activation="gelu")
    assert called(changed.module)[0] == ["gelu", "dropout", "sigmoid", "softmax"]
    assert any("not applied to F.sigmoid, which may be gates" in note for note in changed.notes)


def test_what_a_function_does_in_place_its_stand_in_does_in_place(zoo):
    model = InPlace()
    x = torch.randn(4, 3)
    operate(model, parse({"model": {"activation": "gelu"}}), trace(model, x))
    torch.testing.assert_close(model(x), model.head(nn.functional.gelu(model.first(x))))
    model(x).sum().backward()
    assert model.first.weight.grad.any()


class InPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.head = nn.Linear(3, 8), nn.Linear(8, 2)

    def forward(self, x):
        y = self.first(x)
        torch.relu_(y)
        return self.head(y)


def test_dropout_called_as_a_function_has_the_named_share(zoo):
    shares = [trace(made(zoo, "looped", **named).module, IMAGES.x_train[:2]).functions[1].share for named in ({}, {"dropout": 0.0})]
    assert shares == [0.9, 0.0]


def test_dropout_has_the_named_share_whatever_it_stands_behind(zoo):
    assert [each.p for each in made(zoo, "ended", dropout=0.2).module.modules() if isinstance(each, nn.Dropout)] == [0.2, 0.2]


def test_a_copy_of_a_changed_module_is_changed_too(zoo):
    model = made(zoo, "functional", activation="tanh").module
    assert called(copy.deepcopy(model)) == called(model)


def test_a_changed_module_that_raises_leaves_functions_as_they_are(zoo):
    model = made(zoo, "functional", activation="tanh").module
    with pytest.raises(RuntimeError):
        model(torch.zeros(2, 3))
    assert called(made(zoo, "functional").module) == (["relu"], None)


def test_named_logits_leave_out_what_gives_the_outputs(zoo):
    assert called(made(zoo, "looped").module)[1] == "softmax"
    assert called(made(zoo, "looped", output="logits").module)[1] is None
    assert called(made(zoo, "ended").module)[1] == "sigmoid"
    assert called(made(zoo, "ended", output="logits").module)[1] is None


def test_what_a_module_does_by_itself_is_seen(zoo):
    assert within(made(zoo, "looped").module, IMAGES.x_train[:2]) == {"output": "softmax", "dropout": 0.9}
    assert within(made(zoo, "ended").module, IMAGES.x_train[:2]) == {"output": "sigmoid", "dropout": 0.8}
    assert within(made(zoo, "mlp").module, IMAGES.x_train[:2]) == {"output": "logits", "dropout": 0.0}
    assert within(OnlyMeasured(), torch.zeros(4, 2)) == {"output": None, "dropout": 0.0}


class OnlyMeasured(nn.Module):
    """Applies softmax in evaluation alone, as many do."""

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(2, 2)

    def forward(self, x):
        y = self.head(x)
        return y if self.training else y.softmax(1)


def test_matrices_of_ones_own_layers_are_drawn(zoo):
    model = made(zoo, "affine", init="kaiming").module
    assert 0.8 < float(model[1].matrix.detach().std()) / (2 / 64) ** 0.5 < 1.2
    assert 0.8 < float(model[3].matrix.detach().std()) / (2 / 16) ** 0.5 < 1.2
    assert not model[1].shift.any()


def test_weights_that_are_computed_are_drawn_by_what_they_are_computed_from(zoo):
    model = made(zoo, "weight_normed", init="large").module
    model(IMAGES.x_train[:2])
    assert float(model[1].weight.detach().std()) > 0.8
    assert float(model[3].weight.detach().std()) > 0.8
    assert kinds(made(zoo, "weight_normed", activation="relu").module).count("ReLU") == 2


def test_a_layer_with_something_behind_it_still_answers_for_itself(zoo):
    model = made(zoo, "mlp", norm="layer").module
    assert model[1].in_features == 64
    assert model[1].weight.shape == (32, 64)


def test_weights_fit_whether_or_not_something_was_put_behind(zoo):
    donor = made(zoo, "mlp", init="kaiming").module
    save_file(donor.state_dict(), zoo / "plain.safetensors")
    model = made(zoo, "mlp", norm="layer", pretrained="plain.safetensors").module
    assert torch.equal(model[1].weight, donor[1].weight)
    assert torch.equal(model[5].weight, donor[5].weight)


def test_the_named_initialisation_draws_all_open_layers(zoo):
    model = made(zoo, "resnet", init="zeros").module
    assert not any(child.weight.any() for child in model.modules() if isinstance(child, nn.Linear | nn.Conv2d))
    assert all(child.weight.all() for child in model.modules() if isinstance(child, nn.BatchNorm2d))


def test_what_a_module_changes_in_place_of_what_its_gradient_needs_is_told_as_the_modules():
    x = nn.Linear(3, 3)(torch.ones(1, 3)).sigmoid()
    loss = x.square().sum()
    x.mul_(2)
    with pytest.raises(AdvisorError, match="the module changes in place what its gradient still needs; expected inplace=False"), refused():
        loss.backward()


def test_a_run_of_a_module_of_ones_own_says_what_it_does_by_itself(zoo, tmp_path):
    config = parse({"model": {"kind": "zoo.py:ended"}, "data": {"limit": 64}, "train": {"epochs": 1}}, zoo)
    folder = train(config, tmp_path / "run").folder
    assert load_run(folder).facts["module"] == {"output": "sigmoid", "dropout": 0.8}
