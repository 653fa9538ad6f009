"""What is recorded of a loop of the user's own, and that the loop does not notice."""

import csv
import gc
import json
import math
import pickle
import random
import shutil
import subprocess
import sys
import warnings
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import advisor
from advisor.lock import is_held
from advisor.watch import watcher as watcher_module


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def norm(tensors):
    return math.sqrt(sum(float((tensor.double() ** 2).sum()) for tensor in tensors))


OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-2),
    "foreach": lambda parameters: torch.optim.AdamW(parameters, lr=1e-2, foreach=True),
    "fused": lambda parameters: torch.optim.Adam(parameters, lr=1e-2, fused=True),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=1e-2),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("every", ["auto", 1, 7])
def test_weights_and_random_numbers_are_bit_for_bit_the_same(name, every, loop, parts, tmp_path):
    results = []
    for folder in (None, tmp_path / "mine"):
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - the stream that a user's loop draws from
        model = parts[0](dropout=0.3)
        options = {"record_every": every} if folder else {}
        loop(folder, model=model, optimizer=OPTIMIZERS[name](model.parameters()), **options)
        results.append((model, torch.rand(3), random.random(), np.random.random()))  # noqa: NPY002
    plain, watched = results
    assert same(plain[0], watched[0])
    assert torch.equal(plain[1], watched[1])
    assert plain[2:] == watched[2:]
    assert rows(tmp_path / "mine" / "layers.csv")


def test_numbers_are_those_of_plain_autograd(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    expected = []
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        for batch in batches(3):
            before = [parameter.detach().clone() for parameter in model[0].parameters()]
            hidden = torch.relu(model[0](batch[0])).detach()
            step(model, optimizer, batch)
            moved = [parameter.detach() - old for parameter, old in zip(model[0].parameters(), before, strict=True)]
            gradients = [parameter.grad for parameter in model.parameters()]
            first = gradients[:2]
            expected.append((norm(first), norm(before), norm(moved) / norm(before), norm(gradients), hidden))
    layers = rows(tmp_path / "mine" / "layers.csv")
    linear = [row for row in layers if row["layer"] == "0"]
    relu = [row for row in layers if row["layer"] == "1"]
    steps = rows(tmp_path / "mine" / "steps.csv")
    assert [row["step"] for row in steps] == ["1", "2", "3"]
    for number, (gradient, weight, ratio, whole, hidden) in enumerate(expected):
        assert float(linear[number]["grad_norm"]) == pytest.approx(gradient, rel=1e-5)
        assert float(linear[number]["weight_norm"]) == pytest.approx(weight, rel=1e-5)
        assert float(linear[number]["update_ratio"]) == pytest.approx(ratio, rel=1e-4)
        assert float(steps[number]["grad_norm"]) == pytest.approx(whole, rel=1e-5)
        assert float(relu[number]["activation_std"]) == pytest.approx(float(hidden.std(correction=0)), rel=1e-4)
        assert float(relu[number]["zero_share"]) == pytest.approx(float((hidden == 0).all(dim=0).float().mean()))


def test_the_first_ten_steps_are_recorded(loop, tmp_path):
    loop(tmp_path / "mine", epochs=1, steps=25)
    assert sorted({int(row["step"]) for row in rows(tmp_path / "mine" / "layers.csv")}) == list(range(1, 11))


def test_a_run_folder_is_what_the_commands_read(loop, tmp_path):
    loop(tmp_path / "mine", epochs=6)
    run = advisor.load(tmp_path / "mine")
    assert (run.format, run.epochs, run.steps) == ("run-folder", 6, 72)
    assert run.need_layers().names == ("0", "1", "3", "4", "5")
    about = json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))
    assert (about["status"], about["result"]["epoch"], about["facts"]["parameters"]) == ("done", 6, 435)
    assert json.loads((tmp_path / "mine" / "findings.json").read_text(encoding="utf-8"))["runs"][0]["format"] == "run-folder"
    assert not is_held(tmp_path / "mine")


