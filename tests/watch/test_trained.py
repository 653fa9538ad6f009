"""Which parameters and outputs are recorded: those that the optimisers train, in whatever way they come to it."""

import csv
import json
import math
from collections import namedtuple

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

import advisor


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def norm(tensors):
    return math.sqrt(sum(float((tensor.double() ** 2).sum()) for tensor in tensors))


def test_layers_that_no_optimiser_has_are_no_layers_without_gradient(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model[5].parameters(), lr=0.1)  # the others are not frozen, and get gradients
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for batch in batches(12):
            step(model, optimizer, batch)
        whole = norm(parameter.grad for parameter in model[5].parameters())
        assert "zero-gradient" not in {finding.rule for finding in watcher.findings()}
    layers = rows(tmp_path / "mine" / "layers.csv")
    assert {row["layer"] for row in layers if row["grad_norm"]} == {"5"}
    assert {row["layer"] for row in layers if row["activation_std"]} == {"1", "4", "5"}
    assert float(rows(tmp_path / "mine" / "steps.csv")[0]["grad_norm"]) > 0
    assert whole > 0


def test_parameters_that_an_optimiser_is_given_later_are_recorded_from_then_on(parts, tmp_path):
    network, batches, step = parts
    model = network()
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD([*model[3].parameters(), *model[5].parameters()], lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        for number, batch in enumerate(batches(4)):
            if number == 2:
                model[0].requires_grad_(True)
                optimizer.add_param_group({"params": model[0].parameters()})
            step(model, optimizer, batch)
        whole, first = (norm(parameter.grad for parameter in part.parameters()) for part in (model, model[0]))
    thawed = [row for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "0"]
    assert [row["step"] for row in thawed] == ["3", "4"]
    assert float(thawed[-1]["grad_norm"]) == pytest.approx(first, rel=1e-5)
    assert float(rows(tmp_path / "mine" / "steps.csv")[-1]["grad_norm"]) == pytest.approx(whole, rel=1e-5)


def test_parameters_without_numbers_are_no_layer_without_gradient(tmp_path):
    model = nn.Linear(2, 1)
    model.register_parameter("empty", nn.Parameter(torch.empty(0)))
    model.register_module("nothing", nn.ParameterList([nn.Parameter(torch.empty(0))]))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        model(torch.ones(3, 2)).sum().backward()
        optimizer.step()
    assert [row["layer"] for row in rows(tmp_path / "mine" / "layers.csv")] == ["Linear"]


def test_outputs_are_seen_where_the_model_trains_in_evaluation_mode(parts, tmp_path):
    network, batches, step = parts
    model = network().eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    expected = []
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        for batch in batches(3):
            model(100 * batch[0])  # an evaluation that nobody told to leave gradients out
            with torch.no_grad():
                expected.append(float(model[0](batch[0]).std(correction=0)))
            step(model, optimizer, batch)
    found = [float(row["activation_std"]) for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "0"]
    assert found == pytest.approx(expected, rel=1e-5)


class Checkpointed(nn.Module):
    """Three blocks that are computed twice."""

    def __init__(self, is_reentrant):
        super().__init__()
        torch.manual_seed(0)
        self.blocks, self.is_reentrant = nn.ModuleList(nn.Sequential(nn.Linear(6, 6), nn.ReLU()) for _ in range(3)), is_reentrant

    def forward(self, x):
        for block in self.blocks:
            x = checkpoint(block, x, use_reentrant=self.is_reentrant)
        return x


@pytest.mark.parametrize("is_reentrant", [False, True])
def test_checkpointed_segments_stand_in_the_order_of_the_forward_pass(is_reentrant, parts, tmp_path):
    model = Checkpointed(is_reentrant)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = parts[1](1)[0][0]
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        spread = float(model.blocks[0](x).detach().std(correction=0))
        model(x.requires_grad_()).sum().backward()
        optimizer.step()
    found = rows(tmp_path / "mine" / "layers.csv")
    assert [row["layer"] for row in found] == [f"blocks.{block}.{part}" for block in range(3) for part in range(2)]
    assert float(found[1]["activation_std"]) == pytest.approx(spread, rel=1e-5)


def test_packed_sequences_are_measured_without_their_padding(tmp_path):
    torch.manual_seed(0)
    model = nn.LSTM(3, 4, batch_first=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(3, 5, 3), torch.tensor([5, 2, 1]), batch_first=True)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        output, _ = model(packed)
        output.data.sum().backward()
        optimizer.step()
    (row,) = rows(tmp_path / "mine" / "layers.csv")
    assert float(row["activation_std"]) == pytest.approx(float(output.data.detach().std(correction=0)), rel=1e-5)


Answer = namedtuple("Answer", ["logits", "hidden"])
ANSWERS = {
    "dict": lambda x: {"logits": x, "hidden": None},
    "list": lambda x: [x, x],
    "named": lambda x: Answer(x, None),
    "nested": lambda x: ((x,), x),
    "sparse": lambda x: x.to_sparse(),
    "text": lambda x: "done",
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_whatever_a_layer_returns_does_not_end_the_recording(kind, tmp_path):
    class Layer(nn.Linear):
        def forward(self, x):
            self.latest = super().forward(x)
            return ANSWERS[kind](self.latest)

    model = Layer(2, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        model(torch.randn(4, 2))
        model.latest.sum().backward()
        optimizer.step()
        assert watcher.path
    (row,) = rows(tmp_path / "mine" / "layers.csv")
    expected = "" if kind in ("sparse", "text") else pytest.approx(float(model.latest.detach().std(correction=0)), rel=1e-5)
    assert (float(row["activation_std"]) if row["activation_std"] else "") == expected


def test_gradients_of_single_samples_are_recorded_without_outputs(parts, tmp_path):
    from torch.func import functional_call, grad, vmap

    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = batches(1)[0]

    def loss(parameters, one, label):
        return nn.functional.cross_entropy(functional_call(model, parameters, (one[None],)), label[None])

    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        found = vmap(grad(loss), in_dims=(None, 0, 0), randomness="different")(dict(model.named_parameters()), x, y)
        for name, parameter in model.named_parameters():
            parameter.grad = found[name].mean(0).detach()
        optimizer.step()
        assert watcher.path
    whole = norm(parameter.grad for parameter in model.parameters())
    assert float(rows(tmp_path / "mine" / "steps.csv")[0]["grad_norm"]) == pytest.approx(whole, rel=1e-5)


class SharpnessAware(torch.optim.Optimizer):
    """Has another optimiser do its steps, under names of its own."""

    def __init__(self, parameters, **options):
        super().__init__(parameters, options)
        self.base_optimizer = torch.optim.SGD(self.param_groups, **options)

    def second_step(self):
        self.base_optimizer.step()


def test_steps_that_an_inner_optimiser_does_are_seen(parts, tmp_path):
    model = parts[0]()
    optimizer = SharpnessAware(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        model(parts[1](1)[0][0]).sum().backward()
        optimizer.second_step()
    assert rows(tmp_path / "mine" / "layers.csv")


def test_a_loop_that_moves_its_weights_by_hand_is_told_what_is_missing(parts, tmp_path):
    model = parts[0]()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    told = pytest.warns(UserWarning, match="made no step, so gradients and layers are not recorded")
    with told as said, advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for epoch in range(5):
            watcher.log(step=epoch, loss=1.0)
            watcher.log(train_loss=1.0)
    assert len(said) == 1
    assert len(rows(tmp_path / "mine" / "steps.csv")) == 5
    skipped = {entry.rule: entry.reason for entry in advisor.diagnose(advisor.load(tmp_path / "mine")).skipped}
    assert "the watched optimizer made no step" in skipped["dead-units"]


@pytest.mark.parametrize("first", [0, 1])
def test_epochs_are_counted_from_one_however_the_user_counts(first, parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for epoch in range(first, first + 3):
            loss = step(model, optimizer, batches(1)[0])
            watcher.log(step=0, loss=loss)
            watcher.log(epoch=epoch, train_loss=loss)
    assert [row["epoch"] for row in rows(tmp_path / "mine" / "run.csv")] == ["1", "2", "3"]
    assert [row["epoch"] for row in rows(tmp_path / "mine" / "steps.csv")] == ["1", "2", "3"]


def test_an_evaluation_before_the_training_keeps_its_zero(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        watcher.log(epoch=0, val_loss=2.0)
        watcher.log(epoch=1, val_loss=step(model, optimizer, batches(1)[0]))
    assert [row["epoch"] for row in rows(tmp_path / "mine" / "run.csv")] == ["0", "1"]


@pytest.mark.parametrize("odd", ["3/10", math.nan, None])
def test_numbers_of_epochs_and_steps_that_are_none_are_counted_instead(odd, parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        watcher.log(step=odd or "none", loss=1.0)
        for batch in batches(2):
            step(model, optimizer, batch)
            watcher.log({"epoch": odd, "train_loss": 1.0})
        assert watcher.path
    assert [row["epoch"] for row in rows(tmp_path / "mine" / "run.csv")] == ["1", "2"]
    assert json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))["status"] == "done"


def test_parameters_that_other_processes_hold_in_part_are_not_measured(parts, tmp_path):
    network, batches, step = parts
    model = network()
    model[0].weight.ds_id = 0  # as DeepSpeed marks them
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for batch in batches(3):
            watcher.log(step=1, loss=step(model, optimizer, batch))
    assert not rows(tmp_path / "mine" / "layers.csv")
    assert [(row["grad_norm"], row["loss"] != "") for row in rows(tmp_path / "mine" / "steps.csv")] == [("", True)] * 3
    skipped = {entry.rule: entry.reason for entry in advisor.diagnose(advisor.load(tmp_path / "mine")).skipped}
    assert "split over processes" in skipped["dead-units"]


def test_losses_of_batches_that_one_step_adds_up_are_one_row_a_step(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    after = []
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for number, (x, y) in enumerate(batches(24)):
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            if number % 4 == 3:
                optimizer.step()
                optimizer.zero_grad()
                after.append(float(loss.detach()))
            watcher.log(step=number, loss=loss)
            if number % 8 == 7:
                watcher.log(train_loss=loss)
    found = {row["step"]: float(row["loss"]) for row in rows(tmp_path / "mine" / "steps.csv")}
    assert len(found) == len(rows(tmp_path / "mine" / "steps.csv"))
    assert list(found) == ["0", "1", "2", "3", "4", "5", "6"]
    assert [found[str(step)] for step in (2, 4, 6)] == pytest.approx([after[1], after[3], after[5]])


class Functional(nn.Module):
    """Keeps its weights in a list and names that list as its parameters, as those do that train copies of their weights."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.weights = nn.ParameterList([torch.randn(4, 3), torch.zeros(4)])

    def forward(self, x, weights=None):
        return nn.functional.linear(x, *(weights or self.weights))

    def parameters(self):
        return self.weights


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_module_that_answers_for_its_parameters_itself_is_recorded(is_wrapped, tmp_path):
    net = Functional()
    model = nn.ModuleDict({"net": net}) if is_wrapped else net
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True) as watcher:
        for _ in range(3):
            optimizer.zero_grad()
            inner = torch.autograd.grad(net(torch.ones(2, 3)).square().mean(), list(net.parameters()), create_graph=True)
            net(torch.ones(2, 3), [p - 0.1 * g for p, g in zip(net.parameters(), inner, strict=True)]).square().mean().backward()
            whole = math.sqrt(sum(float(p.grad.square().sum()) for p in net.weights))
            optimizer.step()
        assert watcher.path
    (last,) = [row for row in rows(tmp_path / "mine" / "layers.csv") if row["step"] == "3"]
    assert last["layer"] == ("net.weights" if is_wrapped else "weights")
    assert float(last["grad_norm"]) == pytest.approx(whole, rel=1e-5)


def test_an_optimiser_that_takes_the_place_of_the_watched_one_is_told_once(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.warns(UserWarning, match="no step since step 3 though the weights move") as said:  # noqa: SIM117
        with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
            for epoch in range(5):
                if epoch == 1:
                    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
                for batch in batches(3):
                    step(model, optimizer, batch)
                watcher.log(train_loss=1.0 - epoch / 10)
    assert len(said) == 1
    notes = json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))["notes"]
    assert sum("no step since step 3" in note for note in notes) == 1


def test_rows_after_the_training_and_weights_that_are_loaded_are_no_other_optimiser(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for batch in batches(3):
            step(model, optimizer, batch)
        watcher.log(train_loss=1.0)
        model.load_state_dict(network().state_dict())
        for number in range(4):
            watcher.log(test_loss=1.0, part=number)
        assert watcher.path


@pytest.mark.parametrize("every", [1, 2])
def test_networks_that_freeze_each_other_in_turn_are_recorded_both(every, tmp_path):
    torch.manual_seed(0)
    model = nn.ModuleDict(
        {"maker": nn.Linear(4, 4), "critic": nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1)), "fixed": nn.Linear(4, 4)}
    )
    model["fixed"].requires_grad_(False)
    critics = [*model["critic"].parameters(), *model["fixed"].parameters()]
    maker, critic = torch.optim.Adam(model["maker"].parameters(), lr=1e-2), torch.optim.Adam(critics, lr=1e-2)
    expected = []
    with advisor.watch(model, [maker, critic], tmp_path / "mine", record_every=every, quiet=True):
        for _ in range(4):
            model["critic"].requires_grad_(False)
            (-model["critic"](model["maker"](torch.randn(8, 4))).mean()).backward()
            first = norm(parameter.grad for parameter in model["maker"].parameters())
            maker.step()
            maker.zero_grad()
            model["critic"].requires_grad_(True)
            model["maker"].requires_grad_(False)
            (model["critic"](model["maker"](torch.randn(8, 4))).mean() - model["critic"](torch.ones(8, 4)).mean()).backward()
            expected.append(math.hypot(first, norm(parameter.grad for parameter in model["critic"].parameters())))
            critic.step()
            critic.zero_grad()
            model["maker"].requires_grad_(True)
    layers = rows(tmp_path / "mine" / "layers.csv")
    assert {row["layer"] for row in layers} == {"maker", "critic.0", "critic.1", "critic.2"}
    assert all(float(row["update_ratio"]) > 0 for row in layers if row["kind"] == "Linear")
    for row in rows(tmp_path / "mine" / "steps.csv"):
        assert float(row["grad_norm"]) == pytest.approx(expected[int(row["step"]) - 1], rel=1e-4)
