"""The callback in real Keras trainings, on the backend that KERAS_BACKEND names; skipped where Keras is not installed."""

import json
import os

import numpy as np
import pytest

import advisor

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
on_torch = pytest.mark.skipif(keras.config.backend() != "torch", reason="layers are seen on PyTorch alone")


def network():
    layers = [keras.layers.Input((6,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dropout(0.2), keras.layers.Dense(3)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
    return model


def fitted(folder, *, watch=True, epochs=3, y_val=None, more=(), **options):
    from advisor.integrations.keras import AdvisorCallback

    keras.utils.set_random_seed(0)
    draw = np.random.default_rng(0)
    x = draw.normal(size=(96, 6)).astype("float32")
    y = (x[:, 0] > 0).astype("int32")
    model = network()
    callbacks = [*([AdvisorCallback(folder / "mine", quiet=True, **options)] if watch else []), *more]
    model.fit(x, y, batch_size=16, epochs=epochs, callbacks=callbacks, verbose=0, validation_data=(x, y if y_val is None else y_val))
    return model


class Compare(keras.callbacks.Callback):
    """Norms by numpy, from what Keras itself holds at the end of a batch."""

    def __init__(self):
        super().__init__()
        self.gradients, self.ratios, self.before = [], [], None

    def on_train_batch_begin(self, batch, logs=None):
        self.before = self._first()

    def on_train_batch_end(self, batch, logs=None):
        first = [v.value.grad.numpy().ravel() for v in self.model.layers[0].trainable_variables]
        self.gradients.append(np.linalg.norm(np.concatenate(first)))
        self.ratios.append(np.linalg.norm(self._first() - self.before) / np.linalg.norm(self.before))

    def _first(self):
        return np.concatenate([v.numpy().ravel() for v in self.model.layers[0].trainable_variables])


def test_figures_of_the_epochs_are_recorded(tmp_path):
    model = fitted(tmp_path)
    run = advisor.load(tmp_path / "mine")
    assert (run.epochs, run.steps) == (3, 18)
    assert {"train_loss", "val_loss", "train_accuracy", "val_accuracy", "lr"} <= set(run.series)
    about = json.loads((tmp_path / "mine" / "run.json").read_text(encoding="utf-8"))
    assert about["status"] == "done"
    assert about["facts"] == {"parameters": model.count_params(), "trainable_parameters": model.count_params(), "epochs_planned": 3}


def test_a_training_that_goes_on_counts_on(tmp_path):
    from advisor.integrations.keras import AdvisorCallback

    model = fitted(tmp_path, watch=False, epochs=2)
    x = np.random.default_rng(0).normal(size=(96, 6)).astype("float32")
    more = AdvisorCallback(tmp_path / "mine", quiet=True)
    model.fit(x, (x[:, 0] > 0).astype("int32"), batch_size=16, initial_epoch=2, epochs=4, callbacks=[more], verbose=0)
    series = advisor.load(tmp_path / "mine").need("train_loss")
    assert (list(series.epochs), list(series.steps)) == ([3, 4], [18, 24])


@on_torch
def test_layers_are_recorded_as_numpy_reckons_them(tmp_path):
    compare = Compare()
    fitted(tmp_path, record_every=1, more=[compare])
    layers = advisor.load(tmp_path / "mine").need_layers()
    assert layers.names == ("dense", "dense/activation", "dense_1") or len(layers.names) == 3
    assert layers.kinds == ("Dense", "ReLU", "Dense")
    assert list(layers.statistics["grad_norm"][:, 0]) == pytest.approx(compare.gradients, rel=1e-4)
    assert list(layers.statistics["update_ratio"][:, 0]) == pytest.approx(compare.ratios, rel=1e-3)
    assert layers.recorded["zero_share"][:, 1].all()
    assert layers.recorded["activation_std"].all()


def test_weights_are_the_same_with_and_without_it(tmp_path):
    plain, watched = fitted(tmp_path, watch=False), fitted(tmp_path)
    assert all(np.array_equal(a, b) for a, b in zip(plain.get_weights(), watched.get_weights(), strict=True))
    assert not any(getattr(layer, "_forward_hooks", None) for layer in watched.layers)


@pytest.mark.skipif(keras.config.backend() == "torch", reason="there they are seen")
def test_what_is_missing_is_said_under_skipped(tmp_path):
    fitted(tmp_path)
    skipped = {entry.rule: entry.reason for entry in advisor.diagnose(advisor.load(tmp_path / "mine")).skipped}
    assert "Keras does not hand out gradients and layers" in skipped["dead-units"]


@on_torch
def test_a_rule_stops_the_training(tmp_path):
    class Blow(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.set_weights([np.full_like(w, np.nan) for w in self.model.get_weights()])

    fitted(tmp_path, epochs=9, stop_on="non-finite-loss", more=[Blow()])
    assert advisor.load(tmp_path / "mine").epochs < 9
