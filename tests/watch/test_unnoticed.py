"""What a user does with the model in the middle of a loop works as without the watcher: copy it, save it, script it, leave it."""

import copy
import csv
import gc
import io
import json
import multiprocessing
import os
import subprocess
import sys
import weakref

import pytest
import torch
from torch import nn

import advisor


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=[False, True], ids=["plain", "something compiled"])
def begun(request, parts, tmp_path):
    """A watched model in the middle of a step that will be recorded; the other param: where torch.compile is in use elsewhere."""
    network, batches, step = parts
    torch.compiler.reset()
    if request.param:
        torch.compile(lambda x: x + 1, backend="eager")(torch.ones(1))
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    watcher = advisor.watch(model, optimizer, tmp_path / "mine", quiet=True)
    step(model, optimizer, batches(1)[0])
    yield model, optimizer, watcher, request.param
    watcher.close()
    torch.compiler.reset()


def test_copies_of_the_model_are_free_of_the_watcher(begun, parts, tmp_path):
    model, optimizer, watcher, _ = begun
    others = [copy.deepcopy(model), torch.optim.swa_utils.AveragedModel(model).module]
    x = 100 * parts[1](1)[0][0]
    for other in others:
        other(x)
    parts[2](model, optimizer, parts[1](1)[0])
    assert watcher.path
    layers = rows(tmp_path / "mine" / "layers.csv")
    assert [row["step"] for row in layers if row["layer"] == "0"] == ["1", "2"]
    assert all(float(row["activation_std"]) < 2 for row in layers)


def test_a_whole_model_that_is_saved_knows_nothing_of_the_watcher(begun):
    file = io.BytesIO()
    torch.save(begun[0], file)
    assert b"advisor" not in file.getvalue()
    file.seek(0)
    assert torch.load(file, weights_only=False)(torch.ones(2, 6)).shape == (2, 3)


@pytest.mark.filterwarnings("ignore")
def test_the_model_can_be_traced_and_scripted(begun):
    model, is_compiler_used = begun[0], begun[3]
    assert torch.jit.trace(model, torch.ones(2, 6))(torch.ones(2, 6)).shape == (2, 3)
    if not is_compiler_used:
        assert torch.jit.script(model)(torch.ones(2, 6)).shape == (2, 3)
        assert not any(module._forward_hooks for module in model.modules())


def test_layers_take_their_fast_paths_in_an_evaluation_in_between(tmp_path):
    torch.manual_seed(0)
    model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with advisor.watch(model, optimizer, tmp_path / "mine", quiet=True):
        model.eval()
        with torch.no_grad(), torch.profiler.profile() as profiler:
            model(torch.randn(2, 3, 8))
    assert any("_transformer_encoder_layer_fwd" in event.key for event in profiler.key_averages())


@pytest.mark.slow
def test_it_watches_without_a_context_until_the_program_ends(tmp_path):
    program = tmp_path / "train.py"
    program.write_text(
        """import sys, torch, advisor
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
watcher = advisor.watch(model, optimizer, sys.argv[1], quiet=True)
for _ in range(20):
    loss = model(torch.ones(3, 2)).square().mean()
    loss.backward()
    optimizer.step()
    watcher.log(step=1, loss=loss)
if sys.argv[2] != "done":
    raise {"failed": ZeroDivisionError, "stopped": KeyboardInterrupt}[sys.argv[2]]
""",
        encoding="utf-8",
    )
    for status in ("done", "failed", "stopped"):
        folder = tmp_path / status
        subprocess.run([sys.executable, str(program), str(folder), status], timeout=120, capture_output=True, check=status == "done")
        assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"] == status
        assert len(rows(folder / "steps.csv")) == 20
        assert len(rows(folder / "layers.csv")) == 10


def test_a_loop_that_is_gone_is_done(parts, tmp_path):
    network, batches, step = parts

    def train():
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        watcher = advisor.watch(model, optimizer, tmp_path / "mine", quiet=True)
        for batch in batches(3):
            watcher.log(step=1, loss=step(model, optimizer, batch))
        return weakref.ref(model)

    model = train()
    gc.collect()
    assert model() is None
    assert not nn.modules.module._global_forward_hooks
    assert json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))["status"] == "done"
    assert len(rows(tmp_path / "mine" / "steps.csv")) == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore")
def test_a_copy_of_the_process_records_nothing(begun, parts, tmp_path):
    model, optimizer, watcher, _ = begun

    def train():
        for batch in parts[1](3):
            watcher.log(step=1, loss=parts[2](model, optimizer, batch))
        watcher.log(train_loss=1.0)

    process = multiprocessing.get_context("fork").Process(target=train)
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert [row["step"] for row in rows(tmp_path / "mine" / "layers.csv") if row["layer"] == "0"] == ["1"]
    assert not (tmp_path / "mine" / "run.csv").exists()
    assert watcher.path
