"""When an accuracy tells how good a model is."""

import pytest

from advisor.errors import SignalUnavailable
from advisor.rules.examples import record
from advisor.signals.skill import guessed_among, skill


def run(accuracy, error):
    columns = {"train_accuracy": accuracy, "train_metric": error}
    return record(train_accuracy=[0.1, 0.2, 0.2], train_metric=[0.3, 0.2, 0.2], columns=columns)


@pytest.mark.parametrize(("accuracy", "error"), [("accuracy", "mae"), ("train_acc", "train_rmse"), ("price_accuracy", "price_mae")])
def test_an_accuracy_beside_a_mean_error_of_numbers_tells_nothing(accuracy, error):
    with pytest.raises(SignalUnavailable, match="mean error of numbers"):
        skill(run(accuracy, error), "train")


@pytest.mark.parametrize(("accuracy", "error"), [("cls_accuracy", "reg_mae"), ("accuracy", "f1"), ("accuracy", "mae_weight_decay")])
def test_an_accuracy_of_another_output_does(accuracy, error):
    assert skill(run(accuracy, error), "train").values[-1] == pytest.approx(0.2)


def test_where_the_loss_weighs_the_classes_guessing_is_right_for_one_in_k():
    weighed = {"train": {"class_weights": "balanced"}}
    one = record(train_accuracy=[0.8], facts={"class_shares": [0.9, 0.1]}, config=weighed)
    assert skill(one, "train").values[-1] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("losses", "accuracies", "classes"),
    [
        ([2.4, 2.31, 2.303], [0.09, 0.11, 0.1], 10),
        ([0.71, 0.694, 0.693], [50.0, 51.0, 49.5], 2),
        ([0.71, 0.694, 0.693], [0.5, 0.55, 0.56], 0),
        ([0.71, 0.60, 0.55, 0.60, 0.693], [0.5, 0.7, 0.75, 0.7, 0.5], 0),
        ([4.7, 4.6, 4.6], [0.02, 0.04, 0.05], 0),
        ([0.02, 0.01, 0.01], [0.99, 1.0, 1.0], 0),
        ([0.75, 0.75, 0.706], [0.5, 0.5, 0.5], 2),  # up to a fiftieth above ln 2 ...
        ([0.75, 0.75, 0.709], [0.5, 0.5, 0.5], 0),
        ([2.26, 2.26, 2.26, 2.3], [0.1, 0.1, 0.1, 0.1], 10),  # ... and below ln 10, at any time
        ([2.25, 2.25, 2.25, 2.3], [0.1, 0.1, 0.1, 0.1], 0),
        ([2.4, 2.31, 2.303], [0.1, 0.1, 0.124], 10),  # up to a quarter of 1 / 10 from it ...
        ([2.4, 2.31, 2.303], [0.1, 0.1, 0.126], 0),
        ([0.71, 0.694, 0.693], [0.5, 0.5, 0.519], 2),  # ... and a fiftieth of a half
        ([0.71, 0.694, 0.693], [0.5, 0.5, 0.521], 0),
    ],
)
def test_a_guess_among_classes_shows_in_loss_and_accuracy_alike(losses, accuracies, classes):
    assert guessed_among(record(train_loss=losses, train_accuracy=accuracies), "train", 0.04) == classes
    assert guessed_among(record(train_loss=losses), "train", 0.04) == 0
