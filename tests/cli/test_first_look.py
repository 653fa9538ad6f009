"""What the probes mean, in words."""

import math

import pytest

from advisor.cli._first_look import looks

BATCH = {"samples": 16, "steps": 9, "first_loss": 2.3, "last_loss": 0.07, "removed": 0.97, "accuracy": 1.0}
PROBES = {"first_loss": 2.31, "guess_loss": math.log(10), "unreached": [], "zero_gradient": [], "one_batch": BATCH}


def test_a_sound_start_is_as_it_should_be():
    found = looks(PROBES)
    assert all(look.is_fine for look in found)
    assert [look.text for look in found] == [
        "2.31, a guess gives 2.303: as it should be",
        "every parameter receives one: as it should be",
        "16 samples, 9 steps: 97% of the loss removed, 100% right: a few samples can be learned by heart, as it should be",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first_loss": 245.9}, "model.init"),
        ({"first_loss": math.nan}, "NaN"),
        ({"unreached": ["spare.weight"]}, "no path from the loss to spare.weight"),
        ({"zero_gradient": ["a", "b", "c", "d"]}, "a, b, c and 1 more"),
        ({"one_batch": {**BATCH, "last_loss": 2.1, "removed": 0.09, "accuracy": 0.25}}, "9% of the loss removed, 25% right"),
    ],
)
def test_what_is_not_as_it_should_be_is_said(change, said):
    (doubt,) = [look for look in looks({**PROBES, **change}) if not look.is_fine]
    assert said in doubt.text


def test_numbers_are_scored_by_r2_and_a_large_network_is_not_tried():
    regression = {key: value for key, value in BATCH.items() if key != "accuracy"} | {"r2": 0.95}
    assert "R² 0.95" in looks({**PROBES, "one_batch": regression})[-1].text
    assert looks({**PROBES, "one_batch": None})[-1] == looks({**PROBES, "one_batch": None})[-1]
    assert "too large" in looks({**PROBES, "one_batch": None})[-1].text


def test_nothing_is_said_of_a_run_without_probes():
    assert looks({}) == []
