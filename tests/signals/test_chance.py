"""The statistics of a Verdict, against other people's and against slow obvious versions."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from advisor.repair import Scores
from advisor.repair.metrics import ACCURACY, LOSS, R2, deciding
from advisor.signals.chance import late_jitter, late_noise, late_spread, paired_error, seed_spread


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_balanced_accuracy_is_scikit_learns(rng):
    targets, predictions = rng.choice(4, 200, p=[0.6, 0.2, 0.15, 0.05]), rng.integers(0, 4, 200)
    assert ACCURACY.value(Scores(targets, predictions)) == pytest.approx(metrics.balanced_accuracy_score(targets, predictions))


@pytest.mark.parametrize("shape", [(50,), (50, 3)])
def test_r2_is_scikit_learns(rng, shape):
    targets = rng.normal(size=shape)
    predictions = targets + rng.normal(0, 0.5, shape)
    assert R2.value(Scores(targets, predictions)) == pytest.approx(metrics.r2_score(targets, predictions))


def test_the_jitter_about_a_trend_is_the_spread_of_what_was_added_to_it(rng):
    drawn = np.linspace(0.0, 10.0, 5) + rng.normal(0, 0.1, (4000, 5))
    assert np.sqrt(np.mean([late_jitter(values) ** 2 for values in drawn])) == pytest.approx(0.1, rel=0.05)


def test_the_paired_error_is_the_standard_error_of_the_mean(rng):
    differences = rng.normal(size=80)
    assert paired_error(differences) == pytest.approx(stats.sem(differences))


def test_the_paired_error_is_how_far_other_samples_would_carry_the_gain(rng):
    """Against drawing the validation part again, many times."""
    before, after = rng.random(300) < 0.7, rng.random(300) < 0.75
    differences = after.astype(float) - before
    again = [rng.choice(differences, 300).mean() for _ in range(4000)]
    assert paired_error(differences) == pytest.approx(np.std(again), rel=0.05)


def test_late_spread_sees_the_jitter_and_neither_the_trend_nor_the_start(rng):
    trend = np.concatenate([np.geomspace(3, 1, 100), np.linspace(1, 0.9, 300)])
    assert late_spread(trend + rng.normal(0, 0.05, 400)) == pytest.approx(0.05, rel=0.25)
    assert late_spread(trend) < 0.001


def test_late_spread_passes_over_what_is_no_number():
    assert late_spread(np.array([np.nan, np.inf])) == 0.0
    assert late_spread(np.array([0.5, np.nan, 0.5, np.inf])) == 0.0


def test_the_noise_of_the_end_is_what_was_added_to_a_level_or_a_steady_climb(rng):
    level, climb = np.full(40, 0.8), np.linspace(0.0, 4.0, 40)
    for way in (level, climb):
        drawn = way + rng.normal(0, 0.05, (2000, 40))
        assert np.sqrt(np.mean([late_noise(values) ** 2 for values in drawn])) == pytest.approx(0.05, rel=0.15)


def test_one_seed_has_no_spread():
    assert seed_spread(np.array([0.3])) == 0.0


def test_numbers_are_judged_by_r2_classes_by_accuracy_and_overfitting_by_the_loss():
    classes = Scores(np.array([0, 1]), np.array([0, 1]), np.array([0.1, 0.2]))
    numbers = Scores(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([0.1, 0.2]))
    assert deciding("underfitting", classes, same_loss=True) is ACCURACY
    assert deciding("underfitting", numbers, same_loss=True) is R2
    assert deciding("overfitting", classes, same_loss=True) is LOSS
    assert deciding("overfitting", classes, same_loss=False) is ACCURACY
