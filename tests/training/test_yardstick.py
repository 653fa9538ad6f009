"""What a method that is solved and not trained makes of the data."""

import numpy as np
import pytest

from advisor.config import parse
from advisor.training import yardstick


def config(**data):
    return parse({"data": data})


def accuracy(scores):
    return float(np.mean(scores.targets == scores.predictions))


def test_it_finds_a_curved_border_whatever_the_scale_of_the_inputs():
    whole = yardstick(config(source="moons", samples=300))
    assert accuracy(whole) > 0.9
    assert accuracy(yardstick(config(source="moons", samples=300, scale="none", multiply=1000.0))) == accuracy(whole)


def test_numbers_are_predicted_in_the_units_of_the_targets():
    scores = yardstick(config(source="regression", samples=200))
    assert scores.predictions.shape == scores.targets.shape
    assert np.mean((scores.targets - scores.predictions) ** 2) < 0.1


@pytest.mark.parametrize("data", [{"validation": 0.0}, {"limit": 10}])
def test_without_a_validation_part_or_with_few_samples_there_is_none(data):
    assert yardstick(config(source="moons", samples=100, **data)) is None
