"""Who stays in a race, and what only a person can do."""

import numpy as np
import pytest

from advisor.edits import Edit, Safety
from advisor.findings import Evidence, Finding, Proposal, Severity
from advisor.repair import advice
from advisor.repair.race import Runner, staying

STEADY = np.full(9, 0.8)
RISING = np.linspace(0.1, 0.5, 9)  # 0.05 an epoch
LOST = np.array([0.1, 0.5, np.nan])


@pytest.mark.parametrize(
    ("other", "epochs", "kept"),
    [(RISING, 20, [0, 1]), (RISING, 12, [0]), (LOST, 20, [0]), (STEADY - 0.3, 20, [0])],
    ids=["gets there", "has too few epochs", "is lost", "stands still"],
)
def test_who_is_behind_stays_while_its_pace_brings_it_to_the_best(other, epochs, kept):
    assert staying([Runner(STEADY), Runner(other)], epochs) == kept


def test_whose_training_loss_falls_faster_stays_though_nothing_shows_yet():
    chance, falling = np.full(6, 0.5), np.linspace(2.0, 1.0, 6)
    assert staying([Runner(STEADY[:6], np.linspace(2.0, 1.9, 6)), Runner(chance, falling)], 6) == [0, 1]
    assert staying([Runner(STEADY[:6], falling), Runner(chance, np.linspace(2.0, 1.9, 6))], 6) == [0]


def finding(rule, *fixes):
    return Finding(rule, "X1", Severity.WARNING, 0.9, "m", "w", 1.0, 0.5, Evidence(("val_loss",), "epoch", 1, 2), fixes=fixes)


def test_advice_is_what_only_a_person_can_do_and_the_best_cure_where_no_edit_is_proposed():
    safe = Proposal("stop-early", "Stop early", Safety.SAFE, (Edit("train.early_stopping", 3),), "", "")
    manual = Proposal("get-more-data", "Collect more", Safety.MANUAL, (), "", "")
    assert [each.fix for each in advice([finding("overfitting", safe, manual), finding("overfitting", manual)])] == ["get-more-data"]
    assert [(each.fix, each.safety) for each in advice([finding("exploding-gradient")])] == [("clip-gradients", Safety.MANUAL)]
