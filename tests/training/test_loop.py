"""Training as a whole, on data small enough for a test."""

import csv
import json
import math
import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from advisor.config import parse
from advisor.errors import RunFolderError
from advisor.training import evaluate, range_test, resume, train
from advisor.training.document import new_document
from advisor.training.events import EpochDone, StepDone, ignore
from advisor.training.folder import RunFolder, load_checkpoint, load_weights
from advisor.training.functions import seed_everything
from advisor.training.loop import Training
from advisor.training.one_batch import effort_of
from advisor.training.probes import probe
from advisor.training.progress import Progress
from advisor.training.repeatable import repeatable
from advisor.training.setup import set_up

SMALL = {"data": {"source": "blobs", "samples": 120}, "model": {"hidden": [8]}, "train": {"epochs": 3}}


def _config(**changes):
    tree = {section: dict(keys) for section, keys in SMALL.items()}
    for path, value in changes.items():
        section, _, key = path.partition("__")
        tree.setdefault(section, {})[key] = value
    return parse(tree)


def _table(folder, name="run.csv"):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _without_seconds(folder):
    return [{name: cell for name, cell in row.items() if name != "seconds"} for row in _table(folder)]


def _document(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def _weights(folder, config):
    model = set_up(config).model
    load_weights(folder, model)
    return model.state_dict()


def _same(first, second):
    return all(torch.equal(first[name], second[name]) for name in first)


class _StopAt:
    """Ctrl-C at a step."""

    def __init__(self, step):
        self.step = step

    def __call__(self, event):
        if event == StepDone(self.step):
            raise KeyboardInterrupt


FULL = {
    "data__augment_noise": 0.1,
    "data__label_noise": 0.1,
    "model__dropout": 0.2,
    "model__norm": "batch",
    "optim__schedule": "cosine",
    "optim__warmup": 0.1,
    "optim__l1": 1e-4,
    "optim__l2": 1e-3,
    "optim__clip_norm": 1.0,
    "train__class_weights": "balanced",
    "train__epochs": 4,
}


def test_the_run_folder_holds_what_the_contract_says(tmp_path):
    result = train(_config(), tmp_path / "run")
    assert result.status == "done" and result.epoch == 3
    heads = {name: (tmp_path / "run" / name).read_text(encoding="utf-8").splitlines()[0] for name in ("run.csv", "steps.csv", "layers.csv")}
    assert heads == {
        "run.csv": "epoch,step,train_loss,val_loss,train_accuracy,val_accuracy,val_balanced_accuracy,lr,grad_norm,seconds",
        "steps.csv": "step,epoch,loss,grad_norm,lr",
        "layers.csv": "step,epoch,layer,kind,grad_norm,weight_norm,update_ratio,zero_share,saturated_share,activation_std",
    }
    document = _document(tmp_path / "run")
    assert document["status"] == "done" and document["id"] == result.run_id and document["result"]["epoch"] == 3
    assert {
        "samples",
        "features",
        "classes",
        "class_shares",
        "input_mean",
        "input_spread",
        "parameters",
        "epochs_planned",
        "probes",
    } <= set(document["facts"])
    assert {"config.toml", "run.csv", "steps.csv", "layers.csv", "model.safetensors", "resume", "run.json"} == {
        path.name for path in (tmp_path / "run").iterdir()
    }


def test_regression_has_r2_instead_of_accuracies(tmp_path):
    train(_config(data__source="regression", train__epochs=15, optim__lr=0.01), tmp_path / "run")
    rows = _table(tmp_path / "run")
    assert list(rows[0]) == ["epoch", "step", "train_loss", "val_loss", "train_r2", "val_r2", "lr", "grad_norm", "seconds"]
    assert float(rows[-1]["val_r2"]) > float(rows[0]["val_r2"])
    assert float(rows[-1]["val_r2"]) == pytest.approx(1 - float(rows[-1]["val_loss"]) / _validation_variance(), rel=1e-4)


def _validation_variance():
    return float(set_up(_config(data__source="regression")).data.y_val.double().var(correction=0))


def test_without_a_validation_part_its_cells_are_empty(tmp_path):
    train(_config(data__validation=0), tmp_path / "run")
    assert _table(tmp_path / "run")[0]["val_loss"] == "" and _table(tmp_path / "run")[0]["train_loss"] != ""


def test_the_same_config_repeats_run_csv_to_the_byte_but_for_seconds(tmp_path):
    for name in ("a", "b"):
        train(_config(**FULL), tmp_path / name)
    assert _without_seconds(tmp_path / "a") == _without_seconds(tmp_path / "b")
    assert (tmp_path / "a" / "layers.csv").read_bytes() == (tmp_path / "b" / "layers.csv").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes", [[], ["model.kind=cnn"], ["data.source=regression", "optim.l1=0.001", "model.dropout=0.2", "data.augment_noise=0.1"]]
)
def test_two_processes_write_the_same_bytes_but_for_seconds(tmp_path, changes):
    sets = [argument for change in ["train.epochs=3", *changes] for argument in ("--set", change)]
    for name in ("a", "b"):
        command = [sys.executable, "-m", "advisor", "train", *sets, "--run-dir", str(tmp_path), "--name", name, "--quiet"]
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    lines = [(tmp_path / name / "run.csv").read_bytes().split(b"\n") for name in ("a", "b")]
    assert lines[0][0].endswith(b",seconds")
    first, second = ([line.rpartition(b",")[0] for line in found] for found in lines)
    assert first == second and len(first) == 5
    for file in ("steps.csv", "layers.csv", "model.safetensors", "config.toml"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_another_seed_gives_another_run_on_the_same_data(tmp_path):
    train(_config(), tmp_path / "a")
    train(_config(train__seed=1), tmp_path / "b")
    assert _without_seconds(tmp_path / "a") != _without_seconds(tmp_path / "b")
    assert (evaluate(tmp_path / "a").targets == evaluate(tmp_path / "b").targets).all()


def test_recording_does_not_change_what_is_trained(tmp_path):
    often, seldom = _config(**FULL, train__record_every=1), _config(**FULL, train__record_every=10**9)
    train(often, tmp_path / "often")
    train(seldom, tmp_path / "seldom")
    assert len(_table(tmp_path / "often", "layers.csv")) > 3 * len(_table(tmp_path / "seldom", "layers.csv"))
    assert _same(_weights(tmp_path / "often", often), _weights(tmp_path / "seldom", seldom))
    assert _without_seconds(tmp_path / "often") == _without_seconds(tmp_path / "seldom")


def test_the_loop_takes_the_steps_of_a_plain_one(tmp_path):
    config = _config(data__batch_size="full", data__shuffle=False, optim__name="sgd", optim__lr=0.1)
    setup = set_up(config)
    model, data = setup.model, setup.data
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(data.x_train), data.y_train)
        loss.backward()
        norm = torch.sqrt(sum((parameter.grad**2).sum() for parameter in model.parameters()))
        optimizer.step()
        losses.append((loss.item(), norm.item()))
    train(config, tmp_path / "run")
    rows = _table(tmp_path / "run")
    assert [(float(row["train_loss"]), float(row["grad_norm"])) for row in rows] == [pytest.approx(pair, rel=1e-6) for pair in losses]
    assert _same(_weights(tmp_path / "run", config), model.state_dict())


