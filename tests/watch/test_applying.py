"""Fixes on what is being trained: values come from the run, what cannot be done is said with the line to write."""

import math

import pytest
import torch
from torch import nn

import advisor


@pytest.fixture
def live():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Sigmoid(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 2))
    return model, torch.optim.SGD(model.parameters(), lr=0.1)


def largest_step(model, optimizer, scale=1.0):
    before = [parameter.detach().clone() for parameter in model.parameters()]
    optimizer.zero_grad()
    (scale * model(torch.ones(3, 4)).square().sum()).backward()
    optimizer.step()
    return math.sqrt(sum(float((p.detach() - b).square().sum()) for p, b in zip(model.parameters(), before, strict=True)))


def test_clipping_bounds_every_step_until_it_is_undone(live):
    applied = advisor.apply("clip-gradients", *live)
    assert applied.what == ("gradients are clipped to a norm of 1 before each step",)
    assert largest_step(*live, scale=1000) <= 0.1 + 1e-5
    applied.undo()
    assert largest_step(*live, scale=1000) > 1


def test_the_clip_norm_comes_from_the_run(live, loop, tmp_path):
    loop(tmp_path / "mine")
    (said,) = advisor.apply("clip-gradients", *live, run=tmp_path / "mine").what
    assert "norm of 1 " not in said


@pytest.mark.parametrize(("fix", "rate"), [("lower-learning-rate", 0.01), ("raise-learning-rate", 1.0)])
def test_the_learning_rate_changes_and_can_be_put_back(fix, rate, live):
    applied = advisor.apply(fix, *live)
    assert live[1].param_groups[0]["lr"] == pytest.approx(rate)
    applied.undo()
    assert live[1].param_groups[0]["lr"] == pytest.approx(0.1)


def test_a_schedule_ends_at_zero(live):
    advisor.apply("add-schedule", *live, steps=4)
    for _ in range(6):
        largest_step(*live)
    assert live[1].param_groups[0]["lr"] == pytest.approx(0)


def test_early_stopping_puts_the_best_weights_back(live):
    stopping = advisor.apply("stop-early", *live).early_stopping
    assert not stopping.is_over(1.0)
    best = live[0][0].weight.detach().clone()
    largest_step(*live)
    ends = [stopping.is_over(2.0) for _ in range(stopping.patience)]
    assert ends == [False] * (stopping.patience - 1) + [True]
    assert torch.equal(live[0][0].weight, best)


def test_activations_norms_and_weights_change_and_the_optimizer_learns_of_it(live):
    model, optimizer = live
    advisor.apply("use-relu", model, optimizer, inputs=torch.ones(2, 4))
    assert [type(module) for module in model if not isinstance(module, nn.Linear)] == [nn.ReLU, nn.ReLU]
    advisor.apply("add-batch-norm", model, optimizer, inputs=torch.ones(2, 4))
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    assert held == {id(parameter) for parameter in model.parameters()}
    assert any(isinstance(module, nn.BatchNorm1d) for module in model.modules())
    largest_step(model, optimizer)


LAYERS = {
    "use-leaky-relu": lambda model: sum(isinstance(module, nn.LeakyReLU) for module in model) == 2,
    "add-layer-norm": lambda model: any(isinstance(module, nn.LayerNorm) for module in model.modules()),
    "add-dropout": lambda model: any(isinstance(module, nn.Dropout) and module.p > 0 for module in model.modules()),
    "reinitialize": lambda model: not torch.equal(model[0].weight, torch.zeros_like(model[0].weight)),
}


@pytest.mark.parametrize("fix", LAYERS)
def test_what_changes_between_layers_trains_on(fix, live):
    model, optimizer = live
    nn.init.zeros_(model[0].weight)
    advisor.apply(fix, model, optimizer, inputs=torch.ones(2, 4))
    assert LAYERS[fix](model)
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    assert held == {id(parameter) for parameter in model.parameters()}
    assert math.isfinite(largest_step(model, optimizer))


def test_frozen_layers_learn_again_until_that_is_undone(live):
    model, _ = live
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD([parameter for parameter in model.parameters() if parameter.requires_grad], lr=0.1)
    was = model[0].weight.detach().clone()
    applied = advisor.apply("unfreeze-layers", model, optimizer)
    assert applied.what == ("2 frozen parameters learn now",)
    largest_step(model, optimizer)
    assert not torch.equal(model[0].weight, was)
    applied.undo()
    assert not model[0].weight.requires_grad


def test_weight_decay_is_lowered_where_there_is_some_and_can_be_put_back(live):
    weights, biases = ([p for p in live[0].parameters() if (p.ndim > 1) == is_weight] for is_weight in (True, False))
    optimizer = torch.optim.AdamW([{"params": weights, "weight_decay": 0.3}, {"params": biases, "weight_decay": 0.0}])
    applied = advisor.apply("lower-regularization", live[0], optimizer)
    assert [group["weight_decay"] for group in optimizer.param_groups] == [pytest.approx(1e-4), 0.0]
    applied.undo()
    assert [group["weight_decay"] for group in optimizer.param_groups] == [pytest.approx(0.3), 0.0]


