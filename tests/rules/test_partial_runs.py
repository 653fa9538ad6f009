"""What is said of a run while it is under way: findings come and stay, and are not taken back at the next epoch."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.diagnose import diagnose
from advisor.findings import Severity
from advisor.readers import load
from advisor.rules.examples import falling, record, shaken

SAMPLES = Path(__file__).parents[2] / "sample_runs"
RECORDED = sorted(path.parent.name for path in SAMPLES.glob("*/run.csv"))
# To appear, to go once and to come back for good.
CHANGES = 3
# Rules that compare the last points with what came before: where a noisy curve stays near their bound, they change once more.
AT_THE_BOUND = {"plateau": 5, "underfitting": 4}


def until(run, epoch):
    """The run as it was after that many epochs."""
    return replace(run.until(epoch), about={**run.about, "status": "running"})


def warned(run):
    return {finding.rule for finding in diagnose(run).findings if finding.severity >= Severity.WARNING}


@pytest.mark.parametrize("name", RECORDED)
def test_findings_of_a_growing_run_do_not_flicker(name):
    run = load(SAMPLES / name)
    changes, before = Counter(), set()
    for epoch in range(1, run.epochs + 1):
        now = warned(until(run, epoch))
        changes.update(now ^ before)
        before = now
    assert {rule: times for rule, times in changes.items() if times > AT_THE_BOUND.get(rule, CHANGES)} == {}


@pytest.mark.parametrize("name", [name for name in RECORDED if name.startswith("healthy-")])
def test_a_healthy_run_is_left_alone_at_every_epoch(name):
    run = load(SAMPLES / name)
    assert [warned(until(run, epoch)) for epoch in range(1, run.epochs + 1)] == [set()] * run.epochs


def test_whether_a_budget_suffices_is_judged_when_it_is_spent():
    slow = {"train_loss": shaken(np.linspace(2.3, 1.8, 40), 0.005), "train_accuracy": falling(0.1, 0.4, 40)}
    assert "slow-learning" in warned(record(**slow))
    assert "slow-learning" not in warned(record(**slow, about={"status": "running"}))