def test_grad_norm_is_measured_before_clipping(tmp_path):
    train(_config(optim__clip_norm=1e-6, train__epochs=1), tmp_path / "run")
    row = _table(tmp_path / "run")[0]
    assert float(row["grad_norm"]) > 1e-3


def test_layer_gradients_make_up_the_gradient_of_the_step(tmp_path):
    train(_config(optim__clip_norm=1e-3), tmp_path / "run")
    steps = {row["step"]: float(row["grad_norm"]) for row in _table(tmp_path / "run", "steps.csv")}
    layers = {}
    for row in _table(tmp_path / "run", "layers.csv"):
        layers[row["step"]] = layers.get(row["step"], 0.0) + float(row["grad_norm"] or 0) ** 2
    assert all(math.sqrt(total) == pytest.approx(steps[step], rel=1e-4) for step, total in layers.items())


def test_every_step_stands_in_steps_csv_and_the_short_batch_is_kept(tmp_path):
    train(_config(), tmp_path / "run")  # 96 training samples
    assert [int(row["step"]) for row in _table(tmp_path / "run", "steps.csv")] == list(range(1, 10))
    train(_config(data__batch_size=50), tmp_path / "short")
    assert len(_table(tmp_path / "short", "steps.csv")) == 6


def test_a_single_sample_left_over_is_dropped_under_batch_norm_alone(tmp_path):
    steps = {}
    for norm in ("none", "batch"):
        train(_config(model__norm=norm, data__batch_size=19), tmp_path / norm)  # 96 = 5 * 19 + 1
        steps[norm] = len(_table(tmp_path / norm, "steps.csv"))
    assert steps == {"none": 18, "batch": 15}


