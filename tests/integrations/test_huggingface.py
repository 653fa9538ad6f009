"""The callback in real Trainer runs; skipped where transformers is not installed."""

import json

import pytest
import torch
from torch import nn

import advisor

transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))

    def forward(self, x, labels):
        logits = self.net(x)
        return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}


def data(count=96):
    draw = torch.Generator().manual_seed(1)
    return [{"x": x, "labels": (x[0] > 0).long()} for x in torch.randn(count, 6, generator=draw)]


def accuracy(predicted):
    return {"accuracy": float((predicted.predictions.argmax(-1) == predicted.label_ids).mean())}


def trained(folder, *, watch=True, model=None, sets=None, options=None, **arguments):
    from advisor.integrations.huggingface import AdvisorCallback

    transformers.set_seed(0)
    model = model or Net()
    args = transformers.TrainingArguments(
        output_dir=str(folder / "out"), report_to=[], use_cpu=True, disable_tqdm=True, logging_strategy="steps",
        per_device_train_batch_size=16, learning_rate=1e-2,
        **{"num_train_epochs": 3, "logging_steps": 2, "eval_strategy": "epoch", "save_strategy": "no", **arguments},
    )  # fmt: skip
    callbacks = [AdvisorCallback(folder / "mine", **{"quiet": True, **(options or {})})] if watch else []
    given = {"train_dataset": data(), "eval_dataset": sets or data(32), "callbacks": callbacks, "compute_metrics": accuracy}
    trainer = transformers.Trainer(model, args, **given)
    trainer.train()
    return model, trainer


def test_evaluations_steps_and_layers_are_recorded(tmp_path):
    _, trainer = trained(tmp_path, options={"record_every": 1})
    run = advisor.load(tmp_path / "mine")
    assert (run.epochs, run.steps) == (3, 18)
    assert {"train_loss", "val_loss", "val_accuracy"} <= set(run.series)
    assert run.need_layers().names == ("net.0", "net.1", "net.3")
    logged = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert list(run.step_series["train_loss"].values) == pytest.approx(logged)
    assert list(run.series["val_loss"].values) == pytest.approx([e["eval_loss"] for e in trainer.state.log_history if "eval_loss" in e])
    about = json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))
    assert (about["status"], about["facts"]["epochs_planned"]) == ("done", 3)


def test_weights_are_the_same_with_and_without_it(tmp_path):
    plain, watched = trained(tmp_path, watch=False)[0], trained(tmp_path)[0]
    assert all(torch.equal(a, b) for a, b in zip(plain.state_dict().values(), watched.state_dict().values(), strict=True))


def test_accumulated_batches_are_one_step(tmp_path):
    trained(tmp_path, gradient_accumulation_steps=3, options={"record_every": 1}, logging_steps=1)
    run = advisor.load(tmp_path / "mine")
    assert run.steps == 6
    assert len(run.step_series["grad_norm"]) == 6


def test_evaluations_within_an_epoch_are_rows_at_their_fraction_of_it(tmp_path):
    trained(tmp_path, eval_strategy="steps", eval_steps=3, num_train_epochs=1, sets={"a": data(16), "b": data(8)})
    run = advisor.load(tmp_path / "mine")
    assert list(run.series["train_loss"].epochs) == [0.5, 1.0]
    assert len(run.need("val_loss")) == len(run.need("val_loss:b")) == len(run.need("val_accuracy")) == 2


def test_a_training_that_goes_on_counts_on(tmp_path):
    _, trainer = trained(tmp_path, num_train_epochs=2, save_strategy="epoch")
    trainer.args.num_train_epochs = 4
    with pytest.warns(UserWarning, match="exists already"):
        trainer.train(resume_from_checkpoint=True)
    series = advisor.load(tmp_path / "mine-2").need("train_loss")
    assert (list(series.epochs), list(series.steps)) == ([3, 4], [18, 24])


def test_without_evaluation_each_log_is_a_row(tmp_path):
    trained(tmp_path, eval_strategy="no")
    assert len(advisor.load(tmp_path / "mine").series["train_loss"]) == 9


class Blown(Net):
    def forward(self, x, labels):
        found = super().forward(x, labels)
        return found if self.training else {**found, "loss": found["loss"] * float("nan")}


def test_a_rule_stops_the_training(tmp_path):
    trained(tmp_path, model=Blown(), num_train_epochs=9, options={"stop_on": "non-finite-loss"})
    assert advisor.load(tmp_path / "mine").epochs < 9
