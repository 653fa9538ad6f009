import numpy as np
import pytest
import torch
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from advisor.config import parse
from advisor.errors import ConfigError, DataError
from advisor.training import origin
from advisor.training.data import load_data


def load(base=None, model=None, train=None, **data):
    tree = {"data": data, "model": model or {}, "train": train or {}}
    return load_data(parse(tree, base) if base else parse(tree))


def shares(labels):
    return np.bincount(labels) / len(labels)


def test_parts_hold_the_classes_in_the_shares_of_the_whole():
    data = load(source="breast_cancer", validation=0.2, test=0.1)
    whole = shares(origin.read(parse({"data": {"source": "breast_cancer"}})).whole.y)
    for part, size in ((data.y_train, 569 - 114 - 57), (data.y_val, 114), (data.y_test, 57)):
        assert len(part) == size
        np.testing.assert_allclose(shares(part), whole, atol=1 / size)


def test_parts_are_disjoint_and_complete():
    data = load(source="diabetes", validation=0.3, test=0.2, scale="none")
    rows = np.concatenate([data.x_train, data.x_val, data.x_test])
    assert len(np.unique(rows, axis=0)) == len(rows) == 442


def test_a_test_part_leaves_the_validation_part_as_it_was():
    assert torch.equal(load(source="iris", scale="none").x_val, load(source="iris", scale="none", test=0.3).x_val)


def test_the_training_part_keeps_the_order_of_the_source():
    labels = load(source="iris").y_train
    assert torch.equal(labels, labels.sort().values)


def test_training_seed_leaves_the_data_alone_and_the_data_seed_does_not():
    first, other_weights = load(source="iris", train={"seed": 0}), load(source="iris", train={"seed": 9})
    assert torch.equal(first.x_train, other_weights.x_train)
    assert not torch.equal(first.x_val, load(source="iris", seed=1).x_val)


@pytest.mark.parametrize(("how", "scaler"), [("standard", StandardScaler()), ("minmax", MinMaxScaler())])
def test_scaling_is_fitted_on_the_training_part_alone(how, scaler):
    raw, scaled = load(source="wine", scale="none"), load(source="wine", scale=how)
    scaler.fit(raw.x_train.numpy())
    np.testing.assert_allclose(scaled.x_train, scaler.transform(raw.x_train), atol=1e-5)
    np.testing.assert_allclose(scaled.x_val, scaler.transform(raw.x_val), atol=1e-5)


def test_images_are_scaled_by_channel(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal([[[[5.0]], [[-3.0]], [[100.0]]]], [[[[1.0]], [[4.0]], [[30.0]]]], size=(60, 3, 6, 6))
    np.savez(tmp_path / "images.npz", x=x, y=np.arange(60) % 3)
    data = load(tmp_path, source="images.npz", model={"kind": "cnn"})
    assert data.x_train.mean((0, 2, 3)).abs().max() < 1e-5
    assert (data.x_train.std((0, 2, 3)) - 1).abs().max() < 1e-3
    assert data.x_train[:, 0, 0, 0].mean().abs() > 1e-3, "single pixels are not scaled on their own"


def test_constant_columns_become_zero(tmp_path):
    np.savez(tmp_path / "constant.npz", x=np.full((30, 2), [0.1, 7.0]) + np.arange(30)[:, None] * [0.0, 1.0], y=np.arange(30) % 2)
    data = load(tmp_path, source="constant.npz")
    assert data.x_train[:, 0].abs().max() < 1e-12


def test_inputs_are_multiplied_after_scaling():
    torch.testing.assert_close(load(source="iris", multiply=100.0).x_val, load(source="iris").x_val * 100)


def test_targets_are_scaled_by_the_training_part():
    raw, scaled = load(source="diabetes", scale_target="none"), load(source="diabetes")
    mean, spread = raw.y_train.mean(), raw.y_train.std(correction=0)
    torch.testing.assert_close(scaled.y_val, (raw.y_val - mean) / spread)
    assert scaled.y_train.shape == (354, 1)


def test_the_limit_keeps_each_class_and_leaves_validation_whole():
    data = load(source="digits", limit=50)
    assert np.bincount(data.y_train).tolist() == [5] * 10
    assert len(data.y_val) == 359


def test_label_noise_replaces_exactly_that_share_by_other_classes():
    clean, noisy = load(source="digits"), load(source="digits", label_noise=0.25)
    assert int((clean.y_train != noisy.y_train).sum()) == round(0.25 * len(clean.y_train))
    assert torch.equal(clean.y_val, noisy.y_val)
    assert torch.equal(clean.x_train, noisy.x_train)


def test_label_noise_on_numbers_is_in_units_of_their_spread():
    clean, noisy = load(source="regression"), load(source="regression", label_noise=0.5)
    assert float((noisy.y_train - clean.y_train).std()) == pytest.approx(0.5, rel=0.1)
    assert torch.equal(clean.y_val, noisy.y_val)


def test_bce_takes_one_output_and_others_one_a_class():
    assert load(source="moons", train={"loss": "bce"}).outputs == 1
    assert load(source="moons").outputs == 2
    assert load(source="iris").classes == ("setosa", "versicolor", "virginica")


def test_whole_numbers_are_classes_up_to_twenty_values():
    assert load(source="diabetes").task == "regression"
    assert load(source="digits", task="regression").outputs == 1


def test_facts_say_what_the_network_sees():
    facts = load(source="breast_cancer", multiply=10.0).facts
    assert facts["samples"] == 455
    assert facts["features"] == 30
    assert facts["classes"] == ["malignant", "benign"]
    assert facts["class_shares"] == pytest.approx([0.373, 0.627], abs=0.001)
    assert facts["input_spread"] == pytest.approx(10.0, rel=1e-4)


def test_too_few_samples_are_refused_in_one_line(tmp_path):
    np.savez(tmp_path / "few.npz", x=np.ones((3, 2)), y=np.array([0.5, 1.5, 2.5]))
    with pytest.raises(DataError, match="leave 1 for the training part, expected 2 or more"):
        load(tmp_path, source="few.npz", validation=0.6)


def test_infinite_inputs_are_refused(tmp_path):
    np.savez(tmp_path / "infinite.npz", x=np.array([[1.0], [np.inf], [2.0], [3.0]] * 5), y=np.arange(20) % 2)
    with pytest.raises(DataError, match="infinite inputs"):
        load(tmp_path, source="infinite.npz")


def test_generated_data_take_no_file_for_validation():
    with pytest.raises(ConfigError, match="comes with advisor"):
        load(source="blobs", validation="other.csv")
