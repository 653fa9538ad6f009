"""How far ahead of a result another method has to be, before anything follows from it."""

import pytest

from advisor.repair.metrics import ACCURACY, R2
from advisor.repair.yardstick import Lead


def lead(metric, reached, result, error=0.005):
    return Lead(metric, reached, result, error)


@pytest.mark.parametrize(
    ("metric", "reached", "result", "is_far"),
    [
        (ACCURACY, 0.97, 0.88, True),  # three quarters of what is wrong
        (ACCURACY, 0.93, 0.88, False),  # less than half of it
        (ACCURACY, 0.99, 0.95, False),  # most of it, and little
        (ACCURACY, 0.66, 0.55, True),  # more than seeds usually differ
        (ACCURACY, 0.60, 0.55, False),
        (R2, 0.98, 0.95, True),
        (R2, 0.965, 0.95, False),
    ],
)
def test_a_run_without_a_finding_is_far_behind_where_half_of_its_errors_could_be_avoided(metric, reached, result, is_far):
    assert lead(metric, reached, result).is_far == is_far


def test_half_of_the_errors_within_three_standard_errors_may_be_chance():
    assert not lead(ACCURACY, 0.97, 0.88, error=0.031).is_far


@pytest.mark.parametrize(("reached", "is_clear"), [(0.962, True), (0.9515, False)])
def test_a_twentieth_of_the_errors_of_numbers_is_a_clear_lead_beyond_chance(reached, is_clear):
    assert lead(R2, reached, 0.95, error=0.0005).is_clear == is_clear
    assert not lead(R2, reached, 0.95, error=0.01).is_clear


def test_a_clear_lead_is_never_even():
    for result in (0.5, 0.9, 0.99):
        for ahead in (0.0, 0.001, 0.004, 0.02, 0.3):
            for metric in (ACCURACY, R2):
                found = lead(metric, result + ahead, result, error=0.0)
                assert not (found.is_clear and found.is_even)
