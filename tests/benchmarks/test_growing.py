"""What the table of growing logs counts: prefixes of the same log, and rules that come back."""

import numpy as np
from growing import flickers, logs, until

from advisor.rules.examples import record

A, NOTHING = frozenset({"plateau"}), frozenset()


def test_a_prefix_holds_the_epochs_until_then_and_is_under_way():
    run = until(record(train_loss=np.arange(20.0), val_loss=np.arange(20.0)), 0.5)
    assert [len(run.series[role]) for role in ("train_loss", "val_loss")] == [10, 10]
    assert run.about["status"] == "running"


def test_a_rule_that_comes_and_stays_does_not_flicker():
    assert flickers([NOTHING, A, A]) == {}


def test_a_rule_that_comes_back_twice_is_counted_twice():
    assert flickers([A, NOTHING, A, NOTHING, A]) == {"plateau": 2}


def test_logs_are_healthy_by_their_label(tmp_path):
    (tmp_path / "a.csv").write_text("epoch,loss\n1,2\n2,1\n")
    (tmp_path / "MANIFEST.csv").write_text("file,labels\na.csv,plateau;healthy?\n")
    assert [(name, is_healthy) for name, is_healthy, _ in logs(tmp_path)] == [("a.csv", False)]