def test_class_weights_weigh_the_training_loss_alone(tmp_path):
    source = tmp_path / "rare.csv"
    source.write_text("x,y\n" + "\n".join(f"{i % 7}.5,{'rare' if i % 10 == 0 else 'usual'}" for i in range(100)) + "\n", encoding="utf-8")
    rows = {}
    for weights in ("none", "balanced"):
        config = _config(data__source=str(source), optim__lr=1e-12, train__epochs=1, train__class_weights=weights, data__batch_size="full")
        train(config, tmp_path / weights)
        rows[weights] = _table(tmp_path / weights)[0]
    assert rows["none"]["val_loss"] == rows["balanced"]["val_loss"]
    assert rows["none"]["train_loss"] != rows["balanced"]["train_loss"]


def test_early_stopping_keeps_the_best_epoch_as_the_result(tmp_path):
    config = _config(train__epochs=200, train__early_stopping=3, optim__lr=0.05, data__noise=4.0, model__hidden=[64, 64])
    result = train(config, tmp_path / "run")
    rows = _table(tmp_path / "run")
    losses = [float(row["val_loss"]) for row in rows]
    best = losses.index(min(losses)) + 1
    assert result.status == "done" and result.epoch == best == len(rows) - 3
    setup = set_up(config)
    load_weights(tmp_path / "run", setup.model)
    setup.model.eval()
    with torch.no_grad():
        assert float(setup.loss(setup.model(setup.data.x_val), setup.data.y_val)) == pytest.approx(min(losses), rel=1e-5)


def test_a_loss_that_is_not_finite_is_written_and_ends_the_training(tmp_path):
    result = train(_config(optim__name="sgd", optim__lr=1e30, data__source="regression", train__epochs=50), tmp_path / "run")
    rows = _table(tmp_path / "run")
    assert result.status == "failed" == _document(tmp_path / "run")["status"]
    assert rows[-1]["train_loss"] in {"nan", "inf"} and len(rows) < 50
    json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_the_test_part_is_measured_once_at_the_end(tmp_path):
    train(_config(data__test=0.2), tmp_path / "run")
    assert {"test_loss", "test_accuracy", "test_balanced_accuracy"} <= set(_document(tmp_path / "run")["result"])


def test_evaluate_gives_the_accuracy_that_was_recorded(tmp_path):
    train(_config(), tmp_path / "run")
    scores = evaluate(tmp_path / "run")
    assert (scores.targets == scores.predictions).mean() == pytest.approx(float(_table(tmp_path / "run")[-1]["val_accuracy"]))


def test_ctrl_c_ends_cleanly_with_the_last_whole_epoch(tmp_path):
    result = train(_config(train__epochs=9), tmp_path / "run", listener=_StopAt(8))
    assert result.status == "stopped" and result.epoch == 2
    assert [row["epoch"] for row in _table(tmp_path / "run")] == ["1", "2"]
    assert _document(tmp_path / "run")["result"]["epoch"] == 2
    train(_config(train__epochs=2), tmp_path / "two")
    assert _same(_weights(tmp_path / "run", _config()), _weights(tmp_path / "two", _config()))


def test_ctrl_c_in_the_first_epoch_leaves_a_run_without_a_result(tmp_path):
    result = train(_config(), tmp_path / "run", listener=_StopAt(1))
    assert result.status == "stopped" and result.epoch is None
    assert _document(tmp_path / "run")["result"] is None and not (tmp_path / "run" / "model.safetensors").exists()