def test_the_weight_decay_to_add_follows_from_the_length_of_a_run(live, loop, tmp_path):
    with pytest.raises(advisor.AdvisorError, match=r"found nothing to change live; write torch\.optim\.AdamW"):
        advisor.apply("add-l2", *live)
    loop(tmp_path / "mine")
    advisor.apply("add-l2", *live, run=tmp_path / "mine")
    assert live[1].param_groups[0]["weight_decay"] > 0


class Recurrent(nn.Module):
    """Nothing of it can be changed from outside but the weights of its head."""

    def __init__(self):
        super().__init__()
        self.rnn, self.head = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


@pytest.mark.parametrize("fix", ["add-batch-norm", "add-dropout", "use-leaky-relu"])
def test_where_nothing_can_be_changed_it_is_refused_with_the_line_to_write(fix):
    model = Recurrent()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(advisor.AdvisorError, match=r"nothing of this module can be changed from outside.*write .*self\."):
        advisor.apply(fix, model, optimizer, inputs=torch.ones(2, 5, 4))


def test_only_what_was_changed_is_said_to_be_so():
    model = Recurrent()
    applied = advisor.apply("use-relu", model, torch.optim.SGD(model.parameters(), lr=0.1), inputs=torch.ones(2, 5, 4))
    assert applied.what[0] == "init is kaiming now"
    assert any("model.activation was not applied inside rnn (GRU): write" in said for said in applied.what)


def test_a_proposal_of_a_finding_is_taken_as_well(live, loop, tmp_path):
    proposal = next(fix for fix in _proposals(loop, tmp_path) if fix.fix == "lower-learning-rate")
    assert advisor.apply(proposal, *live).fix == "lower-learning-rate"


def _proposals(loop, tmp_path):
    model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 3))
    with torch.no_grad():
        model[0].bias.fill_(-100)
    _, watcher = loop(tmp_path / "dead", model=model, epochs=6)
    report = advisor.diagnose(advisor.load(tmp_path / "dead"))
    assert watcher.path is None
    return [fix for finding in report.findings for fix in finding.fixes]


REFUSED = {
    "widen-model": r"found nothing to change live; write nn\.Linear\(inputs, 2 \* width\)",
    "shuffle-data": r"cannot change data\.shuffle of what is being trained; write DataLoader",
    "find-learning-rate": "found nothing to change live; write",
    "add-schedule": "give steps=",
    "use-relu": "give inputs=",
    "use-magic": "expected one of add-batch-norm",
}


@pytest.mark.parametrize("fix", REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_changes(fix, live):
    before = [parameter.detach().clone() for parameter in live[0].parameters()]
    with pytest.raises(advisor.AdvisorError, match=REFUSED[fix]):
        advisor.apply(fix, *live)
    assert all(torch.equal(a, b) for a, b in zip(before, live[0].parameters(), strict=True))
    assert live[1].param_groups[0]["lr"] == 0.1


WRONG = {
    r"advisor.apply: found str for the model": {"model": "net"},
    r"advisor.apply: found str for the optimizer": {"optimizer": "adam"},
    r"advisor.apply: found 2 optimizers, expected one; call it for each": {"optimizer": [1, 2]},
    r"advisor.apply: found steps=-3": {"steps": -3},
    r"advisor.apply: found steps='9'": {"steps": "9"},
    r"advisor.apply: found int for run": {"run": 3},
    r"no such file or folder": {"run": "nowhere"},
    r"advisor.apply: the model does not take these inputs \(mat1 and mat2": {"fix": "use-relu", "inputs": torch.ones(2, 3)},
    r"advisor.apply: the model does not take these inputs \(linear": {"fix": "use-relu", "inputs": "x"},
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_arguments_are_refused_in_one_line(message, live):
    given = {"fix": "clip-gradients", "model": live[0], "optimizer": live[1], **WRONG[message]}
    fix, model, optimizer = (given.pop(name) for name in ("fix", "model", "optimizer"))
    with pytest.raises(advisor.AdvisorError, match=message) as refused:
        advisor.apply(fix, model, optimizer, **given)
    assert "\n" not in str(refused.value)


class Functional(nn.Module):
    """Everything but its layers is called as a function."""

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.head = nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2)

    def forward(self, x):
        x = nn.functional.dropout(torch.sigmoid(self.norm(self.first(x))), 0.9, self.training)
        return torch.softmax(self.head(x), dim=1)


@pytest.mark.parametrize(
    ("fix", "said"),
    [("use-relu", "activation is relu"), ("lower-regularization", "dropout is 0.2"), ("correct-output", "output is logits")],
)
def test_what_is_called_as_a_function_is_changed_and_said(fix, said):
    model = Functional()
    applied = advisor.apply(fix, model, torch.optim.SGD(model.parameters(), lr=0.1), inputs=torch.randn(4, 4))
    assert applied.what[0].startswith(said)


def test_a_look_at_a_model_leaves_its_running_statistics(live):
    model = Functional()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    advisor.apply("correct-output", model, torch.optim.SGD(model.parameters(), lr=0.1), inputs=torch.randn(4, 4))
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in before.items())


def test_dropout_in_layers_is_lowered_with_inputs_and_asked_for_without():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.9), nn.Linear(8, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(advisor.AdvisorError, match="give inputs="):
        advisor.apply("lower-regularization", model, optimizer)
    advisor.apply("lower-regularization", model, optimizer, inputs=torch.ones(2, 4))
    assert model[2].p == 0.2
