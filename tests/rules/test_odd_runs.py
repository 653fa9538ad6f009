"""Whatever a log holds, rules neither raise nor warn, and what they say can be written as strict JSON."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.diagnose import diagnose
from advisor.outcome import strict
from advisor.rules.examples import layered, record

odd = st.one_of(
    st.floats(0, 5), st.sampled_from([0.0, -0.0, 1.0, np.nan, np.inf, -np.inf, 1e308, -1e308, 1e-308, 5e-324, 100.0]), st.floats(width=64)
)
columns = st.lists(odd, max_size=30)
ROLES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "lr", "grad_norm", "steps_train_loss", "steps_grad_norm")


@given(st.dictionaries(st.sampled_from(ROLES), columns, max_size=8))
def test_any_curves_can_be_judged(series):
    write(record(**series))


@given(
    st.lists(st.lists(odd, min_size=6, max_size=6), min_size=1, max_size=8), st.sampled_from(["grad_norm", "zero_share", "saturated_share"])
)
def test_any_layers_can_be_judged(rows, statistic):
    names = [f"layers.{i}" for i in range(6)]
    layers = layered(names, weight_norm=np.ones((len(rows), 6)), **{statistic: np.array(rows)})
    write(record(train_loss=[2.3] * 8, layers=layers))


def test_a_rate_that_was_never_a_number_can_be_judged():
    write(record(val_loss=[1.0 / (k + 1) for k in range(20)], lr=[np.nan] * 20))
    write(record(val_loss=[0.0], lr=[np.nan]))


def test_constant_curves_can_be_judged():
    for value in (0.0, 1.0, -3.0):
        write(record(train_loss=[value] * 20, val_loss=[value] * 20, train_accuracy=[value] * 20, grad_norm=[value] * 20, lr=[value] * 20))


def write(run):
    json.dumps(strict(diagnose(run).document()), allow_nan=False)
