import numpy as np
import pytest
from sklearn import datasets

from advisor import catalogue
from advisor.config import parse


def loaded(source, **data):
    config = parse({"data": {"source": source, **data}})
    return catalogue.entry("training.sources", source).load(config).whole


def test_blobs_circles_and_moons_are_those_of_scikit_learn():
    expected = {
        "blobs": datasets.make_blobs(1000, n_features=2, centers=3, cluster_std=2.0, random_state=0),
        "circles": datasets.make_circles(1000, factor=0.5, noise=0.1, random_state=0),
        "moons": datasets.make_moons(1000, noise=0.2, random_state=0),
    }
    for source, (x, y) in expected.items():
        np.testing.assert_array_equal(loaded(source).x, x)
        np.testing.assert_array_equal(loaded(source).y, y)


@pytest.mark.parametrize("samples", [2, 3, 7, 101])
def test_odd_numbers_of_samples_are_shared_out_as_scikit_learn_does(samples):
    expected = {
        "blobs": datasets.make_blobs(samples, n_features=2, centers=3, cluster_std=2.0, random_state=5),
        "circles": datasets.make_circles(samples, factor=0.5, noise=0.1, random_state=5),
        "moons": datasets.make_moons(samples, noise=0.2, random_state=5),
        "regression": datasets.make_regression(samples, n_features=10, random_state=5),
    }
    for source, (x, y) in expected.items():
        noise = {"noise": 0.0} if source == "regression" else {}
        np.testing.assert_array_equal(loaded(source, samples=samples, seed=5, **noise).x, x)
        np.testing.assert_array_equal(loaded(source, samples=samples, seed=5, **noise).y, y)


def test_noise_replaces_the_usual_value():
    x, _ = datasets.make_circles(80, factor=0.5, noise=0.3, random_state=7)
    np.testing.assert_array_equal(loaded("circles", samples=80, noise=0.3, seed=7).x, x)


def test_regression_noise_is_a_share_of_the_targets_spread():
    clean, noisy = loaded("regression", noise=0.0), loaded("regression", noise=0.5)
    assert clean.x.shape == (1000, 10)
    np.testing.assert_array_equal(clean.x, noisy.x)
    assert np.std(noisy.y - clean.y) / np.std(clean.y) == pytest.approx(0.5, rel=0.1)


def test_spirals_without_noise_lie_on_three_arms():
    spirals = loaded("spirals", samples=301, noise=0.0)
    assert np.bincount(spirals.y).tolist() == [101, 100, 100]
    radius, angle = np.linspace(0, 1, 100), np.linspace(4, 8, 100)
    np.testing.assert_allclose(spirals.x[spirals.y == 1], np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]))


@pytest.mark.parametrize("source", ["iris", "wine", "breast_cancer", "diabetes"])
def test_tables_of_scikit_learn_are_taken_as_they_are(source):
    expected = getattr(datasets, f"load_{source}")()
    np.testing.assert_allclose(loaded(source).x, expected.data, rtol=0, atol=1e-15 if source == "diabetes" else 0)
    np.testing.assert_array_equal(loaded(source).y, expected.target)


def test_digits_are_images_to_a_cnn_and_numbers_to_others():
    config = parse({"model": {"kind": "cnn"}})
    assert catalogue.entry("training.sources", "digits").load(config).whole.x.shape == (1797, 1, 8, 8)
    assert loaded("digits").x.shape == (1797, 64)


@pytest.mark.parametrize("source", ["blobs", "circles", "moons", "spirals", "regression"])
def test_the_seed_alone_decides_what_is_generated(source):
    np.testing.assert_array_equal(loaded(source, samples=30, seed=3).x, loaded(source, samples=30, seed=3).x)
    assert not np.array_equal(loaded(source, samples=30, seed=3).x, loaded(source, samples=30, seed=4).x)
