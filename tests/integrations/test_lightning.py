"""The callback in real Lightning trainings; skipped where Lightning is not installed."""

import json

import pytest
import torch
from torch import nn

import advisor

lightning = pytest.importorskip("lightning.pytorch")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


class Net(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
        self.norms = []

    def training_step(self, batch, index):
        loss = nn.functional.cross_entropy(self.net(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=True, on_epoch=True)
        return loss

    def validation_step(self, batch, index):
        outputs = self.net(batch[0])
        self.log("val_loss", nn.functional.cross_entropy(outputs, batch[1]))
        self.log("val_acc", (outputs.argmax(1) == batch[1]).float().mean())

    def on_before_optimizer_step(self, optimizer):
        self.norms.append(float(torch.stack([p.grad.norm() for p in self.parameters()]).norm()))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-2)


def data():
    draw = torch.Generator().manual_seed(1)
    x = torch.randn(96, 6, generator=draw)
    return torch.utils.data.TensorDataset(x, (x[:, 0] > 0).long())


def fitted(folder, *, watch=True, model=None, epochs=3, callbacks=(), trained=None, from_checkpoint=None, **options):
    from advisor.integrations.lightning import AdvisorCallback

    lightning.seed_everything(0, verbose=False)
    model = model or Net()
    callbacks = [*callbacks, *([AdvisorCallback(folder / "mine", quiet=True, **options)] if watch else [])]
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}
    quiet |= trained or {}
    trainer = lightning.Trainer(max_epochs=epochs, accelerator="cpu", callbacks=callbacks, default_root_dir=folder, **quiet)
    loaders = torch.utils.data.DataLoader(data(), 16, shuffle=True), torch.utils.data.DataLoader(data(), 32)
    trainer.fit(model, *loaders, ckpt_path=from_checkpoint)
    return model


def test_epochs_steps_and_layers_are_recorded(tmp_path):
    model = fitted(tmp_path, record_every=1)
    run = advisor.load(tmp_path / "mine")
    assert (run.epochs, run.steps) == (3, 18)
    assert {"train_loss", "val_loss", "val_accuracy"} <= set(run.series)
    assert run.need_layers().names == ("net.0", "net.1", "net.3")
    assert len(run.step_series["train_loss"]) == 18
    assert list(run.step_series["grad_norm"].values) == pytest.approx(model.norms, rel=1e-4)
    about = json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))
    assert (about["status"], about["facts"]["epochs_planned"]) == ("done", 3)


def test_weights_are_the_same_with_and_without_it(tmp_path):
    plain, watched = fitted(tmp_path, watch=False), fitted(tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(plain.state_dict().values(), watched.state_dict().values(), strict=True))


def test_accumulated_batches_are_one_row_with_their_mean_loss(tmp_path):
    fitted(tmp_path, trained={"accumulate_grad_batches": 3}, record_every=1)
    run = advisor.load(tmp_path / "mine")
    losses = run.step_series["train_loss"]
    assert list(losses.steps) == [1, 2, 3, 4, 5, 6]
    means = [losses.values[2 * epoch : 2 * epoch + 2].mean() for epoch in range(3)]
    assert list(run.need("train_loss").values) == pytest.approx(means, rel=1e-4)


def test_a_training_that_goes_on_counts_on(tmp_path):
    saved = lightning.callbacks.ModelCheckpoint(tmp_path / "saved", save_last=True)
    fitted(tmp_path, epochs=2, callbacks=[saved], trained={"enable_checkpointing": True})
    with pytest.warns(UserWarning, match="exists already"):
        fitted(tmp_path, epochs=4, from_checkpoint=tmp_path / "saved" / "last.ckpt")
    series = advisor.load(tmp_path / "mine-2").need("train_loss")
    assert (list(series.epochs), list(series.steps)) == ([3, 4], [18, 24])


class Blown(Net):
    def validation_step(self, batch, index):
        self.log("val_loss", torch.tensor(float("nan")))


def test_a_rule_stops_the_training(tmp_path):
    fitted(tmp_path, model=Blown(), epochs=9, stop_on="non-finite-loss")
    assert advisor.load(tmp_path / "mine").epochs < 9


class Failing(Net):
    def training_step(self, batch, index):
        if self.trainer.global_step == 4:
            raise ZeroDivisionError
        return super().training_step(batch, index)


def test_a_training_that_fails_is_said_to_have(tmp_path):
    with pytest.raises(ZeroDivisionError):
        fitted(tmp_path, model=Failing())
    assert json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))["status"] == "failed"


def test_wrong_arguments_are_refused_at_construction(tmp_path):
    from advisor.integrations.lightning import AdvisorCallback

    with pytest.raises(advisor.AdvisorError, match="no rule has that name"):
        AdvisorCallback(tmp_path / "mine", stop_on="overfiting")
