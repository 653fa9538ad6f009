"""When an accuracy tells how good a model is."""

import pytest

from advisor.errors import SignalUnavailable
from advisor.rules.examples import record
from advisor.signals.skill import skill


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
