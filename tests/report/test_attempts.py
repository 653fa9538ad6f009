"""What is said of one attempt, to people: what for, why, what it cost, and what it is proven by."""

from pathlib import Path

import pytest

from advisor.edits import Edit, Safety
from advisor.findings import Evidence, Finding, Severity
from advisor.repair import Attempt, Verdict
from advisor.repair.metrics import R2
from advisor.repair.verdict import Comparison
from advisor.report import Stage, written
from advisor.report._repairs import attempt_rows

FINDING = Finding("huge-updates", "U102", Severity.WARNING, 0.9, "", "", 1.0, 0.5, Evidence((), "step", 0.0, 0.0))
EDITS = (Edit("optim.lr", 0.01),)


def said(verdict, **more):
    attempt = Attempt("lower-learning-rate", EDITS, Safety.SAFE, FINDING, verdict, **more)
    return [line.strip() for line in written(attempt_rows(attempt, Stage(100))).splitlines()]


def compared(gain):
    return Comparison(R2, (0.1,), (0.1 + gain,), gain=gain, noise=0.1, needed=0.3, held_to=(0.1,))


def test_what_was_dropped_says_what_it_was_for_why_and_what_it_cost():
    assert said(Verdict.DROPPED, reason="behind", trainings=0.4)[1:] == [
        "for       huge-updates", "change    optim.lr = 0.01", "why       behind", "cost      0.4 trainings' worth of epochs",
    ]  # fmt: skip


def test_what_was_not_tried_cost_nothing():
    assert not [line for line in said(Verdict.NOT_TRIED, reason="no room") if line.startswith("cost")]


@pytest.mark.parametrize(
    ("gain", "proof"),
    [
        (0.4, "proof     gain 0.4 on seed 0; noise 0.1, so more than 0.3 is needed"),
        (float("inf"), "proof     a result where there was no number at all, on seed 0"),
        (-float("inf"), "proof     no number at all, on seed 0"),
    ],
)
def test_a_gain_is_told_in_numbers_where_there_are_any(gain, proof):
    lines = said(Verdict.CURED, comparison=compared(gain), seeds=(0,), trainings=1.0, run=Path("runs/mine"), kept=True)
    assert proof in lines and lines[-1] == "cost      one training's worth of epochs"