@pytest.mark.parametrize("step", [1, 3, 5, 8])
def test_a_resumed_run_ends_like_an_unbroken_one(tmp_path, step):
    config = _config(**FULL)
    train(config, tmp_path / "whole")
    train(config, tmp_path / "broken", listener=_StopAt(step))
    result = resume(tmp_path / "broken")
    assert result.status == "done"
    assert _same(_weights(tmp_path / "whole", config), _weights(tmp_path / "broken", config))
    assert _without_seconds(tmp_path / "whole") == _without_seconds(tmp_path / "broken")
    for name in ("steps.csv", "layers.csv"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()


OWN_NOISE = """
import random
import numpy as np
import torch

class Noisy(torch.nn.Linear):
    def forward(self, x):
        return super().forward(x) + (np.random.rand() + random.random() if self.training else 0.0)

def build(input_shape, outputs):
    return Noisy(input_shape[0], outputs)
"""


def test_a_module_that_draws_from_python_and_numpy_resumes_as_if_unbroken(tmp_path):
    (tmp_path / "own.py").write_text(OWN_NOISE, encoding="utf-8")
    config = _config(model__kind=f"{tmp_path / 'own.py'}:build")
    train(config, tmp_path / "whole")
    train(config, tmp_path / "broken", listener=_StopAt(4))
    assert resume(tmp_path / "broken").status == "done"
    assert _without_seconds(tmp_path / "whole") == _without_seconds(tmp_path / "broken")


@pytest.mark.parametrize("damage", [b"\xed\x00", b"step,epoch\nnothing,1\n", b"step,epoch\n\n1,1\n"])
def test_rows_that_are_damaged_are_refused_in_one_line(tmp_path, damage):
    train(_config(), tmp_path / "run", listener=_StopAt(4))
    (tmp_path / "run" / "steps.csv").write_bytes(damage)
    with pytest.raises(RunFolderError, match=r"its recorded rows are damaged \(.+\); put them back as they were, or train again"):
        resume(tmp_path / "run")


def test_a_resumed_run_keeps_the_best_epoch_of_before(tmp_path):
    config = _config(train__epochs=200, train__early_stopping=3, optim__lr=0.05, data__noise=4.0, model__hidden=[64, 64])
    whole = train(config, tmp_path / "whole")
    train(config, tmp_path / "broken", listener=_StopAt(3 * (whole.epoch + 1) + 1))
    assert resume(tmp_path / "broken").epoch == whole.epoch
    assert _same(_weights(tmp_path / "whole", config), _weights(tmp_path / "broken", config))


def test_more_epochs_go_on_where_a_finished_run_ended(tmp_path):
    train(_config(train__epochs=4), tmp_path / "long")
    train(_config(train__epochs=2), tmp_path / "short")
    resume(tmp_path / "short", 4)
    assert _without_seconds(tmp_path / "long") == _without_seconds(tmp_path / "short")
    assert "epochs = 4" in (tmp_path / "short" / "config.toml").read_text(encoding="utf-8")
    assert _document(tmp_path / "short")["facts"]["epochs_planned"] == 4


def test_a_finished_run_has_nothing_to_go_on_with(tmp_path):
    train(_config(), tmp_path / "run")
    with pytest.raises(RunFolderError, match="nothing is left to train"):
        resume(tmp_path / "run")
    with pytest.raises(RunFolderError, match="can only be made longer"):
        resume(tmp_path / "run", 2)


def test_an_existing_folder_is_never_overwritten(tmp_path):
    train(_config(), tmp_path / "run")
    before = (tmp_path / "run" / "run.csv").read_bytes()
    with pytest.raises(RunFolderError, match="exists already"):
        train(_config(), tmp_path / "run")
    assert (tmp_path / "run" / "run.csv").read_bytes() == before


def test_a_folder_in_use_is_refused(tmp_path):
    seen = []

    def resume_meanwhile(event):
        if isinstance(event, EpochDone):
            with pytest.raises(RunFolderError, match="another process"):
                resume(tmp_path / "run")
            seen.append(event)

    train(_config(), tmp_path / "run", listener=resume_meanwhile)
    assert len(seen) == 3


def test_the_checkpoint_is_plain_data(tmp_path):
    train(_config(train__early_stopping=2), tmp_path / "run")
    assert load_checkpoint(tmp_path / "run")["progress"]["epoch"] == 3


def test_the_first_loss_and_a_guess_are_known_before_training(tmp_path):
    train(_config(), tmp_path / "run")
    probes = _document(tmp_path / "run")["facts"]["probes"]
    assert probes["guess_loss"] == pytest.approx(math.log(3)) and probes["first_loss"] > 0
    assert probes["unreached"] == [] == probes["zero_gradient"]


def test_zero_weights_are_found_to_receive_no_gradient(tmp_path):
    train(_config(model__init="zeros"), tmp_path / "run")
    assert "hidden1.linear.weight" in _document(tmp_path / "run")["facts"]["probes"]["zero_gradient"]


def test_a_range_test_suggests_a_rate_at_which_training_works(tmp_path):
    found = range_test(_config(optim__name="sgd"))
    assert 1e-3 < found.suggestion < 5
    assert len(found.rates) == len(found.losses)
    train(_config(optim__name="sgd", optim__lr=found.suggestion, train__epochs=5), tmp_path / "run")
    rows = _table(tmp_path / "run")
    assert float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])