def test_steps_are_logged_beside_what_is_recorded_and_new_names_become_columns(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for number, batch in enumerate(batches(120)):
            loss = step(model, optimizer, batch)
            watcher.log(step=number, loss=loss)
        watcher.log({"train_loss": loss, "val/f1": np.float32(0.5)})
        watcher.log(train_loss=0.5, note="warm, now", passes=2)
    steps, epochs = rows(tmp_path / "mine" / "steps.csv"), rows(tmp_path / "mine" / "run.csv")
    assert [int(row["step"]) for row in steps] == list(range(1, 121))
    assert all(row["loss"] for row in steps)
    assert [bool(row["grad_norm"]) for row in steps[:11]] == [True] * 10 + [False]
    assert [row["val/f1"] for row in epochs] == ["0.5", ""]
    assert [(row["epoch"], row["note"], row["passes"]) for row in epochs] == [("1", "", ""), ("2", "warm, now", "2")]


def test_a_gradient_norm_that_is_logged_takes_the_place_of_the_one_after_clipping(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    norms = []
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for x, y in batches(3):
            nn.functional.cross_entropy(model(x), y).backward()
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), 1e-3))
            optimizer.step()
            watcher.log(step=1, grad_norm=norms[-1])
        watcher.log(train_loss=1.0)
    assert [float(row["grad_norm"]) for row in rows(tmp_path / "mine" / "steps.csv")] == pytest.approx([float(norm) for norm in norms])
    assert float(rows(tmp_path / "mine" / "run.csv")[0]["grad_norm"]) == pytest.approx(float(sum(norms) / 3))
    assert float(rows(tmp_path / "mine" / "layers.csv")[0]["grad_norm"]) < 1e-3  # by layer: what was stepped with


