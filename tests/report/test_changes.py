"""What is shown of a fix: before and after."""

from dataclasses import replace

import numpy as np

from advisor.report import Stage, draw_change, draw_example, verdict_rows, written
from advisor.rules.examples import falling, layered, record

NAMES = ("fc1", "fc2", "head")
BEFORE = record(train_loss=np.full(20, 2.3), val_loss=np.full(20, 2.31), layers=layered(NAMES, grad_norm=[1e-6, 1e-3, 1.0]))
AFTER = record(train_loss=falling(2.3, 0.1, 20), val_loss=falling(2.3, 0.3, 20), layers=layered(NAMES, grad_norm=[0.1, 0.2, 0.3]))
ATTEMPT = {
    "fix": "use-relu", "edits": [{"path": "model.activation", "value": "relu"}], "safety": "unsafe", "run": "runs/one-use-relu",
    "signal": {"rule": "vanishing-gradient", "before": 1e-6, "after": 0.3, "threshold": 1e-3},
    "metric": {"name": "balanced accuracy", "higher_is_better": True, "before": [0.1, 0.11], "after": [0.95, "nan"]},
    "verdict": "cured", "kept": True,
}  # fmt: skip


def test_before_and_after_look_as_they_did(golden):
    golden("change", written(draw_change(BEFORE, AFTER, Stage(72))))


def test_what_only_one_run_has_is_left_out():
    text = written(draw_change(replace(BEFORE, layers=None), AFTER, Stage(72), roles=("train_loss", "lr")))
    assert "grad_norm" not in text
    assert "lr" not in text.split("\n")[0]


def test_a_verdict_reads_as_it_did(golden):
    not_tried = {**ATTEMPT, "fix": "add-dropout", "verdict": "not tried", "metric": None, "signal": None, "run": None, "kept": False}
    golden("verdict", written([*verdict_rows(ATTEMPT, Stage()), *verdict_rows(not_tried, Stage())]))


def test_an_example_shows_its_curve_its_place_and_its_message(sick, healthy):
    text = written(draw_example("it fell behind", sick, Stage()))
    assert text.startswith("it fell behind\n")
    assert "✗ vanishing-gradient  what vanishing-gradient saw" in text
    assert "✓ stays silent" in written(draw_example("near miss", healthy, Stage()))