def test_a_range_test_leaves_random_numbers_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    range_test(_config())
    assert torch.equal(before, torch.get_rng_state())


def _state_of_numpy():
    return np.random.get_state()[1].tolist()  # noqa: NPY002 - the global state is what is looked at


def test_random_numbers_of_every_kind_are_where_they_were_after_the_probes():
    setup = set_up(_config(model__dropout=0.5, model__norm="batch"))
    seed_everything(1)
    before = (random.getstate(), _state_of_numpy(), torch.get_rng_state().tolist())
    weights = {name: tensor.clone() for name, tensor in setup.model.state_dict().items()}
    probe(setup)
    assert (random.getstate(), _state_of_numpy(), torch.get_rng_state().tolist()) == before
    assert _same(weights, setup.model.state_dict()) and setup.model.training
    assert all(parameter.grad is None for parameter in setup.model.parameters())


def test_a_training_after_the_probes_is_one_without_them(tmp_path):
    config = _config(**FULL)
    train(config, tmp_path / "run")
    with repeatable(config), RunFolder.create(tmp_path / "plain", config, "classification", {}) as out:
        setup = set_up(config)
        Training(setup, Progress(), out, ignore).run(new_document(setup, {}, None))
    assert _same(_weights(tmp_path / "run", config), _weights(tmp_path / "plain", config))
    assert _without_seconds(tmp_path / "run") == _without_seconds(tmp_path / "plain")


@pytest.mark.parametrize(
    "changes", [{}, {"data__source": "digits"}, {"data__source": "regression"}, {"model__norm": "batch"}, {"model__dropout": 0.5}]
)
def test_a_working_network_fits_one_batch(changes):
    batch = probe(set_up(_config(**{"data__noise": 0.5, "model__hidden": [32, 32], **changes})))["one_batch"]
    assert batch["samples"] == 16 and 0 < batch["steps"] <= 40
    assert batch["last_loss"] < 0.1 * batch["first_loss"] and batch["removed"] == 1 - batch["last_loss"] / batch["first_loss"]
    assert batch.get("accuracy", batch.get("r2")) > 0.9


@pytest.mark.parametrize(
    "changes", [{"model__init": "zeros"}, {"model__output": "softmax"}, {"model__activation": "sigmoid", "model__hidden": [64] * 6}]
)
def test_a_network_that_cannot_learn_does_not_fit_one_batch(changes):
    probes = probe(set_up(_config(data__source="digits", **changes)))
    assert probes["one_batch"]["last_loss"] > 0.5 * probes["guess_loss"]


def test_a_batch_of_a_sorted_source_holds_every_class():
    batch = probe(set_up(_config(data__source="iris", data__shuffle=False, model__init="zeros")))["one_batch"]
    assert batch["accuracy"] < 0.5  # one class alone would be right everywhere


def test_a_large_network_gets_fewer_steps_and_a_huge_one_none():
    sizes = [_config(model__hidden=[width] * 2) for width in (8, 1200, 4000)]
    efforts = [effort_of(setup.model, setup.data.x_train) for setup in map(set_up, sizes)]
    assert efforts[0].steps == 40 > efforts[1].steps >= 10 and efforts[2].steps == 0
    assert probe(set_up(_config(model__hidden=[4000, 4000])))["one_batch"] is None


def test_the_probes_take_as_many_steps_on_every_machine():
    assert probe(set_up(_config())) == probe(set_up(_config()))
