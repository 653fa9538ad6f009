"""The recorder against plain autograd."""

import copy
import math

import pytest
import torch
from torch import nn

from advisor.training.recorder import Recorder, is_due

CLOSE = pytest.approx


def _network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))


def _batch():
    generator = torch.Generator().manual_seed(1)
    return torch.randn(8, 4, generator=generator) * 3, torch.randint(0, 3, (8,), generator=generator)


def _step(model, recorder=None, lr=0.1):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    x, y = _batch()
    if recorder:
        recorder.begin()
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    if recorder:
        recorder.after_backward()
    optimizer.step()
    return recorder.end() if recorder else []


def _rows(model, **options):
    return {row["layer"]: row for row in _step(model, Recorder(model), **options)}


def test_norms_and_updates_are_what_plain_autograd_gives():
    model = _network()
    before = copy.deepcopy(model)
    rows = _rows(model)
    for name in ("0", "2", "4"):
        old, new = before.get_submodule(name), model.get_submodule(name)
        grad = math.sqrt(sum(float((p.grad**2).sum()) for p in new.parameters()))
        weight = math.sqrt(sum(float((p.detach() ** 2).sum()) for p in old.parameters()))
        change = math.sqrt(sum(float(((p - q).detach() ** 2).sum()) for p, q in zip(new.parameters(), old.parameters(), strict=True)))
        assert rows[name]["grad_norm"] == CLOSE(grad, rel=1e-5)
        assert rows[name]["weight_norm"] == CLOSE(weight, rel=1e-5)
        assert rows[name]["update_ratio"] == CLOSE(change / weight, rel=1e-3)


def test_activation_figures_are_those_of_the_outputs():
    model = _network()
    x, _ = _batch()
    tanh = model[:2](x).detach()
    relu = model[:4](x).detach()
    rows = _rows(model)
    assert rows["1"]["saturated_share"] == CLOSE(float((tanh.abs() > 0.99).float().mean()))
    assert 0 < rows["1"]["saturated_share"] < 1
    assert rows["3"]["zero_share"] == CLOSE(float((relu == 0).all(dim=0).float().mean()))
    assert rows["3"]["activation_std"] == CLOSE(float(relu.std(correction=0)), rel=1e-5)
    assert "saturated_share" not in rows["3"] or rows["3"]["saturated_share"] is None
    assert "grad_norm" not in rows["3"]


def test_a_unit_counts_as_zero_only_if_it_is_so_for_every_sample():
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 3))
    with torch.no_grad():
        model[0].bias[:3] = -1e6
    assert _rows(model)["1"]["zero_share"] == 0.75


def test_sigmoid_outputs_beyond_the_limits_are_saturated():
    model = nn.Sequential(nn.Linear(4, 4), nn.Sigmoid(), nn.Linear(4, 3))
    with torch.no_grad():
        model[0].weight.zero_()
        model[0].bias.copy_(torch.tensor([-10.0, 10.0, 0.0, 1.0]))
    assert _rows(model)["1"]["saturated_share"] == 0.5


def test_the_units_of_an_image_network_are_its_channels():
    model = nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 4, 1), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3))
    with torch.no_grad():
        model[1].bias[0] = -1e6
    assert _rows(model)["2"]["zero_share"] == 0.25


def test_the_units_of_a_sequence_network_are_its_features():
    model = nn.Sequential(nn.Unflatten(1, (2, 2)), nn.Linear(2, 4), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    with torch.no_grad():
        model[1].bias[:2] = -1e6
    assert _rows(model)["2"]["zero_share"] == 0.5


class _Backwards(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.body, self.spare = nn.Linear(5, 3), nn.Linear(4, 5), nn.Linear(4, 4)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.head(self.act(self.act(self.body(x)) - 0.5))


def test_rows_come_in_the_order_of_the_forward_pass_and_unreached_layers_last():
    rows = _step(model := _Backwards(), Recorder(model))
    assert [row["layer"] for row in rows] == ["body", "act", "head", "spare"]


def test_a_layer_that_no_gradient_reaches_has_a_gradient_of_zero():
    assert _rows(_Backwards())["spare"]["grad_norm"] == 0.0


def test_a_module_called_twice_is_one_layer_over_both_calls():
    model = _Backwards()
    x, _ = _batch()
    first = model.act(model.body(x)).detach()
    second = model.act(first - 0.5)
    both = torch.cat([first.flatten(), second.flatten()])
    zero = torch.cat([(first == 0).all(dim=0), (second == 0).all(dim=0)])
    row = _rows(model)["act"]
    assert row["activation_std"] == CLOSE(float(both.std(correction=0)), rel=1e-5)
    assert row["zero_share"] == CLOSE(float(zero.float().mean()))


def test_frozen_layers_are_not_recorded():
    model = _network()
    model[0].requires_grad_(False)
    assert "0" not in _rows(model)


def test_values_that_are_not_finite_are_recorded_as_they_are():
    model = _network()
    with torch.no_grad():
        model[0].weight[0, 0] = math.nan
    row = _rows(model)["0"]
    assert math.isnan(row["grad_norm"]) and math.isnan(row["activation_std"]) and math.isnan(row["weight_norm"])


def test_a_step_from_nothing_is_infinite_and_no_step_from_nothing_is_absent():
    model = _network()
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    rows = _rows(model)
    assert rows["4"]["update_ratio"] == math.inf
    assert rows["0"]["update_ratio"] is None


def test_recurrent_and_attention_layers_are_recorded():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn, self.attention, self.head = (
                nn.LSTM(2, 4, batch_first=True),
                nn.MultiheadAttention(4, 2, batch_first=True),
                nn.Linear(4, 3),
            )

        def forward(self, x):
            states, _ = self.rnn(x.reshape(-1, 2, 2))
            return self.head(self.attention(states, states, states)[0][:, -1])

    rows = _rows(Net())
    assert rows["rnn"]["grad_norm"] > 0 and rows["rnn"]["activation_std"] > 0
    assert rows["attention"]["kind"] == "MultiheadAttention" and rows["attention"]["zero_share"] is None


def test_weights_and_random_numbers_are_the_same_with_and_without_recording():
    models, states = [], []
    for recorded in (False, True):
        model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(6, 3))
        model.load_state_dict(models[0][0] if models else model.state_dict())
        start = copy.deepcopy(model.state_dict())
        recorder = Recorder(model) if recorded else None
        torch.manual_seed(3)
        for _ in range(5):
            _step(model, recorder)
        models.append((start, copy.deepcopy(model.state_dict())))
        states.append(torch.get_rng_state())
    assert all(torch.equal(models[0][1][name], models[1][1][name]) for name in models[0][1])
    assert torch.equal(*states)


def test_between_recordings_the_module_carries_no_hooks():
    model = _network()
    recorder = Recorder(model)
    _step(model, recorder)
    assert not any(module._forward_hooks for module in model.modules())


def test_every_n_records_each_nth_step_and_the_first():
    assert [step for step in range(1, 12) if is_due(step, 100, 5)] == [1, 5, 10]


@pytest.mark.parametrize("steps_per_epoch", [10, 11, 45, 1000, 12345])
def test_auto_records_ten_steps_an_epoch(steps_per_epoch):
    later = range(5 * steps_per_epoch + 1, 6 * steps_per_epoch + 1)
    assert sum(is_due(step, steps_per_epoch, "auto") for step in later) == 10


def test_auto_records_every_step_of_shorter_epochs():
    assert all(is_due(step, 3, "auto") for step in range(1, 100))
