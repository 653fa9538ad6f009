"""Reports made by hand, so that no rule's wording or threshold moves a golden."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.edits import Edit, Safety
from advisor.findings import Evidence, Finding, Proposal, Severity
from advisor.outcome import Report, Skipped, Status, Unreadable
from advisor.rules.examples import falling, layered, record

NAMES = tuple(f"layers.{i}" for i in range(5))
USE_RELU = Proposal(
    "use-relu", "Use ReLU in the hidden layers", Safety.UNSAFE, (Edit("model.activation", "relu"), Edit("model.init", "kaiming")),
    "nn.ReLU()  # in place of nn.Sigmoid()", "Dense(units, activation='relu')",
)  # fmt: skip
LOWER = Proposal("lower-learning-rate", "Take smaller steps", Safety.SAFE, (Edit("optim.lr", 1e-4, "range-test"),), "lr=1e-4", "lr=1e-4")
DATA = Proposal("get-more-data", "Get more data", Safety.MANUAL, (), "# collect", "# collect")


def finding(rule, code, severity, **told):
    evidence = told.pop("evidence", Evidence(("val_loss", "train_loss"), "epoch", 12.0, 30.0, file="runs/one/run.csv", lines=(13, 31)))
    known = {
        "confidence": 0.9,
        "message": f"what {rule} saw, with 3 numbers",
        "why": f"why {rule} matters",
        "measured": 1.0,
        "threshold": 0.5,
    }
    return Finding(rule, code, severity, evidence=evidence, **{**known, **told})


@pytest.fixture
def sick():
    """A run folder with a cause, its effect and a third finding."""
    epochs = np.arange(30)
    layers = layered(NAMES, grad_norm=[1e-7, 1e-6, 1e-4, 1e-2, 1.0])
    run = record(
        train_loss=falling(2.3, 0.02, 30), val_loss=falling(2.3, 0.4, 30) + np.maximum(0, epochs - 11) * 0.04, layers=layers,
        config={"optim": {"lr": 0.1}},
    )  # fmt: skip
    run = replace(run, name="one", path=Path("runs/one"), format="run", unused=("seconds",), notes=("two sessions in one file",))
    by_layer = Evidence((), "epoch", 1.0, 1.0, NAMES, "runs/one/layers.csv", (2, 6))
    findings = (
        finding("vanishing-gradient", "G101", Severity.ERROR, evidence=by_layer, fixes=(USE_RELU, LOWER, DATA)),
        finding("underfitting", "F102", Severity.WARNING, because="vanishing-gradient", fixes=(DATA,)),
        finding("overfitting", "F101", Severity.INFO, fixes=(LOWER,)),
    )
    skipped = (Skipped("dead-units", "no zero_share was recorded"), Skipped("huge-updates", "no update_ratio was recorded"))
    return Report(run, Status.FINDINGS, findings, skipped, ("overfitting", "underfitting", "vanishing-gradient", "diverging-loss"))


@pytest.fixture
def healthy():
    run = record(train_accuracy=1 - falling(0.9, 0.05, 12), val_accuracy=1 - falling(0.9, 0.1, 12))
    return Report(run, Status.HEALTHY, (), (Skipped("overfitting", "no val_loss in this log"),), ("diverging-loss", "non-finite-loss"))


@pytest.fixture
def undecided():
    return Report(record(train_loss=[1.0]), Status.UNDECIDED, (), (Skipped("overfitting", "fewer than 4 epochs"),), ())


@pytest.fixture
def unreadable():
    return Unreadable(Path("broken.csv"), "broken.csv: an empty file; give a log")
