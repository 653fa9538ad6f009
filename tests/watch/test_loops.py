"""Loops of every kind: what is recorded of them is what plain autograd says, and nothing is computed twice."""

import csv
import math
import shutil

import pytest
import torch
from torch import nn

import advisor


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def norm(tensors):
    return math.sqrt(sum(float((tensor.double() ** 2).sum()) for tensor in tensors))


def test_parameter_groups_are_one_model(parts, tmp_path):
    network, batches, step = parts
    model = network()
    groups = [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[3].parameters(), "lr": 0.0}, {"params": model[5].parameters()}]
    optimizer = torch.optim.SGD(groups, lr=0.2)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        step(model, optimizer, batches(1)[0])
        whole = norm(parameter.grad for parameter in model.parameters())
    layers = {row["layer"]: row for row in rows(tmp_path / "mine" / "layers.csv")}
    (first,) = rows(tmp_path / "mine" / "steps.csv")
    assert float(first["grad_norm"]) == pytest.approx(whole, rel=1e-5)
    assert float(first["lr"]) == 0.1
    assert [float(layers[name]["update_ratio"]) > 0 for name in ("0", "3", "5")] == [True, False, True]


def test_a_closure_that_is_called_many_times_is_one_step(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=5)
    x, y = batches(1)[0]
    calls = []

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        calls.append(norm(parameter.grad for parameter in model.parameters()))
        return loss

    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        for _ in range(2):
            optimizer.step(closure)
    steps = rows(tmp_path / "mine" / "steps.csv")
    assert [row["step"] for row in steps] == ["1", "2"]
    assert len(calls) > 2
    assert float(steps[-1]["grad_norm"]) == pytest.approx(calls[-1], rel=1e-5)


def test_a_step_that_a_scaler_skips_is_not_counted(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        for number, (x, y) in enumerate(batches(3)):
            optimizer.zero_grad()
            with torch.autocast("cpu", torch.bfloat16):
                loss = nn.functional.cross_entropy(model(x), y)
            scaler.scale(loss * (math.inf if number == 1 else 1)).backward()
            scaler.step(optimizer)
            scaler.update()
            whole = norm(parameter.grad for parameter in model.parameters())
    steps = rows(tmp_path / "mine" / "steps.csv")
    assert [row["step"] for row in steps] == ["1", "2"]
    assert float(steps[-1]["grad_norm"]) == pytest.approx(whole, rel=1e-4)


class Counting(nn.Module):
    """Counts its forward passes."""

    def __init__(self, inner):
        super().__init__()
        self.inner, self.calls = inner, 0

    def forward(self, x):
        self.calls += 1
        return self.inner(x)


def test_no_forward_pass_is_done_besides_the_users_own(parts, tmp_path):
    network, batches, step = parts
    model = Counting(network())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True) as watcher:
        for batch in batches(7):
            watcher.log(step=1, loss=step(model, optimizer, batch))
        watcher.log(train_loss=1.0)
        watcher.findings()
    assert model.calls == 7


def test_networks_that_take_turns_have_a_watcher_each(tmp_path):
    torch.manual_seed(0)
    maker, critic = nn.Sequential(nn.Linear(4, 4), nn.Tanh()), nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
    optimizers = [torch.optim.Adam(model.parameters(), lr=1e-2) for model in (maker, critic)]
    expected = []
    with (
        advisor.watch(maker, optimizers[0], tmp_path / "maker", record_every=1, quiet=True),
        advisor.watch(critic, optimizers[1], tmp_path / "critic", record_every=1, quiet=True),
    ):
        for _ in range(3):
            fake = maker(torch.randn(8, 4))
            critic.zero_grad()
            (critic(fake.detach()).mean() - critic(torch.ones(8, 4)).mean()).backward()
            second = norm(parameter.grad for parameter in critic.parameters())
            optimizers[1].step()
            maker.zero_grad()
            (-critic(fake).mean()).backward()
            expected.append((norm(parameter.grad for parameter in maker.parameters()), second))
            optimizers[0].step()
    for place, name in enumerate(("maker", "critic")):
        found = [float(row["grad_norm"]) for row in rows(tmp_path / name / "steps.csv")]
        assert found == pytest.approx([pair[place] for pair in expected], rel=1e-4)


def test_a_recurrent_cell_that_runs_many_times_has_one_row_of_all_its_outputs(tmp_path):
    torch.manual_seed(0)
    model = nn.ModuleDict({"cell": nn.LSTMCell(1, 5), "head": nn.Linear(5, 1)}).double()
    empty = nn.Parameter(torch.empty(0, dtype=torch.float64))
    model.register_parameter("empty", empty)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.randn(3, 9, dtype=torch.float64)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True) as watcher:
        state, outputs = None, []
        for column in x.split(1, dim=1):
            state = model["cell"](column, state)
            outputs.append(state[0].detach())
        model["head"](state[0]).square().mean().backward()
        expected = norm(parameter.grad for parameter in model["cell"].parameters())
        optimizer.step()
        assert watcher.path
    cell = next(row for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "cell")
    assert float(cell["grad_norm"]) == pytest.approx(expected, rel=1e-5)
    assert float(cell["activation_std"]) == pytest.approx(float(torch.cat(outputs).std(correction=0)), rel=1e-5)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not (shutil.which("gcc") or shutil.which("clang")), reason="inductor needs a compiler")
def test_weights_are_the_same_under_inductor(parts, tmp_path):
    network, batches, step = parts
    models = []
    for folder in (None, tmp_path / "mine"):
        torch.compiler.reset()
        model = network()
        compiled = torch.compile(model)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
        watcher = advisor.watch(compiled, optimizer, folder, quiet=True).start() if folder else None
        for batch in batches(15):
            step(compiled, optimizer, batch)
        if watcher:
            watcher.close()
        models.append(model)
    assert all(torch.equal(a, b) for a, b in zip(models[0].parameters(), models[1].parameters(), strict=True))
    assert rows(tmp_path / "mine" / "layers.csv")