def test_accumulated_batches_are_one_step(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        for number, (x, y) in enumerate(batches(8), start=1):
            (nn.functional.cross_entropy(model(x), y) / 4).backward()
            if number % 4 == 0:
                whole = norm(parameter.grad for parameter in model.parameters())
                optimizer.step()
                optimizer.zero_grad()
    steps = rows(tmp_path / "mine" / "steps.csv")
    assert [row["step"] for row in steps] == ["1", "2"]
    assert float(steps[-1]["grad_norm"]) == pytest.approx(whole, rel=1e-5)


def test_evaluations_in_between_are_not_recorded(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = batches(1)[0]
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        with torch.no_grad():
            model(100 * x)
        model.eval()
        model(100 * x)
        model.train()
        spread = float(model[0](x).detach().std(correction=0))
        step(model, optimizer, (x, y))
    assert float(rows(tmp_path / "mine" / "layers.csv")[0]["activation_std"]) == pytest.approx(spread, rel=1e-5)


def test_two_optimisers_make_one_step(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizers = [torch.optim.SGD(model[:3].parameters(), lr=0.1), torch.optim.Adam(model[3:].parameters(), lr=1e-3)]
    with advisor.watch(model, optimizers, tmp_path / "mine", record_every=1, quiet=True):
        for x, y in batches(4):
            nn.functional.cross_entropy(model(x), y).backward()
            whole = norm(parameter.grad for parameter in model.parameters())
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad()
    steps, layers = rows(tmp_path / "mine" / "steps.csv"), rows(tmp_path / "mine" / "layers.csv")
    assert [row["step"] for row in steps] == ["1", "2", "3", "4"]
    assert float(steps[-1]["grad_norm"]) == pytest.approx(whole, rel=1e-5)
    assert all(float(row["update_ratio"]) > 0 for row in layers if row["kind"] == "Linear")


def test_an_optimiser_that_steps_more_often_begins_a_new_step(parts, tmp_path):
    network, batches, _ = parts
    model = nn.ModuleDict({"critic": network(), "maker": nn.Linear(6, 6)})
    critic, maker = (torch.optim.SGD(part.parameters(), lr=0.1) for part in model.values())
    with advisor.watch(model, [critic, maker], tmp_path / "mine", record_every=1, quiet=True):
        for number, (x, y) in enumerate(batches(6), start=1):
            nn.functional.cross_entropy(model["critic"](x), y).backward()
            critic.step()
            if number % 3 == 0:
                nn.functional.cross_entropy(model["critic"](model["maker"](x)), y).backward()
                maker.step()
            model.zero_grad()
    made = [row for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "maker"]
    assert [row["step"] for row in made] == ["1", "2", "3", "4", "5", "6"]
    assert [float(row["update_ratio"]) > 0 for row in made] == [False, False, True, False, False, True]


def test_gradients_are_recorded_unscaled_under_a_grad_scaler(parts, tmp_path):
    network, batches, _ = parts
    for fused in (False, True):
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, fused=fused)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        x, y = batches(1)[0]
        expected = norm(torch.autograd.grad(nn.functional.cross_entropy(model(x), y), list(model.parameters())))
        with advisor.watch(model, optimizer, tmp_path / f"fused-{fused}", quiet=True):
            scaler.scale(nn.functional.cross_entropy(model(x), y)).backward()
            scaler.step(optimizer)
            scaler.update()
        assert float(rows(tmp_path / f"fused-{fused}" / "steps.csv")[0]["grad_norm"]) == pytest.approx(expected, rel=1e-4)


def test_a_closure_has_its_gradients_recorded(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = batches(1)[0]

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        return loss

    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        optimizer.step(closure)
    found = float(rows(tmp_path / "mine" / "steps.csv")[0]["grad_norm"])
    assert found == pytest.approx(norm(parameter.grad for parameter in model.parameters()), rel=1e-5)


class Odd(nn.Module):
    """A tied weight, a frozen layer, one that runs twice, one that never runs, and sparse gradients."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embedding = nn.Embedding(5, 4, sparse=True)
        self.twice, self.tied, self.frozen, self.unused = (nn.Linear(4, 4) for _ in range(4))
        self.tied.weight = self.twice.weight
        self.frozen.requires_grad_(False)
        self.act = nn.Tanh()

    def forward(self, tokens):
        x = self.embedding(tokens)
        return self.tied(self.frozen(self.act(self.twice(self.act(self.twice(x))))))


def test_odd_networks_are_recorded(tmp_path):
    model = Odd()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
            for _ in range(3):
                optimizer.zero_grad()
                model(torch.tensor([[0, 1], [2, 1]])).square().mean().backward()
                whole = norm(p.grad.coalesce().values() if p.grad.is_sparse else p.grad for p in model.parameters() if p.grad is not None)
                optimizer.step()
    last = {row["layer"]: row for row in rows(tmp_path / "mine" / "layers.csv") if row["step"] == "3"}
    assert set(last) == {"embedding", "twice", "act", "tied", "unused"}
    assert float(last["embedding"]["grad_norm"]) > 0
    assert (float(last["unused"]["grad_norm"]), last["unused"]["activation_std"]) == (0, "")
    assert float(rows(tmp_path / "mine" / "steps.csv")[-1]["grad_norm"]) == pytest.approx(whole, rel=1e-5)


def test_layers_that_thaw_are_recorded_from_then_on(parts, tmp_path):
    network, batches, step = parts
    model = network()
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True) as watcher:
        step(model, optimizer, batches(1)[0])
        model[0].requires_grad_(True)
        for batch in batches(2):
            step(model, optimizer, batch)
        assert watcher.path
    assert [row["step"] for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "0"] == ["2", "3"]


def test_a_compiled_network_trains_the_same_and_is_recorded_without_activations(parts, tmp_path):
    network, batches, step = parts
    models = []
    for name in ("", "mine"):
        torch.compiler.reset()
        model = network()
        compiled = torch.compile(model, backend="aot_eager")
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        watcher = advisor.watch(compiled, optimizer, tmp_path / name, quiet=True).start() if name else None
        for batch in batches(15):
            step(compiled, optimizer, batch)
        if watcher:
            watcher.close()
        models.append(model)
    assert same(*models)
    layers = rows(tmp_path / "mine" / "layers.csv")
    assert [row["layer"] for row in layers[:3]] == ["0", "3", "5"] or {row["layer"] for row in layers} == {"0", "1", "3", "4", "5"}
    assert not any(row["activation_std"] for row in layers)
    assert any("torch.compile" in note for note in json.loads((tmp_path / "mine" / "run.json").read_text())["notes"])


# Where the compiler came first nothing is compiled anew; where it comes after the first hook was set, once, and PyTorch warns of that hook.
@pytest.mark.parametrize(("is_watched_first", "compilations"), [(False, 1), (True, 2)])
@pytest.mark.filterwarnings("ignore:Using .torch.compile")
def test_hooks_stay_out_of_what_is_compiled_behind_its_back(is_watched_first, compilations, parts, tmp_path):
    network, batches, step = parts
    torch.compiler.reset()
    model, plain = network(), network()
    optimizer, other = (torch.optim.SGD(one.parameters(), lr=0.1) for one in (model, plain))
    graphs = []

    def counting(graph, inputs):
        graphs.append(graph)
        return graph.forward

    compiled = None if is_watched_first else torch.compile(model, backend=counting)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        compiled = compiled or torch.compile(model, backend=counting)
        for batch in batches(110):
            watcher.log(step=1, loss=step(compiled, optimizer, batch))
            step(plain, other, batch)
        assert watcher.path
    assert len(graphs) == compilations
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(model.parameters(), plain.parameters(), strict=True))
    assert not any(module._forward_hooks for module in model.modules())
    about = json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))
    assert "no hook sits in the compiled graph" in about["unseen"]["activations"]
    assert len(about["notes"]) == 2  # each is said once
    assert rows(tmp_path / "mine" / "layers.csv")


def test_modules_that_run_outside_of_the_compiled_ones_are_recorded_all_the_same(parts, tmp_path):
    network, batches, step = parts
    torch.compiler.reset()
    torch.compile(lambda x: x + 1, backend="eager")(torch.ones(1))
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True):
        optimizer.step()  # no forward pass: nothing says that it was compiled
        for batch in batches(3):
            step(model, optimizer, batch)
    assert [bool(row["activation_std"]) for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "0"] == [
        False,
        True,
        True,
        True,
    ]


def test_what_is_not_seen_under_a_compiler_is_said_under_skipped(parts, tmp_path):
    network, batches, step = parts
    torch.compiler.reset()
    model = network()
    compiled = torch.compile(model, backend="aot_eager")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(compiled, optimizer, tmp_path / "mine", quiet=True) as watcher:
        for batch in batches(3):
            watcher.log(train_loss=step(compiled, optimizer, batch))
    report = advisor.diagnose(advisor.load(tmp_path / "mine"))
    skipped = {entry.rule: entry.reason for entry in report.skipped}
    assert "no hook sits in the compiled graph" in skipped["dead-units"]


def test_copies_that_data_parallel_makes_are_passed_over(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        copy = model[0]._replicate_for_data_parallel()
        copy.weight, copy.bias = model[0].weight, model[0].bias
        copy(100 * batches(1)[0][0])
        step(model, optimizer, batches(1)[0])
        assert watcher.path
    assert float(rows(tmp_path / "mine" / "layers.csv")[0]["activation_std"]) < 2


def test_an_exception_in_the_loop_passes_through(parts, tmp_path):
    network, batches, step = parts
    for error, status in ((ZeroDivisionError, "failed"), (KeyboardInterrupt, "stopped")):
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with pytest.raises(error), advisor.watch(model, optimizer, tmp_path / status, quiet=True):
            step(model, optimizer, batches(1)[0])
            raise error
        assert json.loads((tmp_path / status / "run.json").read_text())["status"] == status
        assert not optimizer._optimizer_step_pre_hooks
        assert not any(module._forward_hooks for module in model.modules())


def test_an_existing_folder_stays_as_it_is(loop, tmp_path):
    loop(tmp_path / "mine")
    before = (tmp_path / "mine" / "run.csv").read_bytes()
    with pytest.warns(UserWarning, match="mine exists already: this run is recorded in .*mine-2") as said:
        loop(tmp_path / "mine")
    assert len(said) == 1
    assert (tmp_path / "mine" / "run.csv").read_bytes() == before
    assert len(rows(tmp_path / "mine-2" / "run.csv")) == 3


def test_an_empty_folder_that_exists_stays_empty(loop, tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.warns(UserWarning, match="mine exists already"):
        loop(tmp_path / "mine")
    assert not list((tmp_path / "mine").iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "mine-2"]


def test_two_watchers_do_not_disturb_each_other(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "a", quiet=True), advisor.watch(model, optimizer, tmp_path / "b", quiet=True):
        for batch in batches(12):
            step(model, optimizer, batch)
    assert (tmp_path / "a" / "layers.csv").read_bytes() == (tmp_path / "b" / "layers.csv").read_bytes()


def test_memory_returns_and_no_graph_is_kept(parts, tmp_path):
    network, batches, _ = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen: weakref.WeakSet[torch.Tensor] = weakref.WeakSet()
    watcher = advisor.watch(model, optimizer, tmp_path / "mine", record_every=1, quiet=True).start()
    for number, batch in enumerate(batches(5)):
        loss = nn.functional.cross_entropy(model(batch[0]), batch[1])
        loss.backward()
        optimizer.step()
        watcher.log(step=number, loss=loss)
        seen.add(loss)
    del loss
    gc.collect()
    assert not seen  # a loss that is gone takes its graph along
    watcher.close()
    gc.collect()
    assert watcher._steps._recorder is None


WRONG = {
    "found str for the model": {"model": "net"},
    "found str for the optimizer": {"optimizer": "adam"},
    "found an empty list": {"optimizer": []},
    "none of the model's parameters": {"optimizer": torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)},
    "for run_dir": {"run_dir": 3},
    r"x00mine' for run_dir": {"run_dir": "runs/\0mine"},
    "found epochs=0": {"epochs": 0},
    "found record_every='often'": {"record_every": "often"},
    "no rule has that name": {"stop_on": ["overfiting"]},
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_arguments_are_refused_at_once(message, parts, tmp_path):
    model = parts[0]()
    given = {"model": model, "optimizer": torch.optim.SGD(model.parameters(), lr=0.1), "run_dir": tmp_path / "mine", **WRONG[message]}
    with pytest.raises(advisor.AdvisorError, match=message):
        advisor.watch(**given)
    assert not (tmp_path / "mine").exists()


def test_findings_are_told_once_and_stop_the_loop_where_asked(parts, tmp_path, capsys):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", stop_on="non-finite-loss") as watcher:
        for epoch in range(10):
            step(model, optimizer, batches(1)[0])
            watcher.log(train_loss=1 / (1 + epoch) if epoch < 4 else math.nan)
            if watcher.should_stop:
                break
        assert epoch == 4
        assert "non-finite-loss" in {finding.rule for finding in watcher.findings()}
    said = capsys.readouterr()
    assert said.err.count("non-finite-loss error") == 1
    assert said.out == ""


def test_values_that_are_no_numbers_are_left_out_with_one_warning(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher, pytest.warns(UserWarning, match="strange") as said:
        for batch in batches(3):
            step(model, optimizer, batch)
            watcher.log(train_loss=1.0, strange=[1, 2])
    assert len(said) == 1
    assert [row["train_loss"] for row in rows(tmp_path / "mine" / "run.csv")] == ["1", "1", "1"]


TROUBLE = {
    "disk full": lambda watcher, fail: setattr(watcher._recording._folder._tables["layers.csv"], "add", fail),
    "broken hook": lambda watcher, fail: setattr(watcher._steps, "before", fail),
    "broken forward hook": lambda watcher, fail: setattr(watcher._steps._recorder, "_axes", None),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_is_one_warning_and_the_training_goes_on_the_same(trouble, loop, parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with pytest.warns(UserWarning, match="is not recorded any further") as said:
        watcher = advisor.watch(model, optimizer, tmp_path / "mine", quiet=True).start()
        TROUBLE[trouble](watcher, fail)
        for _ in range(3):
            for batch in batches(12):
                watcher.log(step=1, loss=step(model, optimizer, batch))
            watcher.log(train_loss=1.0)
        assert watcher.findings() == ()
        watcher.close()
    assert [Path(warning.filename).name for warning in said] == ["conftest.py"]  # a line of the loop, not of torch
    assert same(model, loop()[0])
    assert not optimizer._optimizer_step_pre_hooks
    assert not any(module._forward_hooks for module in model.modules())


def test_a_folder_that_is_taken_away_does_not_stop_the_loop(parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    watcher = advisor.watch(model, optimizer, tmp_path / "mine", quiet=True)
    with pytest.warns(UserWarning, match="is not recorded any further") as said, watcher:
        shutil.rmtree(tmp_path / "mine")
        step(model, optimizer, batches(1)[0])
        assert watcher.path is None  # at once: nothing goes on to be written where it is lost
        for batch in batches(5):
            step(model, optimizer, batch)
        watcher.log(train_loss=1.0)
        watcher.log(train_loss=1.0, more=2)
    assert len(said) == 1


@pytest.mark.parametrize("name", ["file/mine", "x" * 300])
def test_where_no_folder_can_be_made_one_warning_says_so_and_the_training_goes_on_the_same(name, loop, tmp_path):
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match="the training goes on without being recorded") as said:
        model, watcher = loop(tmp_path / name)
    assert len(said) == 1
    assert (watcher.path, watcher.findings(), watcher.should_stop) == (None, (), False)
    assert same(model, loop()[0])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_loop_that_changes_its_working_folder_is_recorded_where_it_began(loop, parts, tmp_path, monkeypatch):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with advisor.watch(model, optimizer, "runs/mine", quiet=True) as watcher:
        monkeypatch.chdir(tmp_path / "elsewhere")
        watcher.log(train_loss=step(model, optimizer, batches(1)[0]))
        watcher.findings()
    assert json.loads((tmp_path / "runs" / "mine" / "run.json").read_text(encoding="utf-8"))["status"] == "done"
    assert (tmp_path / "runs" / "mine" / "findings.json").exists()
    assert not list((tmp_path / "elsewhere").iterdir())


class Hostile:
    """Fails wherever it is asked."""

    def __float__(self):
        raise ZeroDivisionError

    __str__ = __float__


@pytest.mark.parametrize("figures", [[("train_loss", 1.0)], 0.5, {"x": Hostile()}, {"x": 10**400}, {"x": torch.ones(3)}, {Hostile(): 1.0}])
def test_what_cannot_be_logged_does_not_end_the_recording(figures, parts, tmp_path):
    network, batches, step = parts
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
        with pytest.warns(UserWarning, match="is left out: give a number or a text by its name"):
            watcher.log(figures, step=1)
        step(model, optimizer, batches(1)[0])
        watcher.log(figures, train_loss=1.0)
        assert watcher.path
    assert [row["train_loss"] for row in rows(tmp_path / "mine" / "run.csv")] == ["1"]


def test_warnings_that_are_errors_do_not_reach_the_loop(parts, tmp_path, capsys):
    model = parts[0]()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True) as watcher:
            watcher.log(train_loss=1.0, strange=object())
    assert "strange is left out" in capsys.readouterr().err


def test_the_public_names_are_functions_whatever_was_imported_before():
    assert callable(advisor.watch)
    assert watcher_module.watch is advisor.watch
    assert callable(advisor.diagnose)
    assert advisor.diagnose is advisor.diagnose
    code = "import advisor, sys; assert not {'torch', 'numpy'} & set(sys.modules); advisor.watch; assert callable(advisor.watch)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_package_can_be_sent_to_a_worker():
    assert pickle.loads(pickle.dumps(advisor)) is advisor


def test_without_torch_it_says_how_to_install_it():
    code = "import sys; sys.modules['torch'] = None\nimport advisor\ntry: advisor.watch\nexcept advisor.AdvisorError as e: print(e)"
    said = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert said.stdout.strip() == "advisor.watch needs torch, which is not installed: pip install torch"
