"""Columns without a role can be looked at, though nothing is judged by them."""

import numpy as np

from advisor.readers import load


def test_a_column_without_a_role_is_kept_to_be_looked_at(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("epoch,loss,throughput,seconds\n" + "".join(f"{i},{1 / i},{100 + i},{i * 2}\n" for i in range(1, 9)), encoding="utf-8")
    run = load(log)
    assert set(run.others) == {"throughput", "time"}
    assert np.array_equal(run.others["throughput"].values, np.arange(101.0, 109.0))
    assert np.array_equal(run.others["time"].values, 2 * run.others["time"].epochs)
    assert run.others["time"] is run.others["time"]
    assert "throughput" in run.unused
